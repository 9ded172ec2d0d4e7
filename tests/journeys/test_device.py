"""A photograph is fingerprinted in a real browser: as the server would, and nothing of it is sent."""

from __future__ import annotations

from urllib.request import urlopen

import pytest
from PIL import ImageOps
from playwright.sync_api import Browser, Page, Request, Route

from cases.models import Case, Visit, VisitPicture
from hashing.fingerprints import pdq, pdq_variants
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.fingerprints.regional import codes, enrol, serial
from portal.core import clock, static_headers
from portal.embedded.stack import Stack
from portal.vault.models import PictureState
from tests.journeys.walks import choose, press
from tests.photos import encoded, photo

NOISE = """
const own = OffscreenCanvasRenderingContext2D.prototype.getImageData;
OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...place) {
  const found = own.apply(this, place);
  for (let at = 0; at < found.data.length; at += 97) found.data[at] ^= 1;
  return found;
};
"""


@pytest.fixture
def visitor(browser: Browser, origin: str) -> Page:
    """Somebody on a phone who has come to the page that makes fingerprints."""
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="en").new_page()
    page.route("**/device-worker*", serve)
    page.goto(origin)
    page.locator("main form button.govuk-button").first.click()
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


def ended(page: Page, number: int) -> str:
    """What the line of a file says when it is done."""
    line = page.locator("[data-device-list] li").nth(number - 1)
    line.locator("progress").wait_for(state="hidden", timeout=120_000)
    return line.inner_text()


def test_the_browser_makes_the_servers_own_fingerprints(visitor: Page) -> None:
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    visitor.on("request", note)
    picture, data = photo("astronaut"), encoded(photo("astronaut"), "PNG")
    pick(visitor, ("canary-name.png", data))
    assert "ready to add" in ended(visitor, 1)
    press(visitor, "add")
    assert "Fingerprinted here" in visitor.locator("main").inner_text()

    held = VisitPicture.objects.get().picture
    assert (held.state, held.size, held.wrapped_key, held.renditions.count()) == ("on_device", 0, None, 0)
    found = Fingerprint.objects.filter(picture=held, kind="pdq")
    expected = {one.variant: one.value for one in pdq_variants.variants(picture)}
    assert dict(found.values_list("variant", "value")) == expected
    mine = serial.parse(serial.dump(enrol.enrol(picture)))
    theirs = serial.parse(bytes(RegionalFingerprint.objects.get(picture=held).codes))
    near = codes.distances(mine.codes, theirs.codes).min(axis=1) <= 20
    assert (len(theirs), theirs.width, theirs.height) == (len(mine), mine.width, mine.height)
    assert near.mean() >= 0.6

    bodies = b"".join(request.post_data_buffer or b"" for request in sent)
    assert len(bodies) < 40_000
    assert b"canary-name" not in bodies
    assert data[1000:1100] not in bodies
    assert {request.method for request in sent if request.resource_type != "document"} <= {"GET"}


def test_what_nobody_could_recognise_is_not_added(visitor: Page) -> None:
    flat = encoded(photo("cat").resize((1, 1)).resize((300, 200)))
    pick(visitor, ("a.jpg", flat), ("b.jpg", b"no picture at all"))
    assert "too plain to recognise" in ended(visitor, 1)
    assert "cannot be read here" in ended(visitor, 2)
    assert visitor.locator("[data-device-send]").is_hidden()


def test_a_frame_is_asked_about_and_can_be_shown(visitor: Page) -> None:
    framed = encoded(ImageOps.expand(photo("coffee"), (0, 260), "white"), "PNG")
    pick(visitor, ("a.png", framed))
    visitor.get_by_role("button", name="Only the part inside").wait_for(timeout=60_000)
    visitor.get_by_role("button", name="Show me where").click()
    visitor.get_by_role("img", name="Grey, blurred outline").wait_for()
    visitor.get_by_role("button", name="Only the part inside").click()
    assert "ready to add" in ended(visitor, 1)
    press(visitor, "add")
    row = RegionalFingerprint.objects.get(picture=VisitPicture.objects.get().picture)
    assert (row.box, row.left, row.right) == ("trimmed", 0, 600)
    assert (abs(row.top - 260) <= 3, abs(row.bottom - 660) <= 3) == (True, True)


def test_one_can_be_cancelled_while_it_runs(visitor: Page) -> None:
    data = encoded(photo("astronaut"))
    pick(visitor, ("a.jpg", data), ("b.jpg", data))
    visitor.get_by_role("button", name="Cancel File 1").click()
    assert "ready to add" in ended(visitor, 1)
    assert visitor.locator("[data-device-list] li").count() == 1


def test_a_browser_that_hides_pixels_gets_no_wrong_hash(visitor: Page) -> None:
    visitor.unroute("**/device-worker*")
    visitor.route("**/device-worker*", serve_with_noise)
    picture = photo("coffee")
    pick(visitor, ("a.png", encoded(picture, "PNG")), ("b.jpg", encoded(picture)))
    assert "this browser hides files of this kind" in ended(visitor, 1)
    assert "ready to add" in ended(visitor, 2)
    press(visitor, "add")
    found = Fingerprint.objects.get(kind="pdq", variant="original")
    assert pdq.distance(found.value, pdq.pdq(picture).value) <= 8


def test_the_worker_is_served_so_that_it_can_reach_nothing(stack: Stack) -> None:
    with urlopen(f"{stack.base_url}/static/device-worker.js") as answer:
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
        assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"


def test_with_a_confirmed_contact_and_consent_it_is_listed_an_hour_later(visitor: Page) -> None:
    pick(visitor, ("a.jpg", encoded(photo("astronaut"))))
    assert "ready to add" in ended(visitor, 1)
    press(visitor, "add")
    press(visitor, "on")
    press(visitor, "on")
    press(visitor, "on")
    visitor.check('input[name="partners"]')
    press(visitor, "on")
    press(visitor, "on")
    case = Case.objects.get()
    assert [row.picture.state for row in case.pictures.select_related("picture")] == [PictureState.ON_DEVICE]
    assert Visit.objects.get().case == case
    assert clock.now() > case.opened_at
