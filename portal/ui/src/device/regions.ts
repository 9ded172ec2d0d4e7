// The regions of a grey picture that a copy will show again.
import { descriptor, directions } from "./descriptor";
import { type Spot, spots } from "./extrema";
import type { Pixels } from "./pixels";
import { type Octave, octaves } from "./scales";

/** Places and sizes in pixels of the picture, angles in radians. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly angle: number;
  readonly strength: number;
}

/** The regions found, and what one of them looks like: 128 whole numbers, made when asked for. */
export interface Found {
  readonly regions: readonly Region[];
  root(index: number): Float32Array;
}

interface Placed extends Region {
  readonly spot: Spot;
}

const THINNEST = 16;
const ROOT_SCALE = 1023;
const CELL = 56;

/** The `most` strongest regions of at least `smallest` pixels, with every part of the picture among them. */
export function find(picture: Pixels, smallest: number, most: number): Found {
  if (Math.min(picture.width, picture.height) < THINNEST) return { regions: [], root: () => new Float32Array() };
  const scales = octaves({ width: picture.width, height: picture.height, data: Float32Array.from(picture.data) });
  const regions = strongest(placed(scales, smallest), most);
  const look = (index: number): Float32Array => {
    const { spot, angle } = regions[index]!;
    return root(descriptor(scales[spot.octave]!, spot, angle));
  };
  return { regions, root: look };
}

function placed(scales: readonly Octave[], smallest: number): Placed[] {
  const found: Placed[] = [];
  for (const spot of spots(scales)) {
    const factor = 2 ** (spot.octave - 1);
    const size = spot.size * factor;
    if (size < smallest) continue;
    const strength = spot.contrast * Math.sqrt(size);
    for (const angle of directions(scales[spot.octave]!, spot)) {
      found.push({ spot, angle, x: spot.x * factor, y: spot.y * factor, size, strength });
    }
  }
  return found;
}

/** The n-th of a cell counts an n-th of its strength; equals are decided by place, so that the order is total. */
function strongest(found: readonly Placed[], most: number): Placed[] {
  const sorted = [...found].sort((one, other) => {
    return other.strength - one.strength || one.y - other.y || one.x - other.x || one.angle - other.angle;
  });
  const taken = new Map<string, number>();
  const fair = sorted.map((region) => {
    const cell = `${Math.floor(region.x / CELL)} ${Math.floor(region.y / CELL)}`;
    const rank = (taken.get(cell) ?? 0) + 1;
    taken.set(cell, rank);
    return { region, worth: region.strength / rank };
  });
  return fair
    .sort((one, other) => other.worth - one.worth)
    .slice(0, most)
    .map(({ region }) => region);
}

/** The square root of each share of the descriptor's sum, times 1023, rounded. */
function root(values: Float32Array): Float32Array {
  const total = Math.max(1, values.reduce((sum, value) => sum + value, 0));
  return values.map((value) => Math.round(Math.sqrt(value / total) * ROOT_SCALE));
}
