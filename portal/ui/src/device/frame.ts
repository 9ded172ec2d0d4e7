// The small grey picture that regions are looked for in.
import { blank, grey, type Pixels } from "./pixels";
import { byte, nearest } from "./rounding";

const MAX_UPSCALE = 16;
const FULL_RANGE = 160;
/** The sharpness of the cubic curve, as OpenCV has it. */
const CUBIC = -0.75;

/** Brightness, the longer side `side` pixels (tiny pictures grow at most 16 times), dark ones stretched. */
export function framed(picture: Pixels, side: number): Pixels {
  return levelled(resized(grey(picture), side));
}

function resized(picture: Pixels, side: number): Pixels {
  const factor = Math.min(side / Math.max(picture.width, picture.height), MAX_UPSCALE);
  const width = Math.max(1, nearest(picture.width * factor));
  const height = Math.max(1, nearest(picture.height * factor));
  return factor < 1 ? areaReduced(picture, width, height) : weighed(picture, width, height, cubics);
}

/** A grey picture at a smaller size: each new pixel is the mean of what it covers. */
export function areaReduced(picture: Pixels, width: number, height: number): Pixels {
  return weighed(picture, width, height, areas);
}

type Weigh = (from: number, to: number) => Reach[];

function weighed(picture: Pixels, width: number, height: number, weigh: Weigh): Pixels {
  if (width === picture.width && height === picture.height) return picture;
  const sides = alongRows(picture, weigh(picture.width, width));
  const made = blank(width, height, 1);
  const line = new Float32Array(width);
  weigh(picture.height, height).forEach(({ first, weights }, y) => {
    line.fill(0);
    weights.forEach((weight, k) => {
      for (let x = 0; x < width; x++) line[x]! += weight * sides[(first + k) * width + x]!;
    });
    for (let x = 0; x < width; x++) made.data[y * width + x] = byte(line[x]!);
  });
  return made;
}

function alongRows(picture: Pixels, columns: readonly Reach[]): Float32Array {
  const sides = new Float32Array(columns.length * picture.height);
  for (let y = 0; y < picture.height; y++) {
    const row = y * picture.width;
    for (let x = 0; x < columns.length; x++) {
      const { first, weights } = columns[x]!;
      let total = 0;
      for (let k = 0; k < weights.length; k++) total += weights[k]! * picture.data[row + first + k]!;
      sides[y * columns.length + x] = total;
    }
  }
  return sides;
}

interface Reach {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Each new pixel is the mean of what it covers. */
function areas(from: number, to: number): Reach[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, at) => {
    const start = at * scale;
    const end = Math.min(from, start + scale);
    const first = Math.floor(start);
    const count = Math.ceil(end - 1e-9) - first;
    const weights = Array.from({ length: count }, (_unused, k) => {
      return (Math.min(end, first + k + 1) - Math.max(start, first + k)) / (end - start);
    });
    return { first, weights };
  });
}

/** A cubic curve through the four nearest; beyond the edge is the edge's own level. */
function cubics(from: number, to: number): Reach[] {
  return Array.from({ length: to }, (_, at) => {
    const place = ((at + 0.5) * from) / to - 0.5;
    const middle = Math.floor(place);
    const low = Math.max(0, middle - 1);
    const high = Math.min(from - 1, middle + 2);
    const weights = new Array<number>(high - low + 1).fill(0);
    for (let k = middle - 1; k <= middle + 2; k++) {
      const index = Math.min(high, Math.max(low, k)) - low;
      weights[index] = weights[index]! + cubic(Math.abs(place - k));
    }
    return { first: low, weights };
  });
}

function cubic(far: number): number {
  if (far <= 1) return ((CUBIC + 2) * far - (CUBIC + 3)) * far * far + 1;
  return far < 2 ? ((CUBIC * far - 5 * CUBIC) * far + 8 * CUBIC) * far - 4 * CUBIC : 0;
}

/** A dark or faint picture stretched to the full range. */
function levelled(picture: Pixels): Pixels {
  const sorted = picture.data.slice().sort();
  const low = quantile(sorted, 0.01);
  const high = quantile(sorted, 0.99);
  if (high - low >= FULL_RANGE || high <= low) return picture;
  const levels = Uint8Array.from({ length: 256 }, (_, level) => byte(((level - low) * FULL_RANGE) / (high - low)));
  return { ...picture, data: picture.data.map((level) => levels[level]!) };
}

function quantile(sorted: Uint8Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const first = sorted[below]!;
  return first + ((sorted[below + 1] ?? first) - first) * (place - below);
}
