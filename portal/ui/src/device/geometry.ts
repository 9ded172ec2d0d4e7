// Where a region lies, in 4 bytes: x, y to 2 pixels, size to 1/8 octave, direction to 1/64 turn, commonness.
import type { Region } from "./regions";
import { nearest } from "./rounding";

const PIXEL_STEP = 2;
const SIZES_PER_OCTAVE = 8;
const DIRECTIONS = 64;
const FULL_TURN = 2 * Math.PI;

/** `common`: in steps of half a power of ten. */
export function pack(region: Region, common: number): number {
  const share = (((region.angle % FULL_TURN) + FULL_TURN) % FULL_TURN) / FULL_TURN;
  const turn = nearest(share * DIRECTIONS) % DIRECTIONS;
  const x = step(region.x / PIXEL_STEP - 0.5, 255);
  const y = step(region.y / PIXEL_STEP - 0.5, 255);
  const size = step(Math.log2(region.size) * SIZES_PER_OCTAVE, 63);
  return (x | (y << 8) | (size << 16) | (turn << 22) | (common << 28)) >>> 0;
}

function step(value: number, last: number): number {
  return Math.min(last, Math.max(0, nearest(value)));
}
