import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import { createNodeSession, keyringStore } from '@deskauth/node';
import { startSampleApi } from '@deskauth/sample-api';
import { createRedaction } from '../packages/cli/src/trace/redaction.ts';
import { createPrinter } from './walkthrough/printer.ts';
import { buildStory, type Stage } from './walkthrough/story.ts';

const CLIENT_ID = 'deskauth-desktop';
const SCOPE = 'openid profile email offline_access companies:read transactions:read';

const lines: string[] = [];
const print = (line: string) => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};

/** Starts the real parts, with a recorder between them. */
async function setStage(directory: string): Promise<Stage & { stop(): Promise<void> }> {
  const authority = await startDevAuthority({ port: 0 });
  const origins = new Map([[new URL(authority.issuer).origin, 'https://authority']]);
  const recorder = createPrinter(createRedaction({ origins, isStrict: false }), print);
  const { issuer, apiAudience: audience } = authority;
  const api = await startSampleApi(
    { port: 0, issuer, audience, allowHttp: true, logLevel: 'silent' },
    { fetch: recorder.fetchAs('api') },
  );
  origins.set(new URL(api.url).origin, 'https://api');
  const owner = { appName: 'Walkthrough', issuer, clientId: CLIENT_ID };
  // A browser that nobody sees: the story itself opens the address.
  const browser = { open: async () => {} };
  return {
    apiUrl: api.url,
    recorder,
    browser: createHttpBrowser({ fetch: recorder.fetchAs('browser') }),
    startApp: () =>
      createNodeSession({
        ...owner,
        scope: SCOPE,
        allowHttp: true,
        apiAddresses: [api.url],
        directory,
        store: keyringStore({ ...owner, directory, weakerStorage: 'allow' }),
        browser,
        fetch: recorder.fetchAs('app'),
      }),
    async stop() {
      await api.stop();
      await authority.stop();
    },
  };
}

const directory = await mkdtemp(join(tmpdir(), 'deskauth-walkthrough-'));
const stage = await setStage(directory);
const story = buildStory(stage);
let passed = 0;
for (const [index, step] of story.entries()) {
  print(`\n## ${index + 1}. ${step.title}\n`);
  try {
    print(`\n✔ ${await step.run()}`);
    passed += 1;
  } catch (error) {
    print(`\n✘ ${(error as Error).message}`);
    break;
  }
}
await stage.stop();
await rm(directory, { recursive: true, force: true });

const [flag, file] = process.argv.slice(2);
if (flag === '--markdown' && file) await writeFile(file, toMarkdown(lines));
print(`\n${stage.recorder.messageCount} HTTP messages`);
print(`${passed}/${story.length} steps ok`);
process.exitCode = passed === story.length ? 0 : 1;

/** The same lines as a page: messages in blocks, findings as text. */
function toMarkdown(all: readonly string[]): string {
  const steps = all
    .join('\n')
    .split(/^(?=## )/m)
    .slice(1);
  const body = steps.map((step) => {
    const [title = '', ...rest] = step.split('\n');
    const finding = rest.find((line) => line.startsWith('✔')) ?? '';
    const messages = rest.slice(0, rest.indexOf(finding)).join('\n').trim();
    return [title, ...(messages ? [`\`\`\`text\n${messages}\n\`\`\``] : []), finding].join('\n\n');
  });
  const head = `# One user story, message by message

Produced by \`npm run walkthrough -- --markdown docs/walkthrough.md\`. Secrets are replaced by names; the same name is the
same secret. A request and its response are two messages.`;
  return `${[head, ...body].join('\n\n')}\n`;
}
