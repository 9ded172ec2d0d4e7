// The eight ways a picture can lie, by the names of PDQ's reference implementation.
import { blank, type Pixels } from "./pixels";

export const ORIENTATIONS = [
  "original",
  "rotate90",
  "rotate180",
  "rotate270",
  "flipx",
  "flipy",
  "rotate90flipx",
  "rotate270flipx",
] as const;
export type Orientation = (typeof ORIENTATIONS)[number];

/** Where pixel (x, y) of the turned picture comes from in one of width x height. Turns go counter-clockwise. */
type Source = (x: number, y: number, width: number, height: number) => [number, number];

const SOURCES: Record<Orientation, Source> = {
  original: (x, y) => [x, y],
  rotate90: (x, y, width) => [width - 1 - y, x],
  rotate180: (x, y, width, height) => [width - 1 - x, height - 1 - y],
  rotate270: (x, y, _width, height) => [y, height - 1 - x],
  flipx: (x, y, _width, height) => [x, height - 1 - y],
  flipy: (x, y, width) => [width - 1 - x, y],
  rotate90flipx: (x, y) => [y, x],
  rotate270flipx: (x, y, width, height) => [width - 1 - y, height - 1 - x],
};
const LYING: readonly Orientation[] = ["rotate90", "rotate270", "rotate90flipx", "rotate270flipx"];

export function turned(pixels: Pixels, orientation: Orientation): Pixels {
  if (orientation === "original") return pixels;
  const { width, height, channels } = pixels;
  const made = LYING.includes(orientation) ? blank(height, width, channels) : blank(width, height, channels);
  const [x0, y0] = SOURCES[orientation](0, 0, width, height);
  const [x1, y1] = SOURCES[orientation](1, 0, width, height);
  const [x2, y2] = SOURCES[orientation](0, 1, width, height);
  const start = (y0 * width + x0) * channels;
  const right = ((y1 - y0) * width + x1 - x0) * channels;
  const below = ((y2 - y0) * width + x2 - x0) * channels;
  let to = 0;
  for (let y = 0; y < made.height; y++) {
    for (let x = 0, from = start + y * below; x < made.width; x++, from += right) {
      for (let channel = 0; channel < channels; channel++) made.data[to++] = pixels.data[from + channel]!;
    }
  }
  return made;
}
