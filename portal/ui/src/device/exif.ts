// How a JPEG says its picture is to be turned (Exif 2.3, tag 0x0112): 1 to 8, 1 for upright.

const START = 0xffd8;
const EXIF = 0xffe1;
const SCAN = 0xffda;
const TAG = 0x0112;
const ENTRY = 12;

export function orientation(file: ArrayBuffer): number {
  const view = new DataView(file);
  if (file.byteLength < 4 || view.getUint16(0) !== START) return 1;
  let at = 2;
  while (at + 10 < file.byteLength) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker === EXIF && view.getUint32(at + 4) === 0x45786966) return read(view, at + 10, at + 2 + length);
    if (marker === SCAN || marker >> 8 !== 0xff || length < 2) return 1;
    at += 2 + length;
  }
  return 1;
}

function read(view: DataView, start: number, end: number): number {
  if (end > view.byteLength || end - start < 8) return 1;
  const little = view.getUint16(start) === 0x4949;
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > end) return 1;
  const count = view.getUint16(directory, little);
  for (let number = 0; number < count; number++) {
    const entry = directory + 2 + number * ENTRY;
    if (entry + ENTRY > end) return 1;
    if (view.getUint16(entry, little) !== TAG) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
