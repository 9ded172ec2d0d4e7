// One picture's line on the page: its number, how far it is, and what it asks. Never its name, never itself.
import type { Pixels } from "./pixels";
import type { Rectangle } from "./trimming";

/** The page's words, from its `data-word-…` attributes; `{n}` stands for a number. */
export type Words = (name: string, number?: number) => string;

export interface Question {
  readonly inside: HTMLButtonElement;
  readonly whole: HTMLButtonElement;
  readonly show: HTMLButtonElement;
}

export class Row {
  readonly element = document.createElement("li");
  readonly cancel = button("app-link-button");
  private readonly state = document.createElement("span");
  private readonly bar = document.createElement("progress");
  private readonly more = document.createElement("div");

  constructor(
    number: number,
    private readonly words: Words,
    private readonly asks: () => void,
  ) {
    const name = document.createElement("strong");
    name.textContent = words("picture", number);
    this.cancel.textContent = words("cancel");
    this.cancel.append(hidden(` ${words("picture", number)}`));
    this.bar.max = 100;
    this.bar.setAttribute("aria-label", words("picture", number));
    this.element.className = "app-device__row";
    this.element.append(name, " ", this.state, this.bar, this.more, this.cancel);
    this.waiting();
  }

  waiting(): void {
    this.state.textContent = this.words("waiting");
    this.bar.hidden = true;
  }

  working(share: number): void {
    this.bar.hidden = false;
    this.bar.value = Math.round(share * 100);
    this.state.textContent = this.words("working", Math.round(share * 100));
  }

  /** `word` says how it ended. */
  ended(word: string): void {
    this.state.textContent = this.words(word);
    this.bar.hidden = true;
    this.more.replaceChildren();
  }

  removable(): void {
    this.cancel.firstChild!.textContent = this.words("remove");
  }

  /** Part of it looks like a frame: which part is meant? */
  ask(): Question {
    this.state.textContent = this.words("framed");
    this.bar.hidden = true; // nothing is under way: whoever has gone doesn't keep the page open
    this.asks();
    const question = { inside: button(SECOND), whole: button(SECOND), show: button("app-link-button") };
    question.inside.textContent = this.words("inside");
    question.whole.textContent = this.words("whole");
    question.show.textContent = this.words("show");
    const group = document.createElement("div");
    group.className = "govuk-button-group";
    group.append(question.inside, question.whole, question.show);
    this.more.replaceChildren(group);
    return question;
  }

  /** The veiled picture with the found part outlined. */
  outline(veiled: Pixels, part: Rectangle, width: number, height: number): void {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [veiled.width * 4, veiled.height * 4];
    canvas.className = "app-device__veil";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.words("shown"));
    const context = canvas.getContext("2d");
    if (!context) return;
    veiled.data.forEach((level, at) => {
      context.fillStyle = `rgb(${level} ${level} ${level})`;
      context.fillRect((at % veiled.width) * 4, Math.floor(at / veiled.width) * 4, 4, 4);
    });
    const [x, y] = [canvas.width / width, canvas.height / height];
    context.lineWidth = 3;
    context.strokeStyle = "#ffdd00";
    context.strokeRect(part.left * x, part.top * y, (part.right - part.left) * x, (part.bottom - part.top) * y);
    this.more.append(canvas);
  }
}

const SECOND = "govuk-button govuk-button--secondary";

function button(style: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = style;
  return made;
}

function hidden(text: string): HTMLElement {
  const made = document.createElement("span");
  made.className = "govuk-visually-hidden";
  made.textContent = text;
  return made;
}
