"""The product's source as a graph: which function refers to which, which writes rows, which records.

Found by walking the packages that serve an agency; nothing is listed by hand. `portal.bench`,
`portal.demo` and `portal.embedded` make sample data through the same services, and are left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[4]
PACKAGES = ("portal", "hashing", "cases")
LEFT_OUT = ("portal/bench", "portal/demo", "portal/embedded")
RECORD = "portal.audit.recording.record"
UNRECORDED = "portal.audit.exemptions.unrecorded"

_DEEPEST = 4
_ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create"}
# Anywhere in a statement: it may begin with WITH.
_UPDATE = r"UPDATE\s+\S+(\s+AS\s+\S+)?\s+SET"
_SQL = re.compile(rf"\b(INSERT\s+INTO|{_UPDATE}|DELETE\s+FROM|TRUNCATE)\b", re.IGNORECASE)


@dataclass
class Function:
    """A function, a method, or a module's own statements (a table of functions, for instance)."""

    name: str
    path: str
    node: ast.AST
    line: int
    refers: set[str] = field(default_factory=set)
    writes: list[int] = field(default_factory=list)
    calls_methods: set[str] = field(default_factory=set)
    exempt: bool = False

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line} {self.name}"


@dataclass
class Module:
    name: str
    path: str
    tree: ast.Module
    names: dict[str, str]  # what a name at the top of the module stands for


def files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            place = path.relative_to(ROOT)
            if not is_left_out(place):
                yield path


def is_left_out(place: Path) -> bool:
    """By whole names of folders: a module that is called like one is not."""
    above = [str(folder) for folder in place.parents]
    return place.parent.name == "migrations" or any(folder in LEFT_OUT for folder in above)


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in files():
        place = path.relative_to(ROOT)
        parts = list(place.with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[name] = Module(name, str(place), tree, _names(name, tree))
    # The one name that is imported when it is first used.
    found["portal.audit"].names["record"] = RECORD
    return found


def _names(module: str, tree: ast.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[node.name] = f"{module}.{node.name}"
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {one.id: f"{module}.{one.id}" for one in targets if isinstance(one, ast.Name)}
    return names


def resolve(name: str) -> str:
    """Where a dotted name is really defined, through any number of re-exports."""
    for _ in range(8):
        module, _dot, last = name.rpartition(".")
        known = modules().get(module)
        target = known.names.get(last) if known else None
        if target is None or target == name:
            return name
        name = target
    return name


def dotted(node: ast.AST, module: Module, owner: str = "") -> str:
    """The project's name for an expression such as `lists.propose` or `self._seal`; "" for anything else."""
    if isinstance(node, ast.Name):
        return resolve(module.names.get(node.id, ""))
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"} and owner:
            return f"{owner}.{node.attr}"
        front = dotted(node.value, module, owner)
        return resolve(f"{front}.{node.attr}") if front else ""
    return ""


@cache
def functions() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for module in modules().values():
        for node in module.tree.body:
            _collect(found, module, node, module.name)
    _link_methods(found)
    return found


def _collect(found: dict[str, Function], module: Module, node: ast.stmt, owner: str) -> None:
    if isinstance(node, ast.ClassDef):
        for inner in node.body:
            _collect(found, module, inner, f"{owner}.{node.name}")
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        _add(found, module, node, f"{owner}.{node.name}", owner if owner != module.name else "")
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name):
                _add(found, module, node, f"{owner}.{target.id}", "")


def _add(found: dict[str, Function], module: Module, node: ast.stmt, name: str, owner: str) -> None:
    one = found[name] = Function(name, module.path, node, node.lineno)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name | ast.Attribute):
            target = dotted(inner, module, owner)
            if target:
                one.refers.add(target)
        if isinstance(inner, ast.Call):
            _look_at_call(one, inner, module, owner)
    one.exempt = UNRECORDED in one.refers
    one.refers.discard(name)


def _look_at_call(one: Function, call: ast.Call, module: Module, owner: str) -> None:
    if not isinstance(call.func, ast.Attribute):
        if isinstance(call.func, ast.Name) and call.func.id == "getattr" and owner:
            one.calls_methods.add(f"{owner}.")  # a command that picks its own method by name
        return
    known = dotted(call.func, module, owner)
    if known.startswith(PACKAGES) and known in functions_named(module):
        return
    if writes_rows(call, module):
        one.writes.append(call.lineno)
    one.calls_methods.add(call.func.attr)


def functions_named(module: Module) -> set[str]:
    """Names of the functions that this module imports by their module: `keyring.create` is no row's."""
    return {
        f"{target}.{node.name}"
        for target in map(resolve, module.names.values())
        if target in modules()
        for node in modules()[target].tree.body
        if isinstance(node, ast.FunctionDef)
    }


def _is_module(node: ast.AST, module: Module) -> bool:
    name = module.names.get(node.id, "") if isinstance(node, ast.Name) else ""
    return name in modules() or (bool(name) and not name.startswith(PACKAGES) and name.islower())


def writes_rows(call: ast.Call, module: Module) -> bool:
    """Whether a method call changes the database: by Django's names, or by SQL that says so."""
    assert isinstance(call.func, ast.Attribute)
    name, receiver = call.func.attr, call.func.value
    rules = {
        "save": not call.args,
        "delete": not call.args,
        "update": bool(call.keywords) and not call.args,
        "create": not isinstance(receiver, ast.Name) or bool(call.keywords and not call.args),
        **dict.fromkeys(("execute", "executemany", "copy"), _is_writing_sql(call, module)),
        **dict.fromkeys(_ALWAYS, True),
        **dict.fromkeys(("set", "add", "remove", "clear"), getattr(receiver, "attr", "") in _many_to_many()),
    }
    # As Django's asynchronous names have it: `asave`, `acreate`.
    rules |= {f"a{method}": writes for method, writes in rules.items() if method not in {"set", "add"}}
    return not _is_module(receiver, module) and rules.get(name, False)


def _is_writing_sql(call: ast.Call, module: Module) -> bool:
    return bool(call.args) and _SQL.search(_words(call.args[0], module)) is not None


def _words(node: ast.AST, module: Module, depth: int = 0) -> str:
    """What a statement says, written out here, above in the module, or put together from such."""
    if isinstance(node, ast.Name) and depth < _DEEPEST:
        return " ".join(_words(value, module, depth + 1) for value in _assigned(module, node.id))
    if isinstance(node, ast.Constant):
        return str(node.value)
    return " ".join(_words(inner, module, depth) for inner in ast.iter_child_nodes(node))


def _assigned(module: Module, name: str) -> Iterator[ast.AST]:
    """Everything that a name of the module's is given, at its top or in one of its functions."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                yield node.value


@cache
def _many_to_many() -> frozenset[str]:
    return frozenset(field.name for model in apps.get_models() for field in model._meta.many_to_many)


def _link_methods(found: dict[str, Function]) -> None:
    """`row.withdraw()` refers to every method of that name that writes: better one too many."""
    writers: dict[str, list[str]] = {}
    for one in found.values():
        if one.writes and one.name.split(".")[-2][:1].isupper():
            writers.setdefault(one.name.rpartition(".")[2], []).append(one.name)
    for one in found.values():
        for method in one.calls_methods:
            if method.endswith("."):
                one.refers |= {name for name in found if name.startswith(method) and name != one.name}
            else:
                one.refers |= {name for name in writers.get(method, []) if name != one.name}
