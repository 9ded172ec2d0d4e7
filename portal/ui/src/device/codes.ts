// Codes: 256 bits that say what a region looks like, near for copies and far for anything else.
import type { Table } from "./table";

export const WORDS = 8;
const BITS = 256;
const DIMENSIONS = 128;

const COUNTS = Uint8Array.from({ length: 1 << 16 }, (_, value) => {
  let bits = 0;
  for (let left = value; left; left &= left - 1) bits++;
  return bits;
});

/** Bit i is 1 where the descriptor's i-th product is above its threshold; lowest bit first, 32 a word. */
export function encode(root: Float32Array, table: Table): Uint32Array {
  const products = new Float32Array(BITS);
  for (let row = 0; row < DIMENSIONS; row++) {
    const share = root[row]!;
    if (share === 0) continue;
    const from = row * BITS;
    for (let bit = 0; bit < BITS; bit++) products[bit]! += share * table.projection[from + bit]!;
  }
  const code = new Uint32Array(WORDS);
  for (let bit = 0; bit < BITS; bit++) {
    if (products[bit]! > table.threshold[bit]!) code[bit >> 5]! |= 1 << (bit & 31);
  }
  return code;
}

/** In how many bits the code differs from the one that begins at `start`. */
export function distance(code: Uint32Array, others: Uint32Array, start = 0): number {
  let bits = 0;
  for (let word = 0; word < WORDS; word++) {
    const apart = code[word]! ^ others[start + word]!;
    bits += COUNTS[apart & 0xffff]! + COUNTS[apart >>> 16]!;
  }
  return bits;
}

/** How many codes of a long row are within each of two distances, the wider one first. */
export function within(code: Uint32Array, others: Uint32Array, wide: number, narrow: number): [number, number] {
  let far = 0;
  let near = 0;
  for (let start = 0; start < others.length; start += WORDS) {
    let bits = 0;
    for (let word = 0; word < WORDS && bits <= wide; word++) {
      const apart = code[word]! ^ others[start + word]!;
      bits += COUNTS[apart & 0xffff]! + COUNTS[apart >>> 16]!;
    }
    if (bits <= wide) far++;
    if (bits <= narrow) near++;
  }
  return [far, near];
}
