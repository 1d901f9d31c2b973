import { assemble, keysOf } from '../../packages/resource-server/test/issuer.ts';
import type { Answer } from './api-process.ts';
import type { ApiFault } from './fault.ts';
import { callUntil, KEYS_MAX_AGE_SECONDS, type Scene, sleep } from './scene.ts';

/** Tokens that look right, but for the key id and the signature. */
function unknownKids(count: number, { issuer }: Scene): string[] {
  const payload = JSON.stringify({ iss: issuer.issuer, sub: 'nobody', exp: 9e9 });
  const signature = 'A'.repeat(342);
  const header = (i: number) => ({ alg: 'RS256', typ: 'at+jwt', kid: `unknown-${i}` });
  return Array.from({ length: count }, (_, i) => assemble(header(i), payload, signature));
}

/** An API that has served a caller, and then gets 300 tokens with as many unknown key ids. */
async function flooded(scene: Scene): Promise<Answer[]> {
  await scene.call(await scene.token());
  await scene.mark();
  return scene.callAll(unknownKids(300, scene));
}

/** Publishes a new key beside the old ones, and signs with it from now on. */
async function addKey({ issuer }: Scene, name: string): Promise<void> {
  const kids = ['key-1', 'key-2', 'key-3'];
  const older = kids.slice(0, kids.indexOf(name)).reverse();
  await issuer.rotate(...(await Promise.all([name, ...older].map((kid) => keysOf(kid)))));
}

/** Keys are flooded, rotated, withdrawn. Few calls, and no valid caller is refused. */
export const keyFaults: readonly ApiFault[] = [
  {
    ...{ id: 'API-09', name: '300 unknown key ids at once' },
    ...{ jwt: { answers: [401], calls: 2 }, run: flooded },
  },
  {
    ...{ id: 'API-09', name: 'after them, a valid caller' },
    jwt: { answers: [200] },
    async run(scene) {
      await flooded(scene);
      await scene.mark();
      return [await scene.call(await scene.token())];
    },
  },
  {
    ...{ id: 'API-32', name: 'after them, a token of a new key, tried again and again' },
    jwt: { answers: [200] },
    async run(scene) {
      await flooded(scene);
      await addKey(scene, 'key-2');
      await scene.mark();
      return callUntil(200, scene, scene.token);
    },
  },
  {
    ...{ id: 'API-09', name: '30 unknown key ids, then the keys age: a valid caller' },
    ...{ jwt: { answers: [200] }, keysAge: true },
    async run(scene) {
      await scene.call(await scene.token());
      await scene.callAll(unknownKids(30, scene));
      await sleep(KEYS_MAX_AGE_SECONDS * 1.2);
      await scene.mark();
      return [await scene.call(await scene.token())];
    },
  },
  {
    ...{ id: 'API-32', name: 'a removed key, in steady use, after three ages of the key set' },
    ...{ jwt: { answers: [401] }, keysAge: true },
    async run(scene) {
      const token = await scene.token();
      await scene.call(token);
      await scene.issuer.rotate(await keysOf('key-9'));
      await scene.mark();
      const end = performance.now() + 3000 * KEYS_MAX_AGE_SECONDS;
      while (performance.now() < end) {
        await scene.call(token);
        await sleep(0.2);
      }
      return [await scene.call(token), await scene.call(token)];
    },
  },
  {
    ...{ id: 'API-32', name: 'two rotations without warning, under load' },
    jwt: { answers: [200], calls: 4 },
    async run(scene) {
      const seen: Answer[] = [];
      const load = async (seconds: number) => {
        const end = performance.now() + seconds * 1000;
        while (performance.now() < end) {
          seen.push(...(await scene.callAll(await scene.tokens(5))));
          await sleep(0.1);
        }
      };
      for (const kid of ['key-1', 'key-2', 'key-3']) {
        await addKey(scene, kid);
        await load(2.5);
      }
      return seen;
    },
  },
];
