"""Choices are given to one form, and only to a field that has some."""

from __future__ import annotations

import pytest
from django import forms

from portal.ui.fields import choice_field


class Form(forms.Form):
    colour = forms.ChoiceField(choices=[("red", "Red")])
    shades = forms.MultipleChoiceField(choices=[("light", "Light")])
    name = forms.CharField()


def test_choices_are_this_forms_alone() -> None:
    values = {"colour": "blue", "shades": ["light"], "name": "x"}
    one, other = Form(values), Form(values)
    choice_field(one, "colour").choices = [("blue", "Blue")]
    assert one.is_valid()
    assert list(other.errors) == ["colour"]


def test_a_field_of_many_choices_is_one_too() -> None:
    form = Form({"colour": "red", "shades": ["dark"], "name": "x"})
    choice_field(form, "shades").choices = [("dark", "Dark")]
    assert form.is_valid()


def test_another_field_is_refused() -> None:
    with pytest.raises(TypeError, match="name offers no choices"):
        choice_field(Form(), "name")
