"""What holds on every public page, whatever it shows: asked of the page on screen."""

from __future__ import annotations

from playwright.sync_api import Error, Page

# Where the middle of the way out is: itself, at the top, the middle and the end of the page.
COVERED = """() => [0, 0.5, 1].filter(part => {
  window.scrollTo(0, part * document.documentElement.scrollHeight);
  const link = document.querySelector('.app-exit__link'), box = link.getBoundingClientRect();
  return !link.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))
    || box.top < 0 || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth;
})"""
# The files of the page's own: style sheet, script, icon, and the page itself; without the worker.
WEIGHT = """async () => {
  const own = [...document.querySelectorAll('link[href], script[src]')].map(one => one.href || one.src);
  const size = async at => (await (await fetch(at)).arrayBuffer()).byteLength;
  const sizes = [...new Set(own), location.href].map(size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}"""
STARTS = "() => document.activeElement.matches('h1, .govuk-error-summary')"
FIRST = {"start", "follow"}  # come from nowhere: their readers start at the top
PATIENCE = 10_000  # milliseconds
HEAVIEST = 100_000  # bytes, not compressed


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with a public page, in words."""
    found = []
    if parts := page.evaluate(COVERED):
        found.append(f"{name}: the way out is covered or off screen at {parts}")
    if (weight := page.evaluate(WEIGHT)) > HEAVIEST:
        found.append(f"{name}: {weight} bytes")
    return found


def starts_at_its_heading(page: Page, name: str) -> list[str]:
    """The reader of a page that follows another starts at its heading, or at what was wrong."""
    if name not in FIRST and not is_at_its_heading(page):
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 100)")
        return [f"{name}: starts at {where}"]
    return []


def is_at_its_heading(page: Page) -> bool:
    """Whether the focus comes there: a browser moves it some time after the page has loaded."""
    try:
        page.wait_for_function(STARTS, timeout=PATIENCE)
    except Error:
        return False
    return True
