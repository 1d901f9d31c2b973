/** `npm run bench -- NAME [options]`: each name is a file of this folder that exports `run` and ends with an exit code. */
const [name = '', ...words] = process.argv.slice(2);
const names = ['refresh-storm', 'crash-matrix', 'hostile', 'spa-size', 'api', 'api-faults'];

if (names.includes(name)) {
  const { run } = (await import(`./${name}.ts`)) as { run: (words: readonly string[]) => Promise<number> };
  process.exitCode = await run(words);
} else {
  process.stderr.write(`npm run bench -- NAME, with NAME one of: ${names.join(', ')}\n`);
  process.exitCode = 2;
}
