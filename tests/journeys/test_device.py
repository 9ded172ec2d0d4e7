"""A photograph is fingerprinted in a real browser: as the server would, and nothing of it is sent."""

from __future__ import annotations

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from cases.models import VisitPicture
from hashing.fingerprints import pdq, pdq_variants
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.fingerprints.regional import codes, enrol, serial
from portal.agency.models import Agency
from portal.agency.selectors import forget
from portal.core import static_headers
from portal.vault.models import Picture
from tests.journeys.test_accessibility import faults
from tests.journeys.walks import choose, press, submit
from tests.photos import encoded, photo

pytestmark = pytest.mark.browser

NOISE = """
const own = OffscreenCanvasRenderingContext2D.prototype.getImageData;
OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...place) {
  const found = own.apply(this, place);
  for (let at = 0; at < found.data.length; at += 97) found.data[at] ^= 1;
  return found;
};
"""
SLOW = 90_000
# What `staying.ts` takes for somebody being there.
BUSY = """() => document.querySelector('main [aria-busy="true"], main progress:not([hidden])') !== null"""


@pytest.fixture
def visitor(browser: Browser, origin: str) -> Page:
    """Somebody on a narrow phone who has come to the page that makes fingerprints."""
    page = browser.new_context(viewport={"width": 320, "height": 640}, locale="en").new_page()
    page.route("**/device-worker*", serve)
    page.goto(origin)
    submit(page)
    press(page, "on")
    for field, value in (("danger", "no"), ("about", "me"), ("age", "adult")):
        choose(page, field, value)
    press(page, "on")
    press(page, "on")
    choose(page, "way", "device")
    choose(page, "reach", "none")
    page.wait_for_selector("[data-device]:not([hidden])")
    return page


def serve(route: Route) -> None:
    _serve(route, before="")


def serve_with_noise(route: Route) -> None:
    _serve(route, before=NOISE)


def _serve(route: Route, *, before: str) -> None:
    """The worker with the headers that our own server gives it; the tests' server gives static files none."""
    response = route.fetch()
    headers = dict(response.headers)
    static_headers.add(headers, "device-worker.js", "")
    route.fulfill(response=response, headers=headers, body=before + response.text())


def pick(page: Page, *files: tuple[str, bytes]) -> None:
    chosen = [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files]
    page.set_input_files("[data-device-choose]", chosen)  # type: ignore[arg-type]  # its stub wants a TypedDict


def line(page: Page, number: int) -> Locator:
    return page.locator("[data-device-list] li").nth(number - 1)


def small(name: str) -> Image.Image:
    """A photograph whose longer side is 320 pixels, for tests that are about the page."""
    return ImageOps.contain(photo(name), (320, 320))


def framed(name: str) -> Image.Image:
    return ImageOps.expand(small(name), (0, 140), "white")


def original(picture: Picture) -> str:
    return Fingerprint.objects.get(picture=picture, kind="pdq", variant="original").value


def test_many_at_once_and_nothing_of_them_is_sent(visitor: Page) -> None:
    """One that is plain, one that is no picture, one that has a frame, one twice: each is told of."""
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    visitor.on("request", note)
    data = encoded(photo("astronaut"), "PNG")
    flat = encoded(Image.new("RGB", (300, 200), "grey"))
    files = [("plain.jpg", flat), ("b.jpg", b"no picture at all"), ("canary-name.png", data)]
    pick(visitor, *files, ("again.png", data), ("e.png", encoded(framed("coffee"), "PNG")))
    line(visitor, 4).get_by_role("button", name="Cancel File 4").click()
    expect(line(visitor, 1)).to_contain_text("too plain to recognise", timeout=SLOW)
    expect(line(visitor, 2)).to_contain_text("cannot be read here", timeout=SLOW)
    expect(visitor.locator("[data-device-send]")).to_be_disabled()
    expect(line(visitor, 3)).to_contain_text("fingerprinted here", timeout=SLOW)
    _answer_the_question(visitor)
    expect(line(visitor, 4)).to_contain_text("fingerprinted here", timeout=SLOW)
    expect(visitor.locator("[data-device-status]")).to_have_text("Done: 2")
    press(visitor, "on")

    first, second = [row.picture for row in VisitPicture.objects.order_by("position")]
    _check_as_the_server_would(first, photo("astronaut"))
    _check_trimmed(second)
    bodies = b"".join(request.post_data_buffer or b"" for request in sent)
    assert len(bodies) < 60_000
    assert b"canary-name" not in bodies
    assert data[1000:1100] not in bodies
    assert {request.method for request in sent if request.resource_type != "document"} <= {"GET"}


