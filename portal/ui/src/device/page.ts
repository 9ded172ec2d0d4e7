// The page on which pictures are fingerprinted on the person's own device. Nothing of a picture is sent: the form
// holds fingerprints alone, and the file control has no name, so that no browser sends a file with it.
import { Hand, type Outcome } from "./hand";
import type { Fingerprints } from "./messages";
import { Row, type Words } from "./row";

const MOST = 20;
const PLAIN = 20;
const FAIR = 50;

const root = document.querySelector<HTMLElement>("[data-device]");
if (root && "Worker" in window && "OffscreenCanvas" in window) void begin(root);

async function begin(page: HTMLElement): Promise<void> {
  const words: Words = (name, number) => (page.dataset[`word${capital(name)}`] ?? "").replace("{n}", String(number));
  const answer = await fetch(page.dataset["table"] ?? "", { credentials: "omit" });
  if (!answer.ok) return;
  const variants = (page.dataset["variants"] ?? "").split(" ");
  const setup = { kind: "setup", table: await answer.arrayBuffer(), variants } as const;
  const policy = trusted();
  const hand = new Hand(() => new Worker(policy(page.dataset["worker"] ?? "") as string), setup);
  new Panel(page, words, hand).show();
}

/** Only our own worker's address becomes a script's address. */
function trusted(): (address: string) => unknown {
  const types = (window as { trustedTypes?: { createPolicy: (name: string, rules: object) => Policy } }).trustedTypes;
  const own = (address: string): string => {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin || !/\/device-worker[.\w]*\.js$/.test(url.pathname)) throw new Error("not ours");
    return url.href;
  };
  const policy = types?.createPolicy("portal-worker", { createScriptURL: own });
  return (address) => (policy ? policy.createScriptURL(address) : own(address));
}

interface Policy {
  createScriptURL(address: string): unknown;
}

class Panel {
  private readonly list: HTMLElement;
  private readonly found: HTMLInputElement;
  private readonly choose: HTMLInputElement;
  private readonly status: HTMLElement;
  private readonly send: HTMLButtonElement;
  private readonly done = new Map<Row, Fingerprints>();
  private queue: Promise<void> = Promise.resolve();
  private readonly held: number;
  private seen: number;
  private busy = 0;
  private over = false;

  constructor(
    private readonly page: HTMLElement,
    private readonly words: Words,
    private readonly hand: Hand,
  ) {
    const part = <E extends HTMLElement>(name: string): E => page.querySelector<E>(`[data-device-${name}]`)!;
    this.list = part("list");
    this.found = part("found");
    this.choose = part("choose");
    this.status = part("status");
    this.send = document.querySelector<HTMLButtonElement>("[data-device-send]")!;
    this.held = Number(page.dataset["held"]);
    this.seen = Number(page.dataset["last"]);
    this.choose.addEventListener("change", () => this.take());
  }

  show(): void {
    this.page.hidden = false;
    document.querySelector<HTMLElement>("[data-device-without]")?.remove();
    this.refresh();
  }

  private take(): void {
    const files = [...(this.choose.files ?? [])];
    const room = MOST - this.held - this.done.size - this.busy;
    this.over = files.length > room;
    this.choose.value = "";
    for (const file of files.slice(0, room)) {
      const number = ++this.seen;
      const row = new Row(number, this.words, () => (this.status.textContent = this.words("asks", number)));
      let wanted = true;
      row.cancel.onclick = () => {
        wanted = false;
        row.element.remove();
      };
      this.list.append(row.element);
      this.busy++;
      this.queue = this.queue.then(async () => this.end(row, wanted ? await this.hand.fingerprint(file, row) : "cancelled"));
    }
    this.refresh();
  }

  private end(row: Row, outcome: Outcome): void {
    this.busy--;
    if (outcome === "cancelled") row.element.remove();
    else if (typeof outcome === "string") row.ended(outcome);
    else if (isPlain(outcome)) row.ended("plain");
    else {
      this.done.set(row, outcome);
      row.ended("done");
    }
    row.removable();
    row.cancel.onclick = () => {
      this.done.delete(row);
      row.element.remove();
      this.refresh();
    };
    this.refresh();
  }

  private refresh(): void {
    this.found.value = JSON.stringify([...this.done.values()]);
    this.send.disabled = this.busy > 0;
    const { size } = this.done;
    const state = this.busy ? this.words("busy", this.busy) : size ? this.words("ready", size) : "";
    this.status.textContent = this.over ? `${this.words("more")} ${state}` : state;
  }
}

/** A framing may look detailed for its border alone: the picture as it is has to. */
function isPlain({ pdq, regions }: Fingerprints): boolean {
  return regions < PLAIN && pdq.every(({ variant, quality }) => variant !== "original" || quality < FAIR);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
