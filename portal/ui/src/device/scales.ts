// A picture at every scale: blurred step by step, halved at each octave, and the differences between steps
// (Lowe, "Distinctive image features from scale-invariant keypoints", 2004, section 3).

/** Brightness 0 to 255, row by row, with room for fractions. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** One octave: LAYERS + 3 blurred planes and the LAYERS + 2 differences between neighbours. */
export interface Octave {
  readonly blurred: readonly Plane[];
  readonly differences: readonly Plane[];
}

export const LAYERS = 3;
export const SIGMA = 1.6;
/** What blur a picture is taken to have before it is doubled. */
const INHERENT = 0.5;
const TAPS_PER_SIGMA = 4;

const STEPS = Array.from({ length: LAYERS + 3 }, (_, layer) => {
  const before = SIGMA * 2 ** ((layer - 1) / LAYERS);
  const after = before * 2 ** (1 / LAYERS);
  return layer === 0 ? SIGMA : Math.sqrt(after * after - before * before);
});

/** All octaves; the first is at twice the picture's size. */
export function octaves(picture: Plane): Octave[] {
  let base = blur(doubled(picture), Math.sqrt(SIGMA ** 2 - (2 * INHERENT) ** 2));
  const count = Math.round(Math.log2(Math.min(base.width, base.height)) - 2) + 1;
  const found: Octave[] = [];
  for (let number = 0; number < count; number++) {
    const blurred = [base];
    for (let layer = 1; layer < STEPS.length; layer++) blurred.push(blur(blurred[layer - 1]!, STEPS[layer]!));
    const differences = blurred.slice(1).map((plane, layer) => difference(plane, blurred[layer]!));
    found.push({ blurred, differences });
    const next = blurred[LAYERS]!;
    if (next.width < 2 || next.height < 2) break;
    base = halved(next);
  }
  return found;
}

/** A Gaussian blur; the edges mirror what is inside, without repeating the edge itself. */
export function blur(plane: Plane, sigma: number): Plane {
  const half = kernel(sigma);
  const sides = new Float32Array(plane.data.length);
  for (let y = 0; y < plane.height; y++) blurRow(plane.data, sides, y * plane.width, plane.width, half);
  const data = new Float32Array(plane.data.length);
  blurColumns(sides, data, plane.width, plane.height, half);
  return { width: plane.width, height: plane.height, data };
}

/** The kernel's middle and one side of it. */
function kernel(sigma: number): Float32Array {
  const taps = Math.round(sigma * TAPS_PER_SIGMA * 2 + 1) | 1;
  const half = Float32Array.from({ length: (taps + 1) / 2 }, (_, k) => Math.exp(-(k * k) / (2 * sigma * sigma)));
  const total = half.reduce((sum, value) => sum + 2 * value, 0) - half[0]!;
  return half.map((value) => value / total);
}

function mirrored(at: number, length: number): number {
  if (length === 1) return 0;
  let inside = at;
  while (inside < 0 || inside >= length) inside = inside < 0 ? -inside : 2 * (length - 1) - inside;
  return inside;
}

function blurRow(from: Float32Array, to: Float32Array, start: number, width: number, half: Float32Array): void {
  const reach = half.length - 1;
  const line = new Float32Array(width + 2 * reach);
  line.set(from.subarray(start, start + width), reach);
  for (let k = 1; k <= reach; k++) {
    line[reach - k] = from[start + mirrored(-k, width)]!;
    line[reach + width + k - 1] = from[start + mirrored(width + k - 1, width)]!;
  }
  for (let x = 0; x < width; x++) {
    const middle = x + reach;
    let total = half[0]! * line[middle]!;
    for (let k = 1; k <= reach; k++) total += half[k]! * (line[middle - k]! + line[middle + k]!);
    to[start + x] = total;
  }
}

function blurColumns(from: Float32Array, to: Float32Array, width: number, height: number, half: Float32Array): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const weight = half[0]!;
    for (let x = 0; x < width; x++) to[row + x] = weight * from[row + x]!;
    for (let k = 1; k < half.length; k++) {
      const above = mirrored(y - k, height) * width;
      const below = mirrored(y + k, height) * width;
      const share = half[k]!;
      for (let x = 0; x < width; x++) to[row + x]! += share * (from[above + x]! + from[below + x]!);
    }
  }
}

function difference(after: Plane, before: Plane): Plane {
  const data = new Float32Array(after.data.length);
  for (let at = 0; at < data.length; at++) data[at] = after.data[at]! - before.data[at]!;
  return { width: after.width, height: after.height, data };
}

/** Twice the size, by straight lines between the middles of pixels. */
function doubled(plane: Plane): Plane {
  const width = plane.width * 2;
  const height = plane.height * 2;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const [above, below, down] = between(y, plane.height);
    for (let x = 0; x < width; x++) {
      const [left, right, along] = between(x, plane.width);
      const top = mix(plane.data[above * plane.width + left]!, plane.data[above * plane.width + right]!, along);
      const bottom = mix(plane.data[below * plane.width + left]!, plane.data[below * plane.width + right]!, along);
      data[y * width + x] = mix(top, bottom, down);
    }
  }
  return { width, height, data };
}

function between(at: number, length: number): [number, number, number] {
  const place = (at + 0.5) / 2 - 0.5;
  const first = Math.floor(place);
  return [Math.max(0, first), Math.min(length - 1, first + 1), place - first];
}

function mix(one: number, other: number, share: number): number {
  return one + (other - one) * share;
}

/** Every second pixel of every second row. */
function halved(plane: Plane): Plane {
  const width = plane.width >> 1;
  const height = plane.height >> 1;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = plane.data[2 * y * plane.width + 2 * x]!;
  }
  return { width, height, data };
}
