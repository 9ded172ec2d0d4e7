// Spots that stand out among their neighbours in place and scale (Lowe 2004, sections 3.1, 4 and 4.1).
import { LAYERS, type Octave, type Plane, SIGMA } from "./scales";

/** A spot in its octave's pixels; `size` is a diameter in the octave's pixels, `contrast` 0 to 1. */
export interface Spot {
  readonly octave: number;
  readonly layer: number;
  readonly column: number;
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly contrast: number;
}

const CONTRAST = 0.01;
const EDGE = 12;
const BORDER = 5;
const TRIES = 5;
const FULL = 255;
const FLOOR = (0.5 * CONTRAST * FULL) / LAYERS;

export function spots(octaves: readonly Octave[]): Spot[] {
  const found: Spot[] = [];
  octaves.forEach((octave, number) => {
    for (let layer = 1; layer <= LAYERS; layer++) search(octave, number, layer, found);
  });
  return found;
}

function search(octave: Octave, number: number, layer: number, found: Spot[]): void {
  const planes = [octave.differences[layer - 1]!, octave.differences[layer]!, octave.differences[layer + 1]!];
  const { width, height, data } = planes[1]!;
  for (let row = BORDER; row < height - BORDER; row++) {
    for (let column = BORDER; column < width - BORDER; column++) {
      const at = row * width + column;
      if (Math.abs(data[at]!) <= FLOOR || !standsOut(planes, at, width)) continue;
      const spot = settled(octave, number, layer, column, row);
      if (spot) found.push(spot);
    }
  }
}

/** Whether the value is the highest (or, below zero, the lowest) of its 27. */
function standsOut(planes: readonly Plane[], at: number, width: number): boolean {
  const value = planes[1]!.data[at]!;
  const sign = value > 0 ? 1 : -1;
  const top = sign * value;
  for (const index of [1, 2, 0]) {
    const { data } = planes[index]!;
    for (let near = at - width; near <= at + width; near += width) {
      if (sign * data[near - 1]! > top || sign * data[near]! > top || sign * data[near + 1]! > top) return false;
    }
  }
  return true;
}

interface Shape {
  /** First and second derivatives across, down and over scale, of brightness 0 to 1. */
  readonly slope: readonly [number, number, number];
  readonly bend: readonly [number, number, number, number, number, number];
  readonly value: number;
}

function shapeAt(octave: Octave, layer: number, column: number, row: number): Shape {
  const { width, data: here } = octave.differences[layer]!;
  const below = octave.differences[layer - 1]!.data;
  const above = octave.differences[layer + 1]!.data;
  const at = row * width + column;
  const first = (one: number, other: number): number => (one - other) / (2 * FULL);
  const cross = (data: Float32Array, step: number): number => data[at + step]! - data[at - step]!;
  const second = (one: number, other: number): number => (one + other - 2 * here[at]!) / FULL;
  const diagonal = here[at + width + 1]! - here[at + width - 1]! - here[at - width + 1]! + here[at - width - 1]!;
  return {
    slope: [first(here[at + 1]!, here[at - 1]!), first(here[at + width]!, here[at - width]!), first(above[at]!, below[at]!)],
    bend: [
      second(here[at + 1]!, here[at - 1]!),
      second(here[at + width]!, here[at - width]!),
      second(above[at]!, below[at]!),
      diagonal / (4 * FULL),
      (cross(above, 1) - cross(below, 1)) / (4 * FULL),
      (cross(above, width) - cross(below, width)) / (4 * FULL),
    ],
    value: here[at]! / FULL,
  };
}

/** Where the parabola through the neighbours peaks, moving on while that is in another pixel or layer. */
function settled(octave: Octave, number: number, layer: number, column: number, row: number): Spot | null {
  const { width, height } = octave.differences[layer]!;
  for (let tried = 0; tried < TRIES; tried++) {
    const shape = shapeAt(octave, layer, column, row);
    const away = peak(shape);
    if (!away.every(Number.isFinite)) return null;
    const [x, y, scale] = away;
    if (Math.abs(x) < 0.5 && Math.abs(y) < 0.5 && Math.abs(scale) < 0.5) {
      return judged(shape, away, { octave: number, layer, column, row });
    }
    column += Math.round(x);
    row += Math.round(y);
    layer += Math.round(scale);
    if (layer < 1 || layer > LAYERS) return null;
    if (column < BORDER || column >= width - BORDER || row < BORDER || row >= height - BORDER) return null;
  }
  return null;
}

type Away = readonly [number, number, number];

function judged(shape: Shape, away: Away, at: Pick<Spot, "octave" | "layer" | "column" | "row">): Spot | null {
  const [x, y, scale] = away;
  const contrast = Math.abs(shape.value + (shape.slope[0] * x + shape.slope[1] * y + shape.slope[2] * scale) / 2);
  if (contrast * LAYERS < CONTRAST) return null;
  const [xx, yy, , xy] = shape.bend;
  const area = xx * yy - xy * xy;
  // An edge bends one way only: its place along itself means nothing.
  if (area <= 0 || (xx + yy) ** 2 * EDGE >= (EDGE + 1) ** 2 * area) return null;
  const size = SIGMA * 2 ** ((at.layer + scale) / LAYERS) * 2;
  return { ...at, x: at.column + x, y: at.row + y, size, contrast };
}

/** Minus the slope through the bend: three linear equations, by Cramer's rule. */
function peak({ slope, bend }: Shape): Away {
  const [xx, yy, ss, xy, xs, ys] = bend;
  const [x, y, s] = slope;
  const whole = xx * (yy * ss - ys * ys) - xy * (xy * ss - ys * xs) + xs * (xy * ys - yy * xs);
  return [
    -(x * (yy * ss - ys * ys) - xy * (y * ss - ys * s) + xs * (y * ys - yy * s)) / whole,
    -(xx * (y * ss - ys * s) - x * (xy * ss - ys * xs) + xs * (xy * s - y * xs)) / whole,
    -(xx * (yy * s - ys * y) - xy * (xy * s - xs * y) + x * (xy * ys - yy * xs)) / whole,
  ];
}
