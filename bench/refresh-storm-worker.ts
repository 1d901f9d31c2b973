import { openSession, type Place } from './bench-session.ts';

/** One of the processes of the storm: at each word it makes its calls, and says what came of them. */
let aheadSeconds = 0;
const place = JSON.parse(process.argv[2] ?? '') as Place & { readonly calls: number };
const session = openSession(place, () => aheadSeconds);
await session.restore();
process.send?.({ status: session.state.status });

process.on('message', (ahead: number) => {
  aheadSeconds = ahead;
  void round();
});

async function round(): Promise<void> {
  const answers = await Promise.all(Array.from({ length: place.calls }, () => call()));
  const failures = answers.filter((answer) => answer !== '200');
  process.send?.({ failures: [...new Set(failures)], failed: failures.length, status: session.state.status });
}

async function call(): Promise<string> {
  try {
    const response = await session.fetch(`${place.issuer}/api`);
    await response.body?.cancel();
    return String(response.status);
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
