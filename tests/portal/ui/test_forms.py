"""The markup of fields: what a screen reader and a phone are told."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.template import engines

from portal.ui.widgets import Checkboxes, Code, Files, OneTimeCode, Radios

CHOICES = [("a", "First"), ("b", "Second")]


class Question(forms.Form):
    heading_field = "who"
    who = forms.ChoiceField(
        label="Who?", choices=CHOICES, widget=Radios(hints={"a": "The <first>"}), help_text="Why we ask"
    )


class Several(forms.Form):
    mail = forms.EmailField(
        label="Email",
        widget=forms.EmailInput({"autocomplete": "email", "class": "govuk-input--width-20"}),
    )
    story = forms.CharField(label="Story", required=False, widget=forms.Textarea({"rows": 5}))
    agree = forms.BooleanField(label="I agree", help_text="You can change your mind")
    any_of = forms.MultipleChoiceField(label="Any", choices=CHOICES, widget=Checkboxes())
    code = forms.CharField(label="Code", widget=OneTimeCode())
    place = forms.ChoiceField(label="Place", choices=CHOICES)
    hidden = forms.CharField(required=False, widget=forms.HiddenInput())


def flat(markup: str) -> str:
    return re.sub(r">\s+<", "><", str(markup)).strip()


def group(form: forms.Form, name: str) -> str:
    return flat(form[name].as_field_group())


def test_a_question_of_its_own_is_the_heading() -> None:
    assert flat(str(Question())) == (
        '<div class="govuk-form-group"><fieldset class="govuk-fieldset" aria-describedby="id_who_helptext">'
        '<legend class="govuk-fieldset__legend govuk-fieldset__legend--l">'
        '<h1 class="govuk-fieldset__heading">Who?</h1></legend>'
        '<div class="govuk-hint" id="id_who_helptext">Why we ask</div>'
        '<div class="govuk-radios"><div class="govuk-radios__item">'
        '<input type="radio" name="who" value="a" class="govuk-radios__input" id="id_who_0" '
        'aria-describedby="id_who_0_hint">'
        '<label class="govuk-label govuk-radios__label" for="id_who_0">First</label>'
        '<div class="govuk-hint govuk-radios__hint" id="id_who_0_hint">The &lt;first&gt;</div></div>'
        '<div class="govuk-radios__item">'
        '<input type="radio" name="who" value="b" class="govuk-radios__input" id="id_who_1">'
        '<label class="govuk-label govuk-radios__label" for="id_who_1">Second</label></div></div>'
        "</fieldset></div>"
    )


def test_an_error_summary_leads_to_the_first_choice() -> None:
    markup = flat(str(Question({})))
    assert markup.startswith(
        '<div class="govuk-error-summary" data-module="govuk-error-summary" tabindex="-1" '
    )
    assert markup.count("autofocus") == 1
    assert '<li><a href="#id_who_0">This field is required.</a></li>' in markup
    assert 'aria-describedby="id_who_helptext id_who_error"' in markup
    assert (
        '<div id="id_who_error"><p class="govuk-error-message">'
        '<span class="govuk-visually-hidden">Error:</span> This field is required.</p></div>' in markup
    )
    assert "aria-invalid" not in markup


def test_a_text_field_names_its_error_and_keeps_its_attributes() -> None:
    assert group(Several({"mail": "x"}), "mail") == (
        '<div class="govuk-form-group govuk-form-group--error">'
        '<label class="govuk-label" for="id_mail">Email</label>'
        '<div id="id_mail_error"><p class="govuk-error-message">'
        '<span class="govuk-visually-hidden">Error:</span> Enter a valid email address.</p></div>'
        '<input type="email" name="mail" value="x" autocomplete="email" '
        'class="govuk-input govuk-input--width-20 govuk-input--error" maxlength="320" aria-invalid="true" '
        'aria-describedby="id_mail_error" id="id_mail"></div>'
    )


def test_a_single_checkbox_has_its_label_beside_it() -> None:
    assert group(Several(), "agree") == (
        '<div class="govuk-form-group"><div class="govuk-checkboxes"><div class="govuk-checkboxes__item">'
        '<input type="checkbox" name="agree" aria-describedby="id_agree_helptext" '
        'class="govuk-checkboxes__input" id="id_agree">'
        '<label class="govuk-label govuk-checkboxes__label" for="id_agree">I agree</label>'
        '<div class="govuk-hint govuk-checkboxes__hint" id="id_agree_helptext">You can change your mind</div>'
        "</div></div></div>"
    )


@pytest.mark.parametrize(
    ("name", "css_class"),
    [("story", "govuk-textarea"), ("place", "govuk-select"), ("any_of", "govuk-checkboxes__input")],
)
def test_other_controls_have_their_class(name: str, css_class: str) -> None:
    assert f'class="{css_class}"' in group(Several(), name)


def test_a_one_time_code_can_be_filled_in_by_the_phone() -> None:
    markup = group(Several(), "code")
    assert 'inputmode="numeric"' in markup
    assert 'autocomplete="one-time-code"' in markup


def test_codes_are_never_remembered_by_the_browser() -> None:
    class Follow(forms.Form):
        reference = forms.CharField(widget=Code())

    markup = group(Follow(), "reference")
    assert 'autocomplete="off"' in markup
    assert 'spellcheck="false"' in markup


def test_files_may_be_several() -> None:
    class Upload(forms.Form):
        pictures = forms.FileField(widget=Files({"accept": "image/jpeg"}))

    markup = group(Upload(), "pictures")
    assert " multiple" in markup
    assert 'class="govuk-file-upload"' in markup


def test_the_page_says_what_is_missing_not_the_browser() -> None:
    assert "required" not in flat(str(Several()))


def test_hidden_fields_have_no_group() -> None:
    markup = flat(str(Several()))
    assert markup.endswith('<input type="hidden" name="hidden" id="id_hidden">')


def test_a_summary_shown_above_the_heading_is_not_repeated() -> None:
    page = engines["django"].from_string("{% error_summary form %}<h1>x</h1>{{ form }}")
    markup = page.render({"form": Question({})})
    assert markup.count("govuk-error-summary__title") == 1
    assert markup.index("govuk-error-summary") < markup.index("<h1>")


def test_an_error_of_the_whole_form_leads_to_its_first_field() -> None:
    form = Question({"who": "a"})
    form.add_error(None, "Too many tries")
    assert '<li><a href="#id_who_0">Too many tries</a></li>' in flat(str(form))
