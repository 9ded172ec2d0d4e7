// A button that copies what must be kept; where the clipboard can't be used, there is no button.
export function copyOnPress(page: Document): void {
  const button = page.querySelector<HTMLButtonElement>("button[data-copy]");
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (button === null || clipboard === undefined) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    void clipboard.writeText(button.dataset["copy"] ?? "").then(() => {
      button.textContent = button.dataset["copied"] ?? "";
    });
  });
}
