"""How every form looks: GOV.UK field groups with an error summary.

`{{ form }}` renders the summary and all fields; `{{ form.field.as_field_group }}` one field. A form whose one
question is the page's heading says so with the class attribute `heading_field = "name"`.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from django import forms
from django.forms import renderers
from django.forms.widgets import Input
from django.template.backends.django import DjangoTemplates

HERE = Path(__file__).parent

# The first class that a widget is an instance of gives its kind and its CSS class.
KINDS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes", "govuk-checkboxes__input"),
    (forms.RadioSelect, "radios", "govuk-radios__input"),
    (forms.CheckboxInput, "checkbox", "govuk-checkboxes__input"),
    (forms.Select, "select", "govuk-select"),
    (forms.Textarea, "textarea", "govuk-textarea"),
    (forms.FileInput, "file", "govuk-file-upload"),
    (forms.HiddenInput, "hidden", ""),
    (Input, "input", "govuk-input"),
)
# These show an error on the field itself; the others on their group only.
MARKED = {"select", "textarea", "file", "input"}


class BoundField(forms.BoundField):
    """A field with what the templates ask: its kind, where an error link lands, whether it is the heading."""

    @property
    def kind(self) -> str:
        return self._kind_and_class[0]

    @property
    def is_heading(self) -> bool:
        return getattr(self.form, "heading_field", None) == self.name

    @property
    def starts_here(self) -> bool:
        """Whether a reader of the page starts at this heading: after a step, unless there is a mistake."""
        return self.is_heading and getattr(self.form, "focus_heading", False) and not self.form.errors

    @property
    def error_target(self) -> str:
        """The id of the control that an error link leads to: in a group, the first one."""
        return f"{self.auto_id}_0" if self.kind in {"radios", "checkboxes"} else self.auto_id

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes with GOV.UK's classes; no `required`: the page says what is missing itself."""
        built = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        own = (widget or self.field.widget).attrs.get("class", "")
        kind, base = self._kind_and_class
        error = f"{base}--error" if self.errors and kind in MARKED else ""
        if classes := " ".join(filter(None, [base, own, error])):
            built["class"] = classes
        if kind in {"radios", "checkboxes"}:
            built.pop("aria-invalid", None)  # not allowed on a single radio; the group's message says it
        return built

    @property
    def _kind_and_class(self) -> tuple[str, str]:
        for widget_class, kind, css_class in KINDS:
            if isinstance(self.field.widget, widget_class):
                return kind, css_class
        return "input", "govuk-input"


class Renderer(renderers.DjangoTemplates):
    """The project's form renderer (settings.FORM_RENDERER)."""

    bound_field_class = BoundField
    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"

    @cached_property
    def engine(self) -> DjangoTemplates:
        """Our templates first, then Django's own."""
        return DjangoTemplates(
            {
                "APP_DIRS": False,
                "DIRS": [HERE / "form_templates", Path(renderers.__file__).parent / "templates"],
                "NAME": "forms",
                "OPTIONS": {"builtins": ["portal.ui.templatetags.ui"]},
            }
        )
