// The server's own frozen numbers, the same bytes: what makes codes of 256 bits out of regions.

export interface Table {
  readonly version: number;
  /** 128 rows of 256 whole numbers. */
  readonly projection: Float32Array;
  readonly threshold: Float32Array;
  /** Codes of ordinary pictures, 8 words each. */
  readonly background: Uint32Array;
  /** The share of unrelated pairs of codes within the wide and the narrow distance. */
  readonly chance: { readonly wide: number; readonly narrow: number };
}

const MAGIC = "REGIONAL";
const LEAD = 14;

interface Header {
  readonly about: { readonly chance: { readonly wide: number; readonly narrow: number } };
  readonly arrays: Record<string, { readonly at: number; readonly shape: readonly number[] }>;
}

/** Reads the file; an Error for anything else. */
export function read(bytes: ArrayBuffer): Table {
  const view = new DataView(bytes);
  const text = new TextDecoder();
  if (text.decode(new Uint8Array(bytes, 0, MAGIC.length)) !== MAGIC) throw new Error("not a table of codes");
  const length = view.getUint32(MAGIC.length + 2, true);
  const header = JSON.parse(text.decode(new Uint8Array(bytes, LEAD, length))) as Header;
  const part = (name: string, width: number): DataView => {
    const entry = header.arrays[name];
    if (!entry) throw new Error(`the table of codes has no ${name}`);
    const count = entry.shape.reduce((one, other) => one * other, 1);
    return new DataView(bytes, LEAD + length + entry.at, count * width);
  };
  const words = (name: string): DataView => part(name, 4);
  return {
    version: view.getUint16(MAGIC.length, true),
    projection: numbers(part("projection", 2), 2, (data, at) => data.getInt16(at, true)),
    threshold: numbers(words("threshold"), 4, (data, at) => data.getInt32(at, true)),
    background: codesIn(part("background", 1)),
    chance: header.about.chance,
  };
}

function numbers(data: DataView, width: number, get: (data: DataView, at: number) => number): Float32Array {
  return Float32Array.from({ length: data.byteLength / width }, (_, index) => get(data, index * width));
}

function codesIn(data: DataView): Uint32Array {
  return Uint32Array.from({ length: data.byteLength / 4 }, (_, index) => data.getUint32(index * 4, true));
}
