const SMALLEST_BITS = 2048n;

/**
 * True for a public RSA key that only its owner can sign with: long enough, a sound exponent, and not of the kind that
 * can be taken apart (ROCA).
 */
export function isStrongRsa({ n, e }: Readonly<Record<string, unknown>>): boolean {
  const modulus = numberFrom(n);
  const exponent = numberFrom(e);
  // With the exponent 1 every text is its own signature, and an even one belongs to no RSA key.
  if (exponent <= 1n || exponent % 2n === 0n) return false;
  return modulus >> (SMALLEST_BITS - 1n) > 0n && !isRoca(modulus);
}

/** The generator of the flawed library. */
const GENERATOR = 65537;
const SMALL_PRIMES = primesUpTo(167);

/** For each small prime, what a power of the generator can leave: a few of many for some of them. */
const POSSIBLE = SMALL_PRIMES.map((prime) => powersOf(GENERATOR % prime, prime));

/**
 * Keys made by some smart cards and security chips before 2018 have factors of a form that can be found
 * (CVE-2017-15361). All of them, and one in 240 million others, are a power of the generator modulo every small prime.
 * @see Nemec et al., The Return of Coppersmith's Attack (2017), section 3.1
 */
function isRoca(modulus: bigint): boolean {
  return SMALL_PRIMES.every((prime, index) => POSSIBLE[index]?.has(Number(modulus % BigInt(prime))));
}

function powersOf(generator: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * generator) % prime) powers.add(power);
  return powers;
}

function primesUpTo(most: number): number[] {
  const primes: number[] = [];
  for (let number = 2; number <= most; number += 1)
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  return primes;
}

/** A number as a JWK has it (RFC 7518 §2); 0 where it is none. */
function numberFrom(value: unknown): bigint {
  if (typeof value !== 'string' || !/^[\w-]+$/.test(value) || value.length % 4 === 1) return 0n;
  const binary = atob(value.replaceAll('-', '+').replaceAll('_', '/'));
  const hex = [...binary].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0'));
  return BigInt(`0x${hex.join('')}`);
}
