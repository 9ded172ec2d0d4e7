// The ways a picture is commonly passed on: cropped, tilted, bordered, on a blurred copy of itself. Pixel for
// pixel what the server makes of it with Pillow, so that PDQ hashes of either agree.
import { blank, cut, lay, type Pixels } from "./pixels";
import { resample } from "./resample";
import { nearest } from "./rounding";

export type Frame = (pixels: Pixels) => Pixels;

const BLACK = 0;
const WHITE = 255;
const BORDERS = [0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.23] as const;
const SHAPES = ["1x1", "4x5", "5x4", "9x16", "16x9", "3x4", "4x3", "2x3", "3x2"] as const;
const BLURRED = ["9x16", "5x4", "16x9", "1x1"] as const;
const TRIMS = [2, 4, 6, 9, 12] as const;
const TILTS = [5, -5, 15, -15, 10, -10] as const;

/** Every framing by the server's name for it. */
export function frames(): Map<string, Frame> {
  const made = new Map<string, Frame>();
  const two = (percent: number): string => String(percent).padStart(2, "0");
  for (const shape of SHAPES) made.set(`crop-${shape}`, (pixels) => shaped(pixels, ratio(shape)));
  for (const percent of TRIMS) made.set(`trim-${two(percent)}`, (pixels) => trimmed(pixels, percent / 100));
  for (const degrees of TILTS) {
    const name = `tilt${degrees > 0 ? "+" : ""}${degrees}`;
    made.set(`${name}-inside`, (pixels) => tiltedInside(pixels, degrees));
    made.set(`${name}-black`, (pixels) => tilted(pixels, degrees, BLACK, true));
    made.set(`${name}-white`, (pixels) => tilted(pixels, degrees, WHITE, true));
  }
  for (const share of BORDERS) {
    for (const [word, level] of [["black", BLACK], ["white", WHITE]] as const) {
      const percent = two(Math.round(share * 100));
      made.set(`${word}-sides-${percent}`, (pixels) => bordered(pixels, share, 0, level));
      made.set(`${word}-ends-${percent}`, (pixels) => bordered(pixels, 0, share, level));
      made.set(`${word}-all-${percent}`, (pixels) => bordered(pixels, share, share, level));
    }
  }
  for (const shape of BLURRED) made.set(`blurred-${shape}`, (pixels) => onBlur(pixels, ratio(shape)));
  return made;
}

function ratio(shape: string): number {
  const [across, down] = shape.split("x").map(Number);
  return across! / down!;
}

function middle(pixels: Pixels, wide: number, high: number): Pixels {
  const left = (pixels.width - wide) / 2;
  const top = (pixels.height - high) / 2;
  const [x, y] = [Math.floor(left), Math.floor(top)];
  return cut(pixels, x, y, Math.ceil(left + wide) - x, Math.ceil(top + high) - y);
}

function shaped(pixels: Pixels, shape: number): Pixels {
  return middle(pixels, Math.min(pixels.width, pixels.height * shape), Math.min(pixels.height, pixels.width / shape));
}

function trimmed(pixels: Pixels, share: number): Pixels {
  return middle(pixels, pixels.width * (1 - share), pixels.height * (1 - share));
}

/** Without corners: the largest upright rectangle of the picture's shape within the tilted one. */
function tiltedInside(pixels: Pixels, degrees: number): Pixels {
  const { width, height } = pixels;
  const sine = Math.sin(Math.abs((degrees * Math.PI) / 180));
  const cosine = Math.cos((degrees * Math.PI) / 180);
  const factor = Math.min(width / (width * cosine + height * sine), height / (width * sine + height * cosine));
  return middle(tilted(pixels, degrees, BLACK, false), width * factor, height * factor);
}

/** Turned counter-clockwise about the middle; `grown` makes room for the corners. Sampled between pixels. */
function tilted(pixels: Pixels, degrees: number, level: number, grown: boolean): Pixels {
  const angle = (-degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const { width, height } = pixels;
  const [x, y] = [width / 2, height / 2];
  const [wide, high] = grown ? room(width, height, cosine, sine) : [width, height];
  const page = blank(wide, high, pixels.channels, level);
  const startX = x - cosine * (wide / 2) - sine * (high / 2);
  const startY = y + sine * (wide / 2) - cosine * (high / 2);
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      const fromX = cosine * (column + 0.5) + sine * (row + 0.5) + startX;
      const fromY = -sine * (column + 0.5) + cosine * (row + 0.5) + startY;
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue;
      sample(pixels, fromX - 0.5, fromY - 0.5, page, row * wide + column);
    }
  }
  return page;
}

