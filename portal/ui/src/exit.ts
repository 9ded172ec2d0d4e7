// Leaving quickly: the exit link, or Shift three times within five seconds. `replace` keeps this page out
// of the back button's way; the link itself works without any script.
const PRESSES = 3;
const WINDOW_MS = 5_000;

export function listenForExit(page: Document, view: Window): void {
  const link = page.querySelector<HTMLAnchorElement>("[data-exit]");
  if (link === null) return;
  const leave = (): void => {
    page.documentElement.classList.add("app-leaving");
    page.title = "…";
    view.location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  listenForShift(page, leave);
  // A page that a browser brings back as it was shows what may be over by now: the server is asked instead.
  view.addEventListener("pageshow", (event) => {
    if (event.persisted) view.location.reload();
  });
}

function listenForShift(page: Document, leave: () => void): void {
  let presses: number[] = [];
  page.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < WINDOW_MS), now];
    if (presses.length >= PRESSES) leave();
  });
}
