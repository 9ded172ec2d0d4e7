// Finds the number that the last page asks for when many requests come from one network. In small pieces, so
// that the page stays usable; the form can be sent without it after a wait.
import { leadingZeros, sha256 } from "./sha256";

const PIECE = 4_000;

export function workOnProof(page: Document): void {
  const asked = page.querySelector<HTMLElement>("[data-proof]");
  const answer = page.querySelector<HTMLInputElement>('input[name="proof"]');
  if (asked === null || answer === null) return;
  const salt = asked.dataset["proof"] ?? "";
  const bits = Number(asked.dataset["bits"]);
  const work = (from: number): void => {
    const found = search(salt, bits, from, from + PIECE);
    if (found === null) {
      setTimeout(() => work(from + PIECE), 0);
      return;
    }
    answer.value = String(found);
    show(asked, "[data-proof-ready]", true);
    show(asked, "[data-proof-wait]", false);
  };
  work(0);
}

export function search(salt: string, bits: number, from: number, to: number): number | null {
  for (let number = from; number < to; number += 1) {
    if (leadingZeros(sha256(`${salt}:${number}`)) >= bits) return number;
  }
  return null;
}

function show(place: HTMLElement, part: string, shown: boolean): void {
  const found = place.querySelector<HTMLElement>(part);
  if (found !== null) found.hidden = !shown;
}
