"""What messages say: nothing about why somebody hears from the agency, and no link."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.notify.models import Template


@dataclass(frozen=True)
class Parcel:
    """One message as it leaves the house."""

    to: str
    subject: str
    body: str
    # In whose name it goes and where answers go: "" for the neutral sender, who takes none.
    sender: str = ""
    reply_to: str = ""

    def __repr__(self) -> str:
        return "Parcel()"  # never its contents: they would reach tracebacks


def write(template: Template, *, to: str, code: str | None, about: str | None = None) -> Parcel:
    """The message in the active language."""
    if template is Template.CODE:
        return Parcel(to, _("Your code"), _("%(code)s is your code") % {"code": code})
    if template is Template.DELETION:
        body = _(
            "Our agreement has ended, and your keys with it. Please delete everything that you have "
            "received from us, copies and backups included, and send us a signed certificate that you did."
        )
        return Parcel(to, _("Please delete what you have from us"), body)
    if template is Template.DIGEST:
        return Parcel(to, _("What is due"), about or "")
    if template is Template.PROOF:
        return Parcel(to, "Checkpoint", about or "")
    if template is Template.SILENCE:
        body = _("%(name)s has not connected for two weeks or more. Please ask them why.") % {"name": about}
        return Parcel(to, _("A connection is silent"), body)
    return Parcel(to, _("An update"), _("There is an update to your request"))
