// Simulated copies: what a picture may look like after it was passed on, and where its regions then lie.
import { saved } from "./jpeg-loss";
import { blank, type Pixels } from "./pixels";
import type { Region } from "./regions";
import { byte, nearest } from "./rounding";
import { blur } from "./scales";

/** One kind of copy; see the server's `Recipe`. */
export interface Recipe {
  readonly window?: readonly [number, number, number, number];
  readonly xScale?: number;
  readonly yScale?: number;
  readonly degrees?: number;
  readonly gamma?: number;
  readonly contrast?: number;
  readonly blur?: number;
  readonly noise?: number;
  readonly jpeg: number;
}

/** The copy's pixels, and the map [a b c d e f] from (x, y) in the picture to (ax+by+c, dx+ey+f) in it. */
export interface Copy {
  readonly pixels: Pixels;
  readonly place: Place;
}
type Place = readonly [number, number, number, number, number, number];

export const ENROLMENT: readonly Recipe[] = [
  { xScale: 0.5, yScale: 0.5, jpeg: 20 },
  { degrees: 12, gamma: 1.6, jpeg: 80 },
  { noise: 18, contrast: 0.75, jpeg: 80 },
  { xScale: 0.82, jpeg: 30 },
  { xScale: 0.36, yScale: 0.36, jpeg: 60 },
  { window: [0.0, 0.0, 0.56, 0.56], blur: 0.8, jpeg: 60 },
  { window: [0.44, 0.0, 1.0, 0.56], blur: 0.8, jpeg: 60 },
  { window: [0.0, 0.44, 0.56, 1.0], blur: 0.8, jpeg: 60 },
  { window: [0.44, 0.44, 1.0, 1.0], blur: 0.8, jpeg: 60 },
];

const WINDOW_SIDE = 560;
const NEAR = 0.35;
const SCALE_NEAR = 0.35;
const ANGLE_NEAR = 0.4;
const MIDDLE = 128;

export function simulate(picture: Pixels, recipe: Recipe): Copy {
  const place = placeOf(picture, recipe);
  let pixels = warped(softened(picture, recipe), place, sizeOf(picture, recipe));
  pixels = { ...pixels, data: toned(pixels.data, recipe) };
  if (recipe.blur) pixels = smoothed(pixels, recipe.blur);
  if (recipe.noise) pixels = { ...pixels, data: grained(pixels.data, recipe.noise) };
  return { pixels: saved(pixels, recipe.jpeg), place };
}

/** For each region of the picture, those of the copy at the same spot, size and direction. */
export function foundAgain(regions: readonly Region[], others: readonly Region[], place: Place): number[][] {
  const [a, b, c, d, e, f] = place;
  const growth = Math.sqrt(Math.abs(a * e - b * d));
  return regions.map((region) => {
    const x = a * region.x + b * region.y + c;
    const y = d * region.x + e * region.y + f;
    const size = region.size * growth;
    const across = Math.cos(region.angle);
    const along = Math.sin(region.angle);
    const angle = Math.atan2(d * across + e * along, a * across + b * along);
    const found: number[] = [];
    others.forEach((other, index) => {
      if (Math.abs(other.x - x) > NEAR * size || Math.hypot(other.x - x, other.y - y) > NEAR * size) return;
      if (Math.abs(Math.log(other.size / size)) > SCALE_NEAR) return;
      if (turn(other.angle - angle) <= ANGLE_NEAR) found.push(index);
    });
    return found;
  });
}

/** Whether the copy shows the middle of the region. */
export function inside(region: Region, { pixels, place }: Copy): boolean {
  const x = place[0] * region.x + place[1] * region.y + place[2];
  const y = place[3] * region.x + place[4] * region.y + place[5];
  return x >= 0 && y >= 0 && x < pixels.width && y < pixels.height;
}

function turn(difference: number): number {
  const full = 2 * Math.PI;
  return Math.abs(((((difference + Math.PI) % full) + full) % full) - Math.PI);
}

function placeOf({ width, height }: Pixels, recipe: Recipe): Place {
  if (recipe.window) {
    const [left, top, right, bottom] = recipe.window;
    const factor = WINDOW_SIDE / Math.max((right - left) * width, (bottom - top) * height);
    return [factor, 0, -left * width * factor, 0, factor, -top * height * factor];
  }
  const angle = ((recipe.degrees ?? 0) * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [x, y, xs, ys] = [width / 2, height / 2, recipe.xScale ?? 1, recipe.yScale ?? 1];
  return [
    xs * cosine,
    xs * sine,
    xs * ((1 - cosine) * x - sine * y),
    -ys * sine,
    ys * cosine,
    ys * (sine * x + (1 - cosine) * y),
  ];
}

function sizeOf({ width, height }: Pixels, recipe: Recipe): [number, number] {
  if (recipe.window) {
    const [left, top, right, bottom] = recipe.window;
    const [across, down] = [(right - left) * width, (bottom - top) * height];
    const factor = WINDOW_SIDE / Math.max(across, down);
    return [Math.max(1, nearest(across * factor)), Math.max(1, nearest(down * factor))];
  }
  return [
    Math.max(1, nearest(width * (recipe.xScale ?? 1))),
    Math.max(1, nearest(height * (recipe.yScale ?? 1))),
  ];
}

/** Blurs before shrinking, so that sampling between pixels does not alias. */
function softened(picture: Pixels, recipe: Recipe): Pixels {
  const smallest = Math.min(recipe.xScale ?? 1, recipe.yScale ?? 1);
  return smallest >= 1 ? picture : smoothed(picture, 0.5 * Math.sqrt(1 / smallest ** 2 - 1));
}

function smoothed(picture: Pixels, sigma: number): Pixels {
  const { data } = blur({ ...picture, data: Float32Array.from(picture.data) }, sigma);
  return { ...picture, data: Uint8Array.from(data, byte) };
}

/** Each pixel of the copy, from between the four it comes from; black outside. */
function warped(picture: Pixels, place: Place, [width, height]: [number, number]): Pixels {
  const [a, b, c, d, e, f] = place;
  const whole = a * e - b * d;
  const made = blank(width, height, 1);
  const at = (x: number, y: number): number =>
    x >= 0 && y >= 0 && x < picture.width && y < picture.height ? picture.data[y * picture.width + x]! : 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = (e * (column - c) - b * (row - f)) / whole;
      const y = (a * (row - f) - d * (column - c)) / whole;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, down] = [x - left, y - top];
      const above = at(left, top) * (1 - right) + at(left + 1, top) * right;
      const below = at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right;
      made.data[row * width + column] = byte(above * (1 - down) + below * down);
    }
  }
  return made;
}

function toned(data: Uint8Array, { gamma = 1, contrast = 1 }: Recipe): Uint8Array {
  if (gamma === 1 && contrast === 1) return data;
  const levels = Uint8Array.from({ length: 256 }, (_, level) =>
    byte((255 * (level / 255) ** gamma - MIDDLE) * contrast + MIDDLE),
  );
  return data.map((level) => levels[level]!);
}

/** Normal noise from a fixed seed (mulberry32 and Box-Muller): the same picture gives the same copy. */
function grained(data: Uint8Array, deviation: number): Uint8Array {
  let state = 1;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return data.map((level) => {
    const grain = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return byte(level + grain * deviation);
  });
}
