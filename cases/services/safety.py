"""How it is safe to write to somebody: one sealed text; its first line answers "may we leave a message?"."""

from __future__ import annotations

from dataclasses import dataclass

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Safety:
    """`leave` is "yes", "no", or "" where it was not answered; `when` is in the person's own words."""

    leave: str = ""
    when: str = ""

    def write(self) -> str:
        """The first line is always the answer, so that nothing of `when` can be taken for one."""
        return f"{self.leave}\n{self.when}".rstrip()

    @classmethod
    def read(cls, text: str) -> Safety:
        first, _newline, rest = text.partition("\n")
        return cls(first, rest) if first in {YES, NO, ""} else cls("", text)
