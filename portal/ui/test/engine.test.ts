// What the fingerprints in the browser rest on, without one. That they are the server's own is tested in Chromium.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "jpeg-js";
import { byHand, canvasIsTrue, Refused } from "../src/device/decode";
import { orientation } from "../src/device/exif";
import { ORIENTATIONS, turned } from "../src/device/orientations";
import { orientations, pdq } from "../src/device/pdq";
import { blank, onWhite, type Pixels } from "../src/device/pixels";
import { nearest } from "../src/device/rounding";
import { pictureWithin } from "../src/device/trimming";

function waves(width: number, height: number): Pixels {
  const made = blank(width, height, 3);
  for (let at = 0; at < made.data.length; at++) {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    made.data[at] = 128 + 60 * Math.sin(x / 7 + y / 31) + 50 * Math.sin(y / 11 - x / 53);
  }
  return made;
}

function jpeg(picture: Pixels): Uint8Array {
  const data = new Uint8Array(picture.width * picture.height * 4).fill(255);
  for (let at = 0; at < picture.width * picture.height; at++) data.set(picture.data.subarray(3 * at, 3 * at + 3), 4 * at);
  return encode({ data, width: picture.width, height: picture.height }, 92).data;
}

/** The same JPEG, said to lie as `value` of Exif says. */
function lying(file: Uint8Array, value: number): ArrayBuffer {
  const exif = [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1];
  const entry = [1, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([0xff, 0xd8, ...exif, ...entry, ...file.subarray(2)]).buffer;
}

const bits = (hex: string): number => [...hex].reduce((sum, digit) => sum + [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4][parseInt(digit, 16)]!, 0);

test("halves are rounded to the even number, as the server does", () => {
  assert.deepEqual([0.5, 1.5, 2.5, 2.4, 2.6, -0.5].map(nearest), [0, 2, 2, 2, 3, 0]);
});

test("every hash has half its bits set, in all eight orientations", () => {
  const found = orientations(waves(200, 140));
  assert.deepEqual(found.map((one) => one.variant), ORIENTATIONS);
  for (const one of found) assert.equal(bits(one.value), 128);
  assert.equal(new Set(found.map((one) => one.value)).size, 8);
});

test("a picture that is turned first has the hash that its orientation says", () => {
  const picture = waves(160, 160);
  for (const one of orientations(picture)) {
    const name = ORIENTATIONS.find((known) => known === one.variant)!;
    assert.equal(pdq(turned(picture, name), "original").value, one.value);
  }
});

test("a flat picture has no quality", () => {
  assert.equal(pdq(blank(64, 64, 3, 90), "original").quality, 0);
});

test("see-through parts lie on white", () => {
  assert.deepEqual([...onWhite(2, 1, Uint8Array.from([9, 9, 9, 0, 10, 20, 30, 255])).data], [255, 255, 255, 10, 20, 30]);
});

test("Exif says how a picture lies, and nonsense says nothing", () => {
  const file = jpeg(waves(32, 24));
  for (let value = 1; value <= 8; value++) assert.equal(orientation(lying(file, value)), value);
  for (const value of [0, 9, 255]) assert.equal(orientation(lying(file, value)), 1);
  for (let end = 0; end < 60; end++) assert.ok(orientation(lying(file, 6).slice(0, end)) >= 1);
});

test("without a canvas a JPEG is decoded by hand, upright", () => {
  const picture = waves(64, 48);
  const upright = byHand(lying(jpeg(picture), 1));
  const turnedOne = byHand(lying(jpeg(picture), 6));
  assert.deepEqual([upright.width, upright.height, turnedOne.width, turnedOne.height], [64, 48, 48, 64]);
  assert.deepEqual(turned(upright, "rotate270").data, turnedOne.data);
});

test("without a canvas nothing but a JPEG is taken, and what can't be read is refused", () => {
  const code = (code: string) => (error: unknown) => error instanceof Refused && error.code === code;
  assert.throws(() => byHand(Uint8Array.from([0x89, 0x50, 0x4e, 0x47]).buffer), code("hidden"));
  assert.throws(() => byHand(Uint8Array.from([0xff, 0xd8, 1, 2, 3]).buffer), code("unreadable"));
});

test("where there is no canvas, it is not taken for a true one", async () => {
  assert.equal(await canvasIsTrue(), false);
});

test("a border is found, and nothing in a picture without one", () => {
  const page = blank(300, 400, 3, 255);
  const inner = waves(300, 200);
  page.data.set(inner.data, 100 * 300 * 3);
  const found = pictureWithin(page);
  assert.ok(found && Math.abs(found.top - 100) <= 4 && Math.abs(found.bottom - 300) <= 4);
  assert.equal(pictureWithin(inner), null);
});
