"""Ways through the pages of staff, like those of `walks`."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.partner_scene import PartnerScene
from tests.journeys.walks import Walk, follow_to, submit


def desk(page: Page, origin: str, reference: str, *, entry: str, view: str, notice: str) -> Walk:
    """Every page of the desk. `view` is the id of a reveal that is ready, `notice` of a drafted notice."""
    case = f"{origin}/desk/cases/{reference}/"
    for name, address in (
        ("queue", f"{origin}/desk/"),
        ("queue-empty", f"{origin}/desk/?show=mine"),
        ("case", f"{case}?done=assigned"),
        ("contact", f"{case}contact"),
        ("messages", f"{case}messages"),
        ("location", f"{case}locations/2/?done=stepped"),
        ("hold", f"{case}hold"),
        ("search", f"{origin}/desk/search/"),
        ("search-found", f"{origin}/desk/search/?state=open"),
        ("case-in-result", f"{case}?within=state%3Dopen"),
        ("handover", f"{origin}/desk/handover/"),
        ("links", f"{case}links/"),
        ("assessment", f"{case}assessment"),
        ("notice-choose", f"{case}notices/new"),
        ("notice-write", f"{case}notices/new/united_states"),
        ("notice", f"{origin}/desk/notices/{notice}/"),
        ("notice-change", f"{origin}/desk/notices/{notice}/change"),
        ("location-add", f"{case}locations/add"),
        ("reveal-ask", f"{case}files/1/view"),
        ("propose", f"{case}files/2/propose"),
        ("not-listed", f"{case}files/2/not-listed"),
        ("withdraw", f"{case}files/1/withdraw"),
        ("due", f"{origin}/desk/due/"),
        ("disposals", f"{origin}/desk/disposals/"),
        ("approvals", f"{origin}/desk/approvals/"),
        ("proposal", f"{origin}/desk/approvals/{entry}/"),
        ("reveal-ready", f"{case}views/{view}/"),
    ):
        page.goto(address)
        yield name
    submit(page)
    yield "reveal-open"
    page.goto(f"{case}files/1/view")
    submit(page)
    yield "reveal-ask-mistake"
    page.fill('textarea[name="reason"]', "to tell two copies apart")
    submit(page)
    yield "reveal-waiting"


def account(page: Page, origin: str) -> Walk:
    """One's own account, and what each role may do."""
    page.goto(f"{origin}/desk/roles/")
    yield "roles"
    page.goto(f"{origin}/desk/you/")
    yield "account"
    follow_to(page, 'form[action$="passkeys/new"] button')
    yield "passkey-new"
    page.goto(f"{origin}/desk/you/")
    follow_to(page, 'form[action$="you/codes"] button')
    yield "recovery-codes"
    page.goto(f"{origin}/desk/you/?done=ended")
    yield "account-with-codes"


def letter(page: Page, origin: str, token: str, notice: str) -> Walk:
    """A notice that was sent: at the desk, and where its recipient checks it."""
    page.goto(f"{origin}/desk/notices/{notice}/")
    yield "notice-sent"
    page.goto(f"{origin}/letters/{token}")
    yield "letter"


def partners(page: Page, origin: str, scene: PartnerScene) -> Walk:
    """Every page about partners, and the public's figures."""
    for name, address in (
        ("disputes", "desk/disputes/?done=judged"),
        ("dispute-proposed", f"desk/disputes/{scene.proposed}/"),
        ("dispute", f"desk/disputes/{scene.fresh}/"),
        ("submissions", "desk/submissions/"),
        ("submission", f"desk/submissions/{scene.linked}/"),
        ("submission-unlinked", f"desk/submissions/{scene.unlinked}/"),
        ("partners", "desk/partners/"),
        ("partner", f"desk/partners/{scene.partner}/"),
        ("case-feedback", f"desk/cases/{scene.case.reference}/"),
        ("figures", "figures/"),
    ):
        page.goto(f"{origin}/{address}")
        yield name
    page.goto(f"{origin}/desk/disputes/{scene.fresh}/")
    submit(page)
    yield "dispute-mistake"
    page.goto(f"{origin}/desk/submissions/{scene.linked}/")
    submit(page)
    yield "submission-mistake"


def log(page: Page, origin: str, reference: str, staff: str, day: str) -> Walk:
    """Every page of the auditors."""
    for name, address in (
        ("log", ""),
        ("log-mistake", "?since=yesterday"),
        ("log-empty", "?who=nobody"),
        ("log-case", f"cases/{reference}/"),
        ("log-day", f"staff/{staff}/{day}/"),
        ("log-unusual", "unusual/"),
        ("log-exports", "exports/"),
    ):
        page.goto(f"{origin}/desk/log/{address}")
        yield name
    submit(page)
    yield "log-exports-mistake"
    page.fill('textarea[name="reason"]', "The regulator asked for it.")
    submit(page)
    yield "log-exports-asked"


def finding(page: Page, origin: str, reference: str, photo: bytes, answer: Callable[[], object]) -> Walk:
    """A case whose picture is in another too; then a file is looked up; `answer` does the worker's part."""
    page.goto(f"{origin}/desk/cases/{reference}/")
    yield "case-elsewhere"
    page.goto(f"{origin}/desk/find/")
    yield "find-age"
    submit(page)
    yield "find-age-mistake"
    page.check('input[name="age"][value="unsure"]')
    submit(page)
    yield "find-child"
    page.goto(f"{origin}/desk/find/")
    page.check('input[name="age"][value="adult"]')
    submit(page)
    yield "find-file"
    submit(page)
    yield "find-file-mistake"
    page.set_input_files('input[name="upload"]', {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo})
    submit(page)
    yield "find-waiting"
    answer()
    page.goto(page.url)
    yield "found"


def unavailable(page: Page, origin: str) -> Walk:
    page.goto(f"{origin}/desk/find/")
    yield "find-unavailable"


def languages(page: Page, origin: str) -> Walk:
    """The translations that no person has approved yet, of one language that is written from the left and one
    that isn't."""
    for name, address in (("languages", ""), ("language", "es/"), ("language-rtl", "ar/")):
        page.goto(f"{origin}/desk/languages/{address}")
        yield name
