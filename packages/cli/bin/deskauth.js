#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`deskauth needs Node.js 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
const { run } = await import('../dist/run.js');
process.exitCode = await run(process.argv.slice(2));
// A request that nobody waits for any more must not hold the terminal; unref: a quick end is quicker.
setTimeout(() => process.exit(), 300).unref();
