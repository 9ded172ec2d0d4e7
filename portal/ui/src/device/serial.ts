// The stored form: four bytes of head, the codes (32 bytes each), then the places (4 bytes each).
import { WORDS } from "./codes";
import type { Pixels } from "./pixels";
import { nearest } from "./rounding";

const HEAD = 4;
const FRAME_STEP = 4;

export function dump(
  version: number,
  frame: Pixels,
  codes: readonly Uint32Array[],
  places: readonly number[],
): Uint8Array {
  const bytes = new Uint8Array(HEAD + codes.length * (WORDS + 1) * 4);
  bytes.set([version, codes.length, inSteps(frame.width), inSteps(frame.height)]);
  const view = new DataView(bytes.buffer);
  let at = HEAD;
  for (const word of [...codes.flatMap((code) => [...code]), ...places]) {
    view.setUint32(at, word, true);
    at += 4;
  }
  return bytes;
}

function inSteps(pixels: number): number {
  return Math.max(1, Math.min(255, nearest(pixels / FRAME_STEP)));
}
