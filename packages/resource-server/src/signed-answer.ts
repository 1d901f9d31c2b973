import type { CheckedSettings } from './checked-settings.ts';
import { type CompactToken, parseCompactToken } from './compact.ts';
import { ApiError } from './errors.ts';
import type { KeySource } from './keys.ts';
import { RemoteFault } from './remote-json.ts';
import { verifySignature } from './signature.ts';

/** What an introspection endpoint sends that signs its answers. */
export const SIGNED_ANSWER_TYPE = 'application/token-introspection+jwt';

/**
 * Checks signed introspection answers: the signature stays true where TLS ends before it reaches us.
 * @param clientId whom the answer must be for
 * @returns the introspection answer in it
 * @throws RemoteFault for every fault: none of them is the fault of the token
 * @see RFC 9701 §5
 */
export async function verifySignedAnswer(
  text: string,
  clientId: string,
  keys: KeySource,
  settings: CheckedSettings,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const answer = parseCompactToken(text);
    checkHeader(answer, settings);
    verifySignature(answer, await keys.find(answer));
    return readAnswer(answer.payload, clientId, settings);
  } catch (error) {
    if (error instanceof ApiError)
      throw new RemoteFault(`The introspection answer is not right: ${error.reason}`);
    throw error;
  }
}

function checkHeader({ header: { alg, typ, crit } }: CompactToken, { algorithms }: CheckedSettings): void {
  if (crit !== undefined || !algorithms.some((algorithm) => algorithm === alg))
    throw fault('its algorithm is not accepted, or it has extensions');
  if (
    typeof typ !== 'string' ||
    `application/${typ.toLowerCase().replace(/^application\//, '')}` !== SIGNED_ANSWER_TYPE
  )
    throw fault('its type is another');
}

function readAnswer(payload: CompactToken['payload'], clientId: string, settings: CheckedSettings) {
  const { iss, aud, iat, token_introspection: answer } = payload;
  const { issuer, audience, clock, clockToleranceSeconds, timeLimitSeconds } = settings;
  if (iss !== issuer) throw fault('its issuer is another');
  if (![aud].flat().some((name) => name === clientId || audience.includes(String(name))))
    throw fault('it is for another API');
  if (typeof iat !== 'number' || Math.abs(clock() - iat) > clockToleranceSeconds + timeLimitSeconds)
    throw fault('it was not issued just now');
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw fault('there is no token_introspection in it');
  return answer as Readonly<Record<string, unknown>>;
}

const fault = (why: string) => new RemoteFault(`The introspection answer is not right: ${why}.`);