def _answer_the_question(page: Page) -> None:
    asked = line(page, 4)
    asked.get_by_role("button", name="Only the part inside").wait_for(timeout=SLOW)
    assert not page.evaluate(BUSY), "who has gone and left a question doesn't keep the page open"
    assert page.get_by_role("img").count() == 0, "no picture is shown unasked"
    asked.get_by_role("button", name="Show me where").click()
    asked.get_by_role("img", name="Grey, blurred outline").wait_for()
    assert faults(page, "device-question") == []
    asked.get_by_role("button", name="Only the part inside").click()


def _check_as_the_server_would(held: Picture, picture: Image.Image) -> None:
    assert (held.state, held.size, held.wrapped_key, held.renditions.count()) == ("on_device", 0, None, 0)
    found = Fingerprint.objects.filter(picture=held, kind="pdq")
    expected = {one.variant: one.value for one in pdq_variants.variants(picture)}
    assert dict(found.values_list("variant", "value")) == expected
    mine = serial.parse(serial.dump(enrol.enrol(picture)))
    theirs = serial.parse(bytes(RegionalFingerprint.objects.get(picture=held).codes))
    near = codes.distances(mine.codes, theirs.codes).min(axis=1) <= 20
    assert (len(theirs), theirs.width, theirs.height) == (len(mine), mine.width, mine.height)
    assert near.mean() >= 0.6


def _check_trimmed(held: Picture) -> None:
    row = RegionalFingerprint.objects.get(picture=held)
    width, height = small("coffee").size
    assert (row.box, row.left, row.right) == ("trimmed", 0, width)
    assert (abs(row.top - 140) <= 3, abs(row.bottom - 140 - height) <= 3) == (True, True)
    assert held.enrolment.trim == "accepted"


def test_a_browser_that_hides_pixels_gets_no_wrong_hash(visitor: Page) -> None:
    """A canvas that gives back noise is noticed: JPEG is decoded by hand, all else is not taken."""
    visitor.unroute("**/device-worker*")
    visitor.route("**/device-worker*", serve_with_noise)
    picture = small("coffee")
    pick(visitor, ("a.png", encoded(picture, "PNG")), ("b.jpg", encoded(picture)))
    expect(line(visitor, 1)).to_contain_text("this browser hides files of this kind", timeout=SLOW)
    expect(line(visitor, 2)).to_contain_text("fingerprinted here", timeout=SLOW)
    press(visitor, "on")
    assert pdq.distance(original(VisitPicture.objects.get().picture), pdq.pdq(picture).value) <= 8


def test_one_can_leave_while_it_runs(visitor: Page, origin: str) -> None:
    Agency.objects.update(exit_url=f"{origin}/healthz?weather")
    forget()
    visitor.reload()
    visitor.wait_for_selector("[data-device]:not([hidden])")
    pick(visitor, ("a.png", encoded(photo("astronaut"), "PNG")))
    expect(line(visitor, 1)).to_contain_text("working")
    assert visitor.evaluate(BUSY)
    visitor.locator(".app-exit__link").click()
    visitor.wait_for_url("**/healthz?weather")
    assert VisitPicture.objects.count() == 0


def test_one_too_many_is_told_of_and_numbers_go_on(visitor: Page) -> None:
    """Of 21 the last is left out, in words; the numbers are those that the server gives."""
    flat = encoded(Image.new("RGB", (64, 64), "grey"))
    pick(visitor, *[(f"{number}.jpg", flat) for number in range(21)])
    expect(visitor.locator("[data-device-status]")).to_contain_text("You can add at most 20 files here.")
    assert visitor.locator("[data-device-list] li").count() == 20
    page = visitor.locator("[data-device]")
    assert (page.get_attribute("data-held"), page.get_attribute("data-last")) == ("0", "0")


def test_without_what_it_needs_the_page_offers_the_other_ways(visitor: Page) -> None:
    visitor.add_init_script("delete window.OffscreenCanvas")
    visitor.reload()
    expect(visitor.get_by_text("This page needs JavaScript")).to_be_visible()
    expect(visitor.locator("[data-device]")).to_be_hidden()
    press(visitor, "change:way")
    assert visitor.locator('input[name="way"]').count() == 3
