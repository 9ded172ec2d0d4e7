// Pixels in memory, and the two conversions every fingerprint begins with.

/** `channels` bytes a pixel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

const OPAQUE = 255;
const BYTES = 4;

export function blank(width: number, height: number, channels: 1 | 3, level = 0): Pixels {
  const data = new Uint8Array(width * height * channels);
  if (level) data.fill(level);
  return { width, height, channels, data };
}

/** From red, green, blue, alpha: see-through parts lie on white, as the server lays them. */
export function onWhite(width: number, height: number, rgba: Uint8ClampedArray | Uint8Array): Pixels {
  const made = blank(width, height, 3);
  for (let from = 0, to = 0; to < made.data.length; from += BYTES, to += 3) {
    const alpha = rgba[from + 3] ?? OPAQUE;
    for (let channel = 0; channel < 3; channel++) {
      const level = rgba[from + channel] ?? 0;
      made.data[to + channel] =
        alpha === OPAQUE ? level : Math.round((level * alpha + OPAQUE * (OPAQUE - alpha)) / OPAQUE);
    }
  }
  return made;
}

/** Brightness by ITU-R 601-2, in the whole-number weights that Pillow uses. */
export function grey(pixels: Pixels): Pixels {
  if (pixels.channels === 1) return pixels;
  const made = blank(pixels.width, pixels.height, 1);
  const from = pixels.data;
  for (let to = 0, at = 0; to < made.data.length; to++, at += 3) {
    made.data[to] =
      ((from[at] ?? 0) * 19595 + (from[at + 1] ?? 0) * 38470 + (from[at + 2] ?? 0) * 7471 + 0x8000) >> 16;
  }
  return made;
}

/** The part from (left, top), inside the picture. */
export function cut(pixels: Pixels, left: number, top: number, width: number, height: number): Pixels {
  const made = blank(width, height, pixels.channels);
  const line = width * pixels.channels;
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * pixels.width + left) * pixels.channels;
    made.data.set(pixels.data.subarray(start, start + line), y * line);
  }
  return made;
}

/** Lays `piece` onto `page` at (left, top); what falls outside is left away. */
export function lay(page: Pixels, piece: Pixels, left: number, top: number): void {
  const { channels } = page;
  const first = Math.max(0, -left);
  const last = Math.min(piece.width, page.width - left);
  for (let y = Math.max(0, -top); y < Math.min(piece.height, page.height - top); y++) {
    const start = (y * piece.width + first) * channels;
    const line = piece.data.subarray(start, (y * piece.width + last) * channels);
    page.data.set(line, ((top + y) * page.width + left + first) * channels);
  }
}
