// Finds the picture within a screenshot, a border or a letterbox, as the server's `trimming.py` does.
import { areaReduced } from "./frame";
import { grey, type Pixels } from "./pixels";

/** Pixels of the whole picture: left and top inside, right and bottom outside. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const SIDE = 512;
const GROUND_SHARE = 0.1;
const TOLERANCE = 2;
const DIFFERENT = 6;
const BUSY = 0.45;
const SMALLEST_SHARE = 0.04;
const LEAST_TRIM = 0.01;

/** The part that is the picture, or null where there is nothing to trim. */
export function pictureWithin(picture: Pixels): Rectangle | null {
  const factor = Math.max(1, Math.max(picture.width, picture.height) / SIDE);
  const width = Math.max(1, Math.round(picture.width / factor));
  const height = Math.max(1, Math.round(picture.height / factor));
  const found = within(areaReduced(grey(picture), width, height));
  if (!found) return null;
  const [x, y] = [picture.width / width, picture.height / height];
  return {
    left: Math.ceil(found.left * x),
    top: Math.ceil(found.top * y),
    right: Math.floor(found.right * x),
    bottom: Math.floor(found.bottom * y),
  };
}

function within(small: Pixels): Rectangle | null {
  const ground = groundOf(small);
  if (ground === null) return null;
  const { width, height } = small;
  const busy = Uint8Array.from(small.data, (level) => (Math.abs(level - ground) > DIFFERENT ? 1 : 0));
  const row = (left: number, right: number) => (y: number) => {
    let total = 0;
    for (let x = left; x < right; x++) total += busy[y * width + x]!;
    return total > BUSY * (right - left);
  };
  let [top, bottom] = longest(height, row(0, width));
  const [left, right] = longest(width, (x) => {
    let total = 0;
    for (let y = top; y < bottom; y++) total += busy[y * width + x]!;
    return total > BUSY * (bottom - top);
  });
  // Rows were judged over the ground's width too; once more within the columns found.
  if (right > left) [top, bottom] = longest(height, row(left, right));
  const kept = ((right - left) * (bottom - top)) / (height * width);
  const trimmed = Math.max(left, top, width - right, height - bottom) / Math.max(height, width);
  return kept < SMALLEST_SHARE || trimmed < LEAST_TRIM ? null : { left, top, right, bottom };
}

/** The level that fills most, give or take two, if it fills enough. */
function groundOf(small: Pixels): number | null {
  const count = new Float64Array(256);
  for (const level of small.data) count[level]!++;
  let best = 0;
  let most = -1;
  for (let level = 0; level < 256; level++) {
    let filled = 0;
    for (let near = level - TOLERANCE; near <= level + TOLERANCE; near++) filled += count[near] ?? 0;
    if (filled > most) [best, most] = [level, filled];
  }
  return most >= GROUND_SHARE * small.data.length ? best : null;
}

/** The longest run that holds: where it starts and ends. */
function longest(length: number, holds: (at: number) => boolean): [number, number] {
  let found: [number, number] = [0, 0];
  let start = 0;
  for (let at = 0; at <= length; at++) {
    if (at < length && holds(at)) continue;
    if (at - start > found[1] - found[0]) found = [start, at];
    start = at + 1;
  }
  return found;
}
