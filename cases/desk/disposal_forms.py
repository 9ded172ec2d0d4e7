"""Which cases go together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms


class _Ids(forms.Field):
    """Any number of ids; what may be chosen, the service knows."""

    def to_python(self, value: Any) -> list[UUID]:
        try:
            return [UUID(one) for one in value or []]
        except ValueError as error:
            raise forms.ValidationError("no id", code="invalid") from error


class DisposalForm(forms.Form):
    team = forms.UUIDField()
    cases = _Ids(widget=forms.MultipleHiddenInput())
