// The only code that sees a picture. It is served with a policy under which it can't reach any network, its own
// site included: what it finds goes to the page, and the picture stays here.
import { decode, Refused } from "./decode";
import { enrol } from "./enrol";
import type { Answer, Fingerprints, Order } from "./messages";
import { veiled } from "./outline";
import { cut, type Pixels } from "./pixels";
import { read, type Table } from "./table";
import { pictureWithin, type Rectangle } from "./trimming";
import { variants } from "./variants";

const VARIANTS_SHARE = 0.2;

let table: Table | null = null;
let names: readonly string[] = [];
let open: Opened | null = null;

interface Opened {
  readonly pixels: Pixels;
  readonly sha256: string;
  readonly proposed: Rectangle | null;
}

const say = (answer: Answer): void => postMessage(answer);

addEventListener("message", (event: MessageEvent<Order>) => {
  void obey(event.data).catch((error: unknown) => {
    open = null;
    say({ kind: "refused", code: error instanceof Refused ? error.code : "failed" });
  });
});

async function obey(order: Order): Promise<void> {
  if (order.kind === "setup") {
    table = read(order.table);
    names = order.variants;
  } else if (order.kind === "open") {
    const pixels = await decode(order.file);
    const proposed = pictureWithin(pixels);
    open = { pixels, sha256: await digest(order.file), proposed };
    say({ kind: "opened", within: proposed, width: pixels.width, height: pixels.height });
  } else if (order.kind === "veil") {
    if (open) say({ kind: "veiled", picture: veiled(open.pixels) });
  } else if (open && table) {
    say({ kind: "done", fingerprints: fingerprint(open, order.within, table) });
    open = null;
  }
}

function fingerprint(found: Opened, within: Rectangle | null, codes: Table): Fingerprints {
  const { pixels: whole, sha256, proposed } = found;
  const picture = within
    ? cut(whole, within.left, within.top, within.right - within.left, within.bottom - within.top)
    : whole;
  const pdq = variants(picture, names, (share) => say({ kind: "progress", share: share * VARIANTS_SHARE }));
  const regional = enrol(picture, codes, (share) =>
    say({ kind: "progress", share: VARIANTS_SHARE + share * (1 - VARIANTS_SHARE) }),
  );
  return {
    sha256,
    width: whole.width,
    height: whole.height,
    proposed,
    within,
    pdq,
    regional: base64(regional.bytes),
    regions: regional.count,
  };
}

async function digest(file: File): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...hash].map((value) => value.toString(16).padStart(2, "0")).join("");
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