function room(width: number, height: number, cosine: number, sine: number): [number, number] {
  const corners = [[0, 0], [width, 0], [width, height], [0, height]] as const;
  const place = ([x, y]: readonly [number, number]): [number, number] => [
    cosine * (x - width / 2) + sine * (y - height / 2) + width / 2,
    -sine * (x - width / 2) + cosine * (y - height / 2) + height / 2,
  ];
  const [xs, ys] = [corners.map((corner) => place(corner)[0]), corners.map((corner) => place(corner)[1])];
  const span = (values: number[]): number => Math.ceil(Math.max(...values)) - Math.floor(Math.min(...values));
  return [span(xs), span(ys)];
}

function sample(pixels: Pixels, x: number, y: number, page: Pixels, to: number): void {
  const { width, height, channels, data } = pixels;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - left, y - top];
  const [x0, x1] = [Math.max(0, left), Math.min(width - 1, left + 1)];
  const [y0, y1] = [Math.max(0, top), Math.min(height - 1, top + 1)];
  for (let channel = 0; channel < channels; channel++) {
    const at = (column: number, row: number): number => data[(row * width + column) * channels + channel]!;
    const above = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * right;
    const below = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * right;
    page.data[to * channels + channel] = above + (below - above) * down;
  }
}

function bordered(pixels: Pixels, x: number, y: number, level: number): Pixels {
  const [across, down] = [nearest(x * pixels.width), nearest(y * pixels.height)];
  const page = blank(pixels.width + 2 * across, pixels.height + 2 * down, pixels.channels, level);
  lay(page, pixels, across, down);
  return page;
}

/** On a blurred, enlarged copy of itself with this ratio of width to height. */
function onBlur(pixels: Pixels, shape: number): Pixels {
  const wide = Math.max(pixels.width, nearest(pixels.height * shape));
  const high = Math.max(pixels.height, nearest(pixels.width / shape));
  const grown = Math.max(wide / pixels.width, high / pixels.height);
  const page = resample(pixels, nearest(pixels.width * grown), nearest(pixels.height * grown));
  const ground = smoothed(middle(page, wide, high), Math.max(wide, high) / 25);
  lay(ground, pixels, (ground.width - pixels.width) >> 1, (ground.height - pixels.height) >> 1);
  return ground;
}

const ROUNDS = 3;

/** Pillow's GaussianBlur: three box blurs whose width may end in a fraction of a pixel. */
function smoothed(pixels: Pixels, sigma: number): Pixels {
  const wide = Math.sqrt((12 * sigma * sigma) / ROUNDS + 1);
  const whole = Math.floor((wide - 1) / 2);
  const part =
    ((2 * whole + 1) * (whole * (whole + 1) - (3 * sigma * sigma) / ROUNDS)) /
    (6 * (sigma * sigma / ROUNDS - (whole + 1) * (whole + 1)));
  const made = { ...pixels, data: pixels.data.slice() };
  const line = made.width * made.channels;
  for (let round = 0; round < ROUNDS; round++) {
    for (let y = 0; y < made.height; y++) {
      for (let c = 0; c < made.channels; c++) boxed(made.data, y * line + c, made.width, made.channels, whole + part);
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (let x = 0; x < line; x++) boxed(made.data, x, made.height, line, whole + part);
  }
  return made;
}

/** One line's mean over `reach` pixels each way; beyond the ends lies the end's own level. */
function boxed(data: Uint8Array, start: number, length: number, step: number, reach: number): void {
  const whole = Math.trunc(reach);
  const weight = Math.trunc((1 << 24) / (reach * 2 + 1));
  const rest = ((1 << 24) - (whole * 2 + 1) * weight) / 2;
  const line = new Uint8Array(length);
  for (let at = 0; at < length; at++) line[at] = data[start + at * step]!;
  const level = (at: number): number => line[at < 0 ? 0 : at >= length ? length - 1 : at]!;
  let total = 0;
  for (let at = -whole; at <= whole; at++) total += level(at);
  for (let at = 0; at < length; at++) {
    const edge = level(at - whole - 1) + level(at + whole + 1);
    data[start + at * step] = Math.floor((total * weight + edge * Math.trunc(rest) + (1 << 23)) / (1 << 24));
    total += level(at + whole + 1) - level(at - whole);
  }
}
