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

    def __repr__(self) -> str:
        return "Parcel()"  # never its contents: they would reach tracebacks


def write(template: Template, *, to: str, code: str | None) -> Parcel:
    """The message in the active language."""
    if template is Template.CODE:
        return Parcel(to, _("Your code"), _("%(code)s is your code") % {"code": code})
    return Parcel(to, _("An update"), _("There is an update to your request"))
