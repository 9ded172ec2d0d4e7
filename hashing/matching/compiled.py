"""Compiles the inner loops; compiled code is kept beside the sources, or in the user's cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code. It runs without the interpreter's lock; sums keep their order."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def _ones(_context: Any, word: Any) -> Any:
    def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(word), emit


_tools: Any = cgutils  # which has no types


def _ahead(_context: Any, array: Any, _row: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        held = context.make_array(signature.args[0])(context, builder, arguments[0])
        at = _tools.get_item_pointer(context, builder, array, held, [arguments[1]])
        byte = ir.IntType(8).as_pointer()
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = _tools.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        read, keep, data = number(0), number(3), number(1)
        builder.call(prefetch, [builder.bitcast(at, byte), read, keep, data])
        return context.get_dummy_value()

    return types.void(array, types.intp), emit


# How many bits of a 64-bit word are set; one instruction where the processor has it.
ones = cast(Callable[[Any], int], intrinsic(_ones))
# Have the processor fetch array[row] while other work is done; array has one dimension.
ahead = cast(Callable[[Any, int], None], intrinsic(_ahead))
