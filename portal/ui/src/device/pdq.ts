// PDQ, from the published algorithm: brightness, two box blurs each way, 64 by 64 samples, the lowest 16 by 16
// frequencies, one bit for each above their median. Pictures over 512 pixels are reduced first, as the server
// reduces them, so that both give the same hash.
import { ORIENTATIONS, type Orientation, turned } from "./orientations";
import { blank, lay, cut, type Pixels } from "./pixels";
import { resample } from "./resample";

/** 256 bits as 64 hex digits, 128 of them set; quality 0 to 100. */
export interface PdqHash {
  readonly variant: string;
  readonly value: string;
  readonly quality: number;
}

const SIDE = 512;
const DOUBLE = 2 * SIDE;
const GRID = 64;
const LOW = 16;
const BITS = LOW * LOW;
const LUMA = [0.299, 0.587, 0.114] as const;

const COSINES = Float32Array.from({ length: LOW * GRID }, (_, at) => {
  const row = Math.floor(at / GRID) + 1;
  const column = at % GRID;
  return Math.sqrt(2 / GRID) * Math.cos((Math.PI / 2 / GRID) * row * (2 * column + 1));
});

/** The hashes of an upright picture in its eight orientations. */
export function orientations(pixels: Pixels): PdqHash[] {
  const small = atMostDouble(pixels);
  return ORIENTATIONS.map((name: Orientation) => hashed(name, turned(small, name)));
}

export function pdq(pixels: Pixels, variant: string): PdqHash {
  return hashed(variant, atMostDouble(pixels));
}

function atMostDouble(pixels: Pixels): Pixels {
  return Math.max(pixels.width, pixels.height) <= SIDE ? pixels : resample(pixels, DOUBLE, DOUBLE);
}

function hashed(variant: string, pixels: Pixels): PdqHash {
  const whole = pixels.width === DOUBLE && pixels.height === DOUBLE ? halved(pixels) : pixels;
  const grid = samples(blurred(whole), whole.width, whole.height);
  return { variant, value: bits(frequencies(grid)), quality: quality(grid) };
}

/** 1024 to 512 a side: means of 2 by 2 cells on a grid that begins one pixel outside, edges repeated. */
function halved(pixels: Pixels): Pixels {
  const moved = blank(DOUBLE, DOUBLE, 3);
  lay(moved, pixels, 1, 1);
  lay(moved, cut(pixels, 0, 0, DOUBLE, 1), 1, 0);
  lay(moved, cut(moved, 1, 0, 1, DOUBLE), 0, 0);
  const made = blank(SIDE, SIDE, 3);
  const line = DOUBLE * 3;
  for (let y = 0, to = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      for (let channel = 0; channel < 3; channel++, to++) {
        const at = 2 * y * line + 6 * x + channel;
        const four = moved.data[at]! + moved.data[at + 3]! + moved.data[at + line]! + moved.data[at + line + 3]!;
        made.data[to] = (four + 2) >> 2;
      }
    }
  }
  return made;
}

function blurred(pixels: Pixels): Float32Array {
  const { width, height } = pixels;
  let now = new Float32Array(width * height);
  for (let at = 0, from = 0; at < now.length; at++, from += 3) {
    now[at] =
      LUMA[0] * pixels.data[from]! + LUMA[1] * pixels.data[from + 1]! + LUMA[2] * pixels.data[from + 2]!;
  }
  let next = new Float32Array(now.length);
  for (let round = 0; round < 2; round++) {
    for (let y = 0; y < height; y++) box(now, next, y * width, width, 1, windowOf(width));
    for (let x = 0; x < width; x++) box(next, now, x, height, width, windowOf(height));
  }
  return now;
}

function windowOf(length: number): number {
  return Math.floor((length + 2 * GRID - 1) / (2 * GRID));
}

/** A running mean over `window` values of one line; at its ends over as many as there are. */
function box(from: Float32Array, to: Float32Array, start: number, length: number, step: number, window: number): void {
  const ahead = Math.floor((window + 2) / 2);
  const lag = window - ahead;
  let total = 0;
  let count = 0;
  for (let at = 0; at < length + ahead - 1; at++) {
    if (at < length) {
      total += from[start + at * step]!;
      count++;
    }
    const middle = at - ahead + 1;
    if (middle < 0) continue;
    const gone = middle - lag - 1;
    if (gone >= 0) {
      total -= from[start + gone * step]!;
      count--;
    }
    to[start + middle * step] = total / count;
  }
}

function samples(levels: Float32Array, width: number, height: number): Float32Array {
  const grid = new Float32Array(GRID * GRID);
  for (let row = 0; row < GRID; row++) {
    const y = Math.floor(((row + 0.5) * height) / GRID);
    for (let column = 0; column < GRID; column++) {
      grid[row * GRID + column] = levels[y * width + Math.floor(((column + 0.5) * width) / GRID)]!;
    }
  }
  return grid;
}

/** How much there is to see: the steps between neighbours, in whole percents of full brightness. */
function quality(grid: Float32Array): number {
  let steps = 0;
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const at = row * GRID + column;
      if (row + 1 < GRID) steps += Math.abs(Math.trunc(((grid[at]! - grid[at + GRID]!) * 100) / 255));
      if (column + 1 < GRID) steps += Math.abs(Math.trunc(((grid[at]! - grid[at + 1]!) * 100) / 255));
    }
  }
  return Math.min(100, Math.floor(steps / 90));
}

function frequencies(grid: Float32Array): Float32Array {
  const half = new Float32Array(LOW * GRID);
  for (let row = 0; row < LOW; row++) {
    for (let column = 0; column < GRID; column++) {
      let total = 0;
      for (let k = 0; k < GRID; k++) total += COSINES[row * GRID + k]! * grid[k * GRID + column]!;
      half[row * GRID + column] = total;
    }
  }
  const found = new Float32Array(BITS);
  for (let row = 0; row < LOW; row++) {
    for (let column = 0; column < LOW; column++) {
      let total = 0;
      for (let k = 0; k < GRID; k++) total += half[row * GRID + k]! * COSINES[column * GRID + k]!;
      found[row * LOW + column] = total;
    }
  }
  return found;
}

/** The highest frequencies' bits come first, as the reference implementation prints them. */
function bits(values: Float32Array): string {
  const median = values.slice().sort()[BITS / 2 - 1]!;
  let hex = "";
  for (let at = BITS - 4; at >= 0; at -= 4) {
    let digit = 0;
    for (let k = 3; k >= 0; k--) digit = 2 * digit + (values[at + k]! > median ? 1 : 0);
    hex += digit.toString(16);
  }
  return hex;
}
