"""How it is safe to reach somebody, in their own words: one sealed text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Safety:
    """`leave` answers "may we leave a message?": "yes", "no", or "" where it was not said. `call` asks for a
    call instead of messages, `when` is a good time, and `say` what to say if somebody else answers."""

    leave: str = ""
    when: str = ""
    call: bool = False
    say: str = ""

    def write(self) -> str:
        return "" if self == Safety() else json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Safety:
        return cls(**json.loads(text)) if text.startswith("{") else _two_lines(text)

    @property
    def may_write(self) -> bool:
        """Whether a message may be sent unasked."""
        return self.leave == YES and not self.call


def _two_lines(text: str) -> Safety:
    """As it was written before `call` and `say` were asked: the answer, then the time."""
    first, _newline, rest = text.partition("\n")
    return Safety(first, rest) if first in {YES, NO, ""} else Safety("", text)
