"""Compiles the inner loops; compiled code is kept beside the sources, or in the user's cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core import types
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code. It runs without the interpreter's lock; sums keep their order."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def _ones(_context: Any, word: Any) -> Any:
    def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(word), emit


# How many bits of a 64-bit word are set; one instruction where the processor has it.
ones = cast(Callable[[Any], int], intrinsic(_ones))
