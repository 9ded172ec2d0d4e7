// What saving as JPEG takes from a grey picture, without the file: blocks of 8 by 8, their frequencies rounded
// to the steps of ITU-T T.81's example table (K.1), scaled by quality as libjpeg does.
import { blank, type Pixels } from "./pixels";
import { byte } from "./rounding";

const SIDE = 8;
const MIDDLE = 128;
const STEPS = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29,
  51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121,
  120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
] as const;

const WAVES = Float32Array.from({ length: SIDE * SIDE }, (_, at) => {
  const wave = at >> 3;
  const place = at & 7;
  const scale = wave === 0 ? Math.sqrt(1 / SIDE) : Math.sqrt(2 / SIDE);
  return scale * Math.cos(((2 * place + 1) * wave * Math.PI) / (2 * SIDE));
});

export function saved(picture: Pixels, quality: number): Pixels {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const steps = STEPS.map((step) => Math.min(255, Math.max(1, Math.floor((step * Math.floor(scale) + 50) / 100))));
  const made = blank(picture.width, picture.height, 1);
  const block = new Float32Array(SIDE * SIDE);
  for (let top = 0; top < picture.height; top += SIDE) {
    for (let left = 0; left < picture.width; left += SIDE) {
      load(picture, left, top, block);
      transform(block, false);
      for (let at = 0; at < block.length; at++) block[at] = Math.round(block[at]! / steps[at]!) * steps[at]!;
      transform(block, true);
      store(made, left, top, block);
    }
  }
  return made;
}

/** Beyond the edges, the last row and column are repeated. */
function load(picture: Pixels, left: number, top: number, block: Float32Array): void {
  for (let at = 0; at < block.length; at++) {
    const x = Math.min(picture.width - 1, left + (at & 7));
    const y = Math.min(picture.height - 1, top + (at >> 3));
    block[at] = picture.data[y * picture.width + x]! - MIDDLE;
  }
}

function store(made: Pixels, left: number, top: number, block: Float32Array): void {
  for (let y = top; y < Math.min(made.height, top + SIDE); y++) {
    for (let x = left; x < Math.min(made.width, left + SIDE); x++) {
      made.data[y * made.width + x] = byte(block[(y - top) * SIDE + x - left]! + MIDDLE);
    }
  }
}

/** To frequencies, or back: rows, then columns. */
function transform(block: Float32Array, back: boolean): void {
  pass(block, SIDE, 1, back);
  pass(block, 1, SIDE, back);
}

const line = new Float32Array(SIDE);

function pass(block: Float32Array, lines: number, step: number, back: boolean): void {
  for (let number = 0; number < SIDE; number++) {
    const start = number * lines;
    for (let to = 0; to < SIDE; to++) {
      let total = 0;
      for (let k = 0; k < SIDE; k++) {
        total += block[start + k * step]! * (back ? WAVES[k * SIDE + to]! : WAVES[to * SIDE + k]!);
      }
      line[to] = total;
    }
    for (let to = 0; to < SIDE; to++) block[start + to * step] = line[to]!;
  }
}
