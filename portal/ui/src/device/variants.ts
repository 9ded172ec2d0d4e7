// PDQ hashes of ways a picture is commonly passed on, in the server's order of their use.
import { frames } from "./frames";
import { ORIENTATIONS, type Orientation, turned } from "./orientations";
import { orientations, pdq, type PdqHash } from "./pdq";
import type { Pixels } from "./pixels";
import { resample } from "./resample";
import { nearest } from "./rounding";

const SIDE = 768;

/** The hashes of the variants named, without those that repeat an earlier one. */
export function variants(picture: Pixels, names: readonly string[], progress: (share: number) => void): PdqHash[] {
  const plain = new Map(orientations(picture).map((hash) => [hash.variant, hash]));
  const small = reduced(picture);
  const known = frames();
  const found = new Map<string, PdqHash>();
  names.forEach((name, number) => {
    const [frame = "", orientation = "original"] = name.split(".");
    const make = known.get(frame);
    const hash = plain.get(name) ?? (make && pdq(turned(make(small), named(orientation)), name));
    if (!hash) throw new Error(`there is no variant ${name}`);
    if (!found.has(hash.value)) found.set(hash.value, hash);
    progress((number + 1) / names.length);
  });
  return [...found.values()];
}

function named(orientation: string): Orientation {
  const known = ORIENTATIONS.find((one) => one === orientation);
  if (!known) throw new Error(`there is no orientation ${orientation}`);
  return known;
}

function reduced(picture: Pixels): Pixels {
  const factor = SIDE / Math.max(picture.width, picture.height);
  if (factor >= 1) return picture;
  const width = Math.max(1, nearest(picture.width * factor));
  return resample(picture, width, Math.max(1, nearest(picture.height * factor)));
}
