// A second click on a slow network must not send the form twice; and while files are on their way, the page is
// busy: it must not end itself, and them with it.
const QUIET_MS = 10_000;

export function guardDoubleSubmit(page: Document): void {
  const sent = new WeakMap<HTMLFormElement, number>();
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    const last = sent.get(form);
    const now = Date.now();
    if (last !== undefined && now - last < QUIET_MS) event.preventDefault();
    else start(form, now);
  });
  const start = (form: HTMLFormElement, now: number): void => {
    sent.set(form, now);
    if (form.enctype === "multipart/form-data") form.setAttribute("aria-busy", "true");
  };
  // A page shown again from the back/forward cache may be sent again.
  page.defaultView?.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of page.forms) sent.delete(form);
  });
}
