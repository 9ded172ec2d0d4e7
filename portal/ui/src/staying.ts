// A visit ends after half an hour without a step, and after four hours whatever happens. Five minutes before,
// a bar says so and offers to stay. Typing, and files or fingerprints under way, count as being there.
const WARNING_S = 5 * 60;
const TICK_MS = 5_000;

export function watchTheEnd(page: Document, view: Window): void {
  const bar = page.querySelector<HTMLElement>("[data-stay]");
  const token = page.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]');
  if (bar === null || token === null) return;
  new Watch(page, view, bar, token.value).start();
}

class Watch {
  private readonly idle: number;
  private readonly left: number;
  private readonly began = Date.now();
  private stayed = Date.now();
  private typed = false;

  constructor(
    private readonly page: Document,
    private readonly view: Window,
    private readonly bar: HTMLElement,
    private readonly token: string,
  ) {
    this.idle = Number(bar.dataset["idle"]);
    this.left = Number(bar.dataset["left"]);
  }

  start(): void {
    this.page.addEventListener("input", () => (this.typed = true));
    this.part("on")?.addEventListener("click", () => void this.stay());
    const timer = this.view.setInterval(() => this.tick(), TICK_MS);
    this.view.addEventListener("pagehide", () => this.view.clearInterval(timer));
    this.tick();
  }

  private tick(): void {
    const idle = this.idle - seconds(this.stayed);
    const left = this.left - seconds(this.began);
    if (Math.min(idle, left) <= 0) return this.view.location.replace(this.view.location.pathname);
    if ((this.typed || this.isBusy()) && seconds(this.stayed) >= WARNING_S && left > WARNING_S) void this.stay();
    const last = left <= WARNING_S;
    const soon = !last && idle <= WARNING_S;
    this.show("last", last);
    this.show("soon", soon);
    this.show("on", soon);
  }

  /** Whether a file is being read, fingerprinted or sent. */
  private isBusy(): boolean {
    return this.page.querySelector('main [aria-busy="true"], main progress:not([hidden])') !== null;
  }

  private async stay(): Promise<void> {
    this.typed = false;
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.token });
    const answer = await fetch("/stay", { method: "POST", body }).catch(() => null);
    if (answer?.ok) this.stayed = Date.now();
    else if (answer?.status === 410) this.view.location.replace(this.view.location.pathname);
    this.tick();
  }

  private part(name: string): HTMLElement | null {
    return this.bar.querySelector<HTMLElement>(`[data-stay-${name}]`);
  }

  private show(name: string, shown: boolean): void {
    const part = this.part(name);
    if (part !== null && part.hidden === shown) part.hidden = !shown;
  }
}

function seconds(since: number): number {
  return (Date.now() - since) / 1000;
}
