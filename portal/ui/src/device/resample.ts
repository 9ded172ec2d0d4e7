// Resizing as Pillow does it, bit for bit: a triangle as wide as what one new pixel covers, whole-number weights.
import { blank, type Pixels } from "./pixels";

const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

interface Weights {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly most: number;
  readonly values: Int32Array;
}

/** The picture at another size (Pillow's Resampling.BILINEAR). */
export function resample(pixels: Pixels, width: number, height: number): Pixels {
  return down(across(pixels, width), height);
}

function across(pixels: Pixels, width: number): Pixels {
  if (width === pixels.width) return pixels;
  const { channels, height } = pixels;
  const weights = triangle(pixels.width, width);
  const made = blank(width, height, channels);
  for (let y = 0; y < height; y++) {
    const row = y * pixels.width * channels;
    for (let x = 0; x < width; x++) {
      const start = row + weights.first[x]! * channels;
      for (let channel = 0; channel < channels; channel++) {
        const value = sum(pixels.data, start + channel, channels, weights, x);
        made.data[(y * width + x) * channels + channel] = value;
      }
    }
  }
  return made;
}

function down(pixels: Pixels, height: number): Pixels {
  if (height === pixels.height) return pixels;
  const weights = triangle(pixels.height, height);
  const made = blank(pixels.width, height, pixels.channels);
  const line = pixels.width * pixels.channels;
  const total = new Int32Array(line);
  for (let y = 0; y < height; y++) {
    total.fill(HALF);
    for (let k = 0; k < weights.count[y]!; k++) {
      const weight = weights.values[y * weights.most + k]!;
      const start = (weights.first[y]! + k) * line;
      for (let x = 0; x < line; x++) total[x] = total[x]! + pixels.data[start + x]! * weight;
    }
    for (let x = 0; x < line; x++) made.data[y * line + x] = clipped(total[x]! >> PRECISION);
  }
  return made;
}

function sum(data: Uint8Array, start: number, step: number, weights: Weights, at: number): number {
  let total = HALF;
  const from = at * weights.most;
  for (let k = 0; k < weights.count[at]!; k++) total += data[start + k * step]! * weights.values[from + k]!;
  return clipped(total >> PRECISION);
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function triangle(from: number, to: number): Weights {
  const scale = from / to;
  const reach = Math.max(1, scale);
  const most = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const values = new Int32Array(to * most);
  for (let at = 0; at < to; at++) {
    const middle = (at + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(middle - reach + 0.5));
    const end = Math.min(from, Math.trunc(middle + reach + 0.5));
    const raw = Array.from({ length: end - begin }, (_, k) =>
      Math.max(0, 1 - Math.abs((begin + k - middle + 0.5) / reach)),
    );
    const total = raw.reduce((one, other) => one + other, 0);
    first[at] = begin;
    count[at] = end - begin;
    raw.forEach((weight, k) => (values[at * most + k] = Math.trunc((weight / total) * (1 << PRECISION) + 0.5)));
  }
  return { first, count, most, values };
}
