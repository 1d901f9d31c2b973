/** The endpoints that can be made to fail. */
export const FAULT_ENDPOINTS = [
  ...(['discovery', 'jwks', 'authorize', 'par', 'token', 'userinfo'] as const),
  ...(['introspect', 'revoke', 'device-code', 'sign-out'] as const),
];

export type FaultEndpoint = (typeof FAULT_ENDPOINTS)[number];

interface FaultBase {
  /** Where it happens. */
  readonly at: FaultEndpoint;
  /** How many requests it meets before it is gone. @default all, until it is removed */
  readonly times?: number;
  /** Waits so long before anything else. @default 0 */
  readonly delaySeconds?: number;
}

/** Something that goes wrong at one endpoint. */
export type Fault = FaultBase &
  (
    | { /** All is well, only late. */ readonly kind: 'delay' }
    | { /** Takes the request and never answers. */ readonly kind: 'no-answer' }
    | { /** Closes the connection and has done nothing. */ readonly kind: 'cut' }
    | {
        /** Does what was asked, and closes the connection instead of answering. */ readonly kind: 'lose-answer';
      }
    | { /** Sends half of the true answer, and closes the connection. */ readonly kind: 'truncate' }
    | { /** A page in the place of the answer, with 200: a sign-in page of a hotel. */ readonly kind: 'page' }
    | {
        /** Answers with this status and does nothing. */
        readonly kind: 'status';
        readonly status: number;
        /** Sent as `Retry-After`. */
        readonly retryAfterSeconds?: number;
      }
    | {
        /** An error of OAuth (RFC 6749 §5.2). */
        readonly kind: 'error';
        readonly error: string;
        readonly errorDescription?: string;
        /** @default 400 */
        readonly status?: number;
      }
    | {
        /** The true answer with other members. */
        readonly kind: 'edit';
        readonly set?: Readonly<Record<string, unknown>>;
        readonly remove?: readonly string[];
      }
  );

/** A fault that waits for its requests. */
export interface PendingFault {
  readonly id: string;
  readonly fault: Fault;
  /** How many requests it will still meet. */
  readonly left: number;
}

/** The faults of one authority. */
export interface Faults {
  /**
   * The next requests to its endpoint meet it; the oldest fault of an endpoint comes first.
   * @returns its id
   * @throws TypeError that names the member and what is expected
   */
  add(fault: Fault): string;
  list(): PendingFault[];
  /** Removes one, or all. @returns how many were removed */
  remove(id?: string): number;
}

/** What the authority itself asks. */
export interface FaultList extends Faults {
  /** The fault that a request to this endpoint meets: each call counts as one request. */
  take(endpoint: FaultEndpoint | undefined): Fault | undefined;
}

/** Creates an empty list. */
export function createFaultList(): FaultList {
  const pending = new Map<string, { fault: Fault; left: number }>();
  let count = 0;
  return {
    add(fault) {
      requireFault(fault);
      requireJson(fault);
      count += 1;
      const id = `fault-${count}`;
      pending.set(id, { fault: structuredClone(fault), left: fault.times ?? Number.POSITIVE_INFINITY });
      return id;
    },
    list: () => [...pending].map(([id, { fault, left }]) => ({ id, fault, left })),
    remove(id) {
      if (id !== undefined) return Number(pending.delete(id));
      const { size } = pending;
      pending.clear();
      return size;
    },
    take(endpoint) {
      const [id, found] = [...pending].find(([, { fault }]) => fault.at === endpoint) ?? [];
      if (!id || !found) return undefined;
      found.left -= 1;
      if (found.left <= 0) pending.delete(id);
      return found.fault;
    },
  };
}

/** What may stand in a fault of each kind, beside `at`, `times` and `delaySeconds`. */
const MEMBERS: Readonly<Record<Fault['kind'], readonly string[]>> = {
  delay: [],
  'no-answer': [],
  cut: [],
  'lose-answer': [],
  truncate: [],
  page: [],
  status: ['status', 'retryAfterSeconds'],
  error: ['error', 'errorDescription', 'status'],
  edit: ['set', 'remove'],
};

/** It may have come from outside, as JSON. */
function requireFault(given: unknown): asserts given is Fault {
  const fault = Object(given) as Record<string, unknown>;
  const { at, kind, times, delaySeconds, status, error, errorDescription, retryAfterSeconds, set, remove } =
    fault;
  requireMember('at', at, FAULT_ENDPOINTS);
  requireMember('kind', kind, Object.keys(MEMBERS));
  const allowed = ['at', 'kind', 'times', 'delaySeconds', ...MEMBERS[kind as Fault['kind']]];
  for (const name of Object.keys(fault))
    if (!allowed.includes(name)) throw new TypeError(`${name} does not belong to a fault of kind '${kind}'.`);
  requireWhole('times', times, 1, 1_000_000);
  requireNumber('delaySeconds', delaySeconds, 0, 3600);
  requireNumber('retryAfterSeconds', retryAfterSeconds, 0, 86_400);
  if (kind === 'status' && status === undefined)
    throw new TypeError('status is missing: a number from 200 to 599.');
  requireWhole('status', status, 200, 599);
  if (errorDescription !== undefined && typeof errorDescription !== 'string')
    throw new TypeError('errorDescription is not a text.');
  if (kind === 'error' && (typeof error !== 'string' || error === ''))
    throw new TypeError("error is missing: a code such as 'invalid_grant'.");
  if (set !== undefined && (typeof set !== 'object' || set === null || Array.isArray(set)))
    throw new TypeError('set is not an object of members.');
  if (remove !== undefined && !(Array.isArray(remove) && remove.every((name) => typeof name === 'string')))
    throw new TypeError('remove is not a list of names.');
}

/** What is set must be able to go out, and to be listed. */
function requireJson(fault: Fault): void {
  try {
    JSON.stringify(fault);
  } catch (error) {
    throw new TypeError(`The fault cannot be written as JSON: ${(error as Error).message}`);
  }
}

function requireMember(name: string, value: unknown, known: readonly string[]): void {
  if (typeof value === 'string' && known.includes(value)) return;
  throw new TypeError(`${name} is ${JSON.stringify(value)}; expected one of ${known.join(', ')}.`);
}

function requireWhole(name: string, value: unknown, least: number, most: number): void {
  requireNumber(name, value, least, most);
  if (value !== undefined && !Number.isInteger(value))
    throw new TypeError(`${name} is ${value}; expected a whole number.`);
}

function requireNumber(name: string, value: unknown, least: number, most: number): void {
  if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return;
  throw new TypeError(`${name} is ${String(value)}; expected a number from ${least} to ${most}.`);
}
