// From a file to upright pixels, without a hash that is silently wrong: some browsers (those that resist
// fingerprinting of the browser itself) give pages noise in place of pixels.
import { decode as decodeJpeg } from "jpeg-js";
import { orientation } from "./exif";
import { type Orientation, turned } from "./orientations";
import { onWhite, type Pixels } from "./pixels";

/** Why a file can't be fingerprinted here; the page has words for each. */
export type Refusal = "unreadable" | "large" | "hidden";

export class Refused extends Error {
  constructor(readonly code: Refusal) {
    super(code);
  }
}

const MOST_PIXELS = 50_000_000;
const MOST_BYTES = 50_000_000;
const PATTERN = 16;

// Exif's eight values as the turn that makes the picture upright.
const UPRIGHT: readonly Orientation[] = [
  "original",
  "flipy",
  "rotate180",
  "flipx",
  "rotate90flipx",
  "rotate270",
  "rotate270flipx",
  "rotate90",
];

export async function decode(file: File): Promise<Pixels> {
  if (file.size > MOST_BYTES) throw new Refused("large");
  if (await canvasIsTrue()) return byCanvas(file);
  return byHand(await file.arrayBuffer());
}

/** Whether a canvas gives back what was put in, also by way of a bitmap. */
export async function canvasIsTrue(): Promise<boolean> {
  try {
    const sent = new ImageData(PATTERN, PATTERN);
    for (let at = 0; at < sent.data.length; at++) sent.data[at] = at % 4 === 3 ? 255 : (at * 73 + 41) % 256;
    const context = contextOf(PATTERN, PATTERN);
    context.drawImage(await createImageBitmap(sent), 0, 0);
    const back = context.getImageData(0, 0, PATTERN, PATTERN).data;
    return back.every((level, at) => level === sent.data[at]);
  } catch {
    return false;
  }
}

async function byCanvas(file: File): Promise<Pixels> {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" }).catch(() => {
    throw new Refused("unreadable");
  });
  const { width, height } = bitmap;
  if (width * height > MOST_PIXELS) throw new Refused("large");
  const context = contextOf(width, height);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return onWhite(width, height, context.getImageData(0, 0, width, height).data);
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Refused("hidden");
  return context;
}

/** Without any canvas; JPEG alone, which is what nearly every photograph is. */
export function byHand(bytes: ArrayBuffer): Pixels {
  const data = new Uint8Array(bytes);
  if (data[0] !== 0xff || data[1] !== 0xd8) throw new Refused("hidden");
  try {
    const limits = { maxResolutionInMP: MOST_PIXELS / 1e6, maxMemoryUsageInMB: 512 };
    const image = decodeJpeg(data, { useTArray: true, formatAsRGBA: true, tolerantDecoding: true, ...limits });
    return turned(onWhite(image.width, image.height, image.data), UPRIGHT[orientation(bytes) - 1] ?? "original");
  } catch (error) {
    const tooLarge = error instanceof Error && /maxResolution|maxMemory/.test(error.message);
    throw new Refused(tooLarge ? "large" : "unreadable");
  }
}
