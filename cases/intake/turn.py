"""One POST of the journey: what came with it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest

from cases.intake import steps
from cases.intake.draft import Draft
from cases.intake.step_forms import StepForm
from cases.intake.steps import Step
from cases.services.visits import OpenVisit
from portal.core.context import Context


@dataclass
class Turn:
    """`form` is bound to what was posted; `refused` asks for the same page again, with its errors."""

    ctx: Context
    request: HttpRequest
    visit: OpenVisit
    draft: Draft
    step: Step
    form: StepForm
    minor_route: str
    refused: bool = field(default=False)

    @property
    def action(self) -> str:
        """Which button: "on" unless it has a name of its own."""
        return self.request.POST.get("go", "on")

    def accepts(self) -> bool:
        """Whether the answers can be used."""
        self.refused = not self.form.is_valid()
        return not self.refused

    def refuse(self, field_name: str, message: str) -> None:
        self.form.add_error(field_name, message)
        self.refused = True

    def go_on(self) -> None:
        steps.go_on(self.draft, self.step, self.minor_route)

    def rather_not(self) -> None:
        """Go on without an answer; what was said here before goes."""
        for name in self.form.fields_of_draft:
            setattr(self.draft, name, getattr(Draft(), name))
        self.go_on()

    def answer(self) -> None:
        """What most pages do: keep a valid answer and go on."""
        if self.accepts():
            self.form.apply(self.draft)
            self.go_on()
