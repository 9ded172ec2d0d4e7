"""What the next page says after an action: a code in the address, a sentence from here."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "assigned": _("The case is yours now."),
    "written": _("Sent. The person reads it with their code."),
    "settled": _("Recorded: their messages need no answer."),
    "code-given": _("The new code works from now on, and the old one does not."),
    "code-refused": _("Recorded: no new code is given."),
    "next": _("This is the next case. For 20 minutes it is yours alone: take it, or put it back."),
    "no-next": _("Nothing waits: every case has somebody."),
    "put-back": _("Put back. Somebody else may get it now."),
    "prioritised": _("The priority is what you chose."),
    "moved": _("The state has changed."),
    "trimmed": _(
        "Recorded which part is the picture. If it is another one, it is being fingerprinted again."
    ),
    "retried": _("It is being fingerprinted again."),
    "stepped": _("Recorded."),
    "looked": _("Recorded what you saw."),
    "addressed": _("Added. What the case had already was left out."),
    "drafted": _("Written. Read it once as the service will read it."),
    "notice-approved": _("Approved. It can be sent now."),
    "notice-sent": _("Sent. The clock runs."),
    "notice-by-hand": _("Kept as sent, and the clock runs. Hand it in on the service's form now."),
    "notice-taken-back": _("Taken back. Nothing was sent."),
    "assessed": _("Recorded. The case goes on."),
    "assessed-open": _("Recorded. Something is still unclear: assess it again when it is not."),
    "refused": _("Refused, and written to the person. If they answer, somebody else looks at it again."),
    "reviewed": _("Recorded, and written to the person."),
    "disposal-proposed": _("Put together. Nothing is destroyed until somebody else approves it."),
    "disposed": _("Destroyed. The log says so."),
    "disposal-turned-down": _("Turned down. Nothing was destroyed."),
    "link-linked": _("Linked. Each case now shows the other."),
    "link-apart": _("Recorded: they have nothing to do with each other."),
    "link-undone": _("Undone. They are suggested to each other again, if they have something in common."),
    "handle-added": _("Noted. Cases of your teams with the same account are suggested."),
    "handle-removed": _("Removed."),
    "tagged": _("The tags are as you said."),
    "view-kept": _("Kept. It stands above every search, with how many cases it finds."),
    "view-dropped": _("Dropped."),
    "hold-proposed": _("Proposed. Nothing is kept longer until somebody else agrees."),
    "hold-placed": _("In force. Nothing in this case is destroyed until it ends."),
    "hold-lifted": _("Ended. What was owed meanwhile is done now."),
    "child-reported": _("Recorded that the authority has the report."),
    "proposed": _("Proposed. Somebody else must approve it before it is listed."),
    "not-listed": _("Recorded: this picture is not for a list."),
    "withdrawn": _("Taken off. Partners hear of it within a minute."),
    "approved": _("Approved. It is listed within a few seconds."),
    "judged": _("Proposed. Somebody else must agree before anything changes."),
    "listed-again": _("It is back on its list within a few seconds."),
    "withdrawn-again": _("Withdrawn for good. Partners hear of it within a minute."),
    "linked": _("Linked. Look at it, then propose it or turn it down."),
    "submission-refused": _("Not for a list: its fingerprints are deleted."),
    "rejected": _("Not approved. The case is back with its caseworker."),
    "locked": _("Everything in the case is locked. The team for children has it now."),
    "locked-here": _("Everything in the case is locked. It stays here: no team for children is set up."),
}


def redirect_with(outcome: str, view: str, *args: object) -> HttpResponse:
    """See other: the page `view`, with the sentence for `outcome` on top."""
    return redirect(f"{reverse(view, args=args)}?{urlencode({'done': outcome})}")


def sentence(request: HttpRequest) -> Promise | None:
    """The sentence that this page's address asks for; an unknown code says nothing."""
    return SENTENCES.get(request.GET.get("done", ""))
