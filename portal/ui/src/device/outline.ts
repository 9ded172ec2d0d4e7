// A small picture in which nobody is recognised: grey, 48 pixels wide, for showing where a frame was found.
import { areaReduced } from "./frame";
import { grey, type Pixels } from "./pixels";
import { blur } from "./scales";

const WIDE = 48;
const SOFT = 2;

export function veiled(picture: Pixels): Pixels {
  const height = Math.max(1, Math.round((picture.height * WIDE) / picture.width));
  const small = areaReduced(grey(picture), WIDE, height);
  const soft = blur({ ...small, data: Float32Array.from(small.data) }, SOFT);
  return { ...small, data: Uint8Array.from(soft.data) };
}
