// One worker, one picture at a time: opens it, asks back if need be, and gives its fingerprints.
import type { Answer, Fingerprints, Order } from "./messages";
import type { Row } from "./row";

/** What became of one picture: its fingerprints, a refusal's code, or "cancelled". */
export type Outcome = Fingerprints | string;

export class Hand {
  private worker: Worker | null = null;

  constructor(
    private readonly start: () => Worker,
    private readonly setup: Extract<Order, { kind: "setup" }>,
  ) {}

  async fingerprint(file: File, row: Row): Promise<Outcome> {
    const worker = (this.worker ??= this.ready());
    return new Promise((resolve) => {
      const end = (outcome: Outcome): void => {
        worker.onmessage = worker.onerror = row.cancel.onclick = null;
        resolve(outcome);
      };
      row.cancel.onclick = () => {
        this.drop();
        end("cancelled");
      };
      worker.onerror = () => {
        this.drop();
        end("failed");
      };
      worker.onmessage = (event: MessageEvent<Answer>) => this.hear(event.data, worker, row, end);
      row.working(0);
      post(worker, { kind: "open", file });
    });
  }

  private hear(answer: Answer, worker: Worker, row: Row, end: (outcome: Outcome) => void): void {
    if (answer.kind === "progress") row.working(answer.share);
    else if (answer.kind === "done") end(answer.fingerprints);
    else if (answer.kind === "refused") end(answer.code);
    else if (answer.kind === "opened") this.opened(answer, worker, row);
  }

  private opened(answer: Extract<Answer, { kind: "opened" }>, worker: Worker, row: Row): void {
    const { within, width, height } = answer;
    const go = (part: typeof within): void => {
      row.working(0);
      post(worker, { kind: "fingerprint", within: part });
    };
    if (!within) return go(null);
    const question = row.ask();
    question.inside.onclick = () => go(within);
    question.whole.onclick = () => go(null);
    question.show.onclick = () => {
      question.show.disabled = true;
      const listen = (event: MessageEvent<Answer>): void => {
        if (event.data.kind !== "veiled") return;
        worker.removeEventListener("message", listen);
        row.outline(event.data.picture, within, width, height);
      };
      worker.addEventListener("message", listen);
      post(worker, { kind: "veil" });
    };
  }

  private ready(): Worker {
    const worker = this.start();
    post(worker, this.setup);
    return worker;
  }

  private drop(): void {
    this.worker?.terminate();
    this.worker = null;
  }
}

function post(worker: Worker, order: Order): void {
  worker.postMessage(order);
}
