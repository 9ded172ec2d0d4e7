// After a refused answer the reader starts at the summary, and its links land in the field itself.
export function focusErrorSummary(page: Document): void {
  const summary = page.querySelector<HTMLElement>(".govuk-error-summary");
  if (summary === null) return;
  summary.setAttribute("tabindex", "-1");
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const id = link?.getAttribute("href")?.slice(1);
    const field = id === undefined ? null : page.getElementById(id);
    if (field === null) return;
    event.preventDefault();
    const group = field.closest(".govuk-form-group") ?? field;
    group.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}
