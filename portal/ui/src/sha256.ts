// SHA-256 (FIPS 180-4) of one short text. The browser's own is asynchronous, which for a quarter of a million
// short texts takes far longer than this, and isn't there at all without https.
const PRIMES = firstPrimes(64);
const K = Uint32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const LONGEST = 55; // what one block holds beside its end mark and its length

const words = new Uint32Array(64);

/** The eight words of the hash of `text`, which is at most 55 characters of ASCII. */
export function sha256(text: string): Uint32Array {
  fill(text);
  let [a, b, c, d, e, f, g, h] = START as unknown as [number, number, number, number, number, number, number, number];
  for (let round = 0; round < 64; round += 1) {
    const up = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + up + ((e & f) ^ (~e & g)) + at(K, round) + at(words, round)) | 0;
    const low = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  return Uint32Array.from([a, b, c, d, e, f, g, h], (word, index) => word + at(START, index));
}

/** How many bits at the start of a hash are zero. */
export function leadingZeros(hash: Uint32Array): number {
  const index = hash.findIndex((word) => word !== 0);
  return index < 0 ? 256 : index * 32 + Math.clz32(at(hash, index));
}

function fill(text: string): void {
  if (text.length > LONGEST) throw new RangeError("longer than one block");
  words.fill(0);
  const put = (index: number, byte: number): void => {
    words[index >> 2] = at(words, index >> 2) | (byte << (24 - (index % 4) * 8));
  };
  for (let index = 0; index < text.length; index += 1) put(index, text.charCodeAt(index));
  put(text.length, 0x80);
  words[15] = text.length * 8;
  for (let index = 16; index < 64; index += 1) {
    const near = at(words, index - 15);
    const far = at(words, index - 2);
    const small = rotate(near, 7) ^ rotate(near, 18) ^ (near >>> 3);
    const large = rotate(far, 17) ^ rotate(far, 19) ^ (far >>> 10);
    words[index] = at(words, index - 16) + small + at(words, index - 7) + large;
  }
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function at(list: Uint32Array, index: number): number {
  return list[index] as number;
}

function fraction(root: number): number {
  return (root % 1) * 2 ** 32;
}

function firstPrimes(many: number): number[] {
  const found: number[] = [];
  for (let number = 2; found.length < many; number += 1) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}
