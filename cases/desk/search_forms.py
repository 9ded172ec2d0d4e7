"""What to search for, how to keep it, and what to do to many cases at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import platforms, searching
from cases.models import Priority
from cases.searching import Filters
from cases.services import bulk
from cases.states import CaseState
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.core.context import Actor
from portal.core.errors import Invalid
from portal.ui.fields import choice_field
from portal.ui.widgets import Radios

_WORKERS = (Role.CASEWORKER, Role.SUPERVISOR)


def colleagues(actor: Actor) -> list[tuple[str, str]]:
    """Who works on cases in the viewer's teams, by name."""
    rows = Staff.objects.filter(teams__in=actor.teams, is_active=True, role__in=_WORKERS).distinct()
    return [(str(pk), name) for pk, name in rows.order_by("name", "pk").values_list("pk", "name")]


class SearchForm(forms.Form):
    """Posted, so that nothing typed stands in an address."""

    typed = forms.CharField(
        label=_("Search"),
        help_text=_("A reference, a web address, an account such as @name, or a person's contact."),
        required=False,
        max_length=2000,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "dir": "auto"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any")), ("open", _("All open")), ("closed", _("All closed")), *CaseState.choices],
    )
    priority = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[("", _("Any")), *Priority.choices]
    )
    platform = forms.ChoiceField(
        label=_("Service"),
        required=False,
        choices=[("", _("Any")), *((one.code, one.name) for one in platforms.PLATFORMS)],
    )
    who = forms.ChoiceField(label=_("Assigned to"), required=False)
    tag = forms.CharField(
        label=_("Tag"), required=False, max_length=30, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, data: Any = None, *, actor: Actor, filters: Filters | None = None) -> None:
        super().__init__(data, initial=filters.said if filters else None)
        who = [("", _("Anybody or nobody")), ("me", _("Me")), ("nobody", _("Nobody yet")), *colleagues(actor)]
        if filters and filters.who and filters.who not in dict(who):
            who.append((filters.who, _("Somebody who has left")))
        choice_field(self, "who").choices = who

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        try:
            values |= searching.key_of(values.get("typed", ""))
        except Invalid as error:
            self.add_error("typed", error.message)
        values["tag"] = values.get("tag", "").strip().removeprefix("#").casefold()
        return values

    @property
    def filters(self) -> Filters:
        return Filters.read({name: value for name, value in self.cleaned_data.items() if value})


class KeepForm(forms.Form):
    prefix = "keep"

    name = forms.CharField(
        label=_("Name of this search"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Give it a name of at most 40 letters.")},
    )
    team = forms.ChoiceField(label=_("For whom?"), required=False)

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        teams = Team.objects.filter(pk__in=actor.teams).order_by("name").values_list("pk", "name")
        choices = [("", _("For me alone")), *((str(pk), name) for pk, name in teams)]
        choice_field(self, "team").choices = choices

    @property
    def team_id(self) -> UUID | None:
        return UUID(self.cleaned_data["team"]) if self.cleaned_data["team"] else None


class BulkForm(forms.Form):
    """What to do; assigning only for those who may."""

    prefix = "bulk"

    action = forms.ChoiceField(
        label=_("What to do"), widget=Radios, error_messages={"required": _("Choose what to do.")}
    )
    staff = forms.ChoiceField(label=_("To whom (to assign)"), required=False)
    tag = forms.CharField(
        label=_("Tag (to tag)"),
        required=False,
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, actor: Actor, may_assign: bool) -> None:
        super().__init__(data)
        actions = [
            (bulk.Action.TAG.value, _("Put a tag on them")),
            (bulk.Action.UNTAG.value, _("Take a tag off them")),
            (bulk.Action.CLOSE.value, _("Close those that are resolved")),
        ]
        if may_assign:
            actions.insert(0, (bulk.Action.ASSIGN.value, _("Assign them")))
        people = [("", _("Nobody")), *colleagues(actor)]
        choice_field(self, "action").choices = actions
        choice_field(self, "staff").choices = people

    @property
    def wanted(self) -> bulk.Wanted:
        action = bulk.Action(self.cleaned_data["action"])
        value = self.cleaned_data["staff"] if action is bulk.Action.ASSIGN else self.cleaned_data["tag"]
        return bulk.Wanted(action, "" if action is bulk.Action.CLOSE else value)
