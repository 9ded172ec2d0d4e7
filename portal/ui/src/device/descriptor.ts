// Which way a spot points, and what its surroundings look like seen that way (Lowe 2004, sections 5 and 6).
import type { Spot } from "./extrema";
import type { Octave, Plane } from "./scales";

const DIRECTIONS = 36;
const NARROWING = 1.5;
const PEAK = 0.8;
const GRID = 4;
const BINS = 8;
const CELL = 3;
const LIMIT = 0.2;
const LEVELS = 512;
const TURN = 2 * Math.PI;

/** The spot's main directions, in radians, clockwise on the screen. */
export function directions(octave: Octave, spot: Spot): number[] {
  const counts = histogram(octave.blurred[spot.layer]!, spot);
  const least = PEAK * Math.max(...counts);
  const found: number[] = [];
  for (let bin = 0; bin < DIRECTIONS; bin++) {
    const here = counts[bin]!;
    const left = counts[(bin + DIRECTIONS - 1) % DIRECTIONS]!;
    const right = counts[(bin + 1) % DIRECTIONS]!;
    if (here <= left || here <= right || here < least) continue;
    const exact = bin + (0.5 * (left - right)) / (left - 2 * here + right);
    found.push(clockwise(((exact + DIRECTIONS) % DIRECTIONS) / DIRECTIONS));
  }
  return found;
}

function clockwise(share: number): number {
  return share === 0 ? 0 : TURN * (1 - share);
}

function histogram(plane: Plane, spot: Spot): Float32Array {
  const { width, height, data } = plane;
  const scale = spot.size / 2;
  const reach = Math.round(3 * NARROWING * scale);
  const fade = -1 / (2 * (NARROWING * scale) ** 2);
  const raw = new Float32Array(DIRECTIONS);
  for (let y = -reach; y <= reach; y++) {
    const row = spot.row + y;
    if (row <= 0 || row >= height - 1) continue;
    for (let x = -reach; x <= reach; x++) {
      const column = spot.column + x;
      if (column <= 0 || column >= width - 1) continue;
      const at = row * width + column;
      const right = data[at + 1]! - data[at - 1]!;
      const up = data[at - width]! - data[at + width]!;
      const bin = Math.round((Math.atan2(up, right) / TURN) * DIRECTIONS + DIRECTIONS) % DIRECTIONS;
      raw[bin]! += Math.exp((x * x + y * y) * fade) * Math.sqrt(right * right + up * up);
    }
  }
  const near = (bin: number): number => raw[(bin + DIRECTIONS) % DIRECTIONS]!;
  return raw.map((value, bin) => {
    return (near(bin - 2) + near(bin + 2)) / 16 + (near(bin - 1) + near(bin + 1)) / 4 + (value * 6) / 16;
  });
}

const WIDE = GRID + 2;
const DEEP = BINS + 1;

/** 4 rows x 4 columns x 8 directions of gradients, whole numbers up to 255. */
export function descriptor(octave: Octave, spot: Spot, angle: number): Float32Array {
  const cells = new Float32Array(WIDE * WIDE * DEEP);
  gather(octave.blurred[spot.layer]!, spot, angle, cells);
  const flat = new Float32Array(GRID * GRID * BINS);
  for (let row = 0, to = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const from = ((row + 1) * WIDE + column + 1) * DEEP;
      for (let bin = 0; bin < BINS; bin++) flat[to++] = cells[from + bin]! + (bin === 0 ? cells[from + BINS]! : 0);
    }
  }
  return levelled(flat);
}

function gather(plane: Plane, spot: Spot, angle: number, cells: Float32Array): void {
  const { width, height, data } = plane;
  const cell = (CELL * spot.size) / 2;
  const most = Math.floor(Math.sqrt(width * width + height * height));
  const reach = Math.min(most, Math.round((cell * Math.SQRT2 * (GRID + 1)) / 2));
  const ahead = Math.cos(-angle) / cell;
  const aside = Math.sin(-angle) / cell;
  const middleX = Math.round(spot.x);
  const middleY = Math.round(spot.y);
  for (let y = -reach; y <= reach; y++) {
    const row = middleY + y;
    if (row <= 0 || row >= height - 1) continue;
    for (let x = -reach; x <= reach; x++) {
      const across = x * ahead - y * aside;
      const along = x * aside + y * ahead;
      const rowBin = along + GRID / 2 - 0.5;
      const columnBin = across + GRID / 2 - 0.5;
      if (rowBin <= -1 || rowBin >= GRID || columnBin <= -1 || columnBin >= GRID) continue;
      const column = middleX + x;
      if (column <= 0 || column >= width - 1) continue;
      const at = row * width + column;
      const right = data[at + 1]! - data[at - 1]!;
      const up = data[at - width]! - data[at + width]!;
      const weight = Math.exp((across * across + along * along) / (-0.5 * GRID * GRID));
      const turn = ((Math.atan2(up, right) + angle) / TURN) * BINS;
      share(cells, rowBin, columnBin, turn, weight * Math.sqrt(right * right + up * up));
    }
  }
}

/** Shares a gradient among the two nearest rows, columns and directions. */
function share(cells: Float32Array, rowBin: number, columnBin: number, turn: number, value: number): void {
  const row = Math.floor(rowBin);
  const column = Math.floor(columnBin);
  const bin = Math.floor(turn);
  const far = rowBin - row;
  const aside = columnBin - column;
  const on = turn - bin;
  const wrapped = ((bin % BINS) + BINS) % BINS;
  const at = ((row + 1) * WIDE + column + 1) * DEEP + wrapped;
  const below = at + WIDE * DEEP;
  const low = value * far;
  const high = value - low;
  const highRight = high * aside;
  const lowRight = low * aside;
  split(cells, at, high - highRight, on);
  split(cells, at + DEEP, highRight, on);
  split(cells, below, low - lowRight, on);
  split(cells, below + DEEP, lowRight, on);
}

function split(cells: Float32Array, at: number, value: number, on: number): void {
  const second = value * on;
  cells[at]! += value - second;
  cells[at + 1]! += second;
}

/** To a length of 512 with no value above a fifth of the whole, in whole numbers. */
function levelled(flat: Float32Array): Float32Array {
  const limit = LIMIT * Math.sqrt(flat.reduce((sum, value) => sum + value * value, 0));
  const clipped = flat.map((value) => Math.min(value, limit));
  const length = Math.sqrt(clipped.reduce((sum, value) => sum + value * value, 0));
  const factor = LEVELS / Math.max(length, 1e-7);
  return clipped.map((value) => Math.min(255, Math.round(value * factor)));
}
