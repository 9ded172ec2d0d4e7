"""Nothing is done, and nothing sealed is read, without its entry: found by walking the source, not a list."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps

from portal.audit import Verb
from portal.audit.exemptions import reasons
from tests.portal.audit.walking import attributes, coverage, doors
from tests.portal.audit.walking.source import (
    LEFT_OUT,
    PACKAGES,
    RECORD,
    ROOT,
    Function,
    Module,
    functions,
    is_left_out,
    modules,
    writes_rows,
)

# The source is read once, by one worker.
pytestmark = pytest.mark.xdist_group("coverage")
_SEALER = "portal.audit.sealer.seal_waiting"


def test_every_function_that_writes_rows_records() -> None:
    assert coverage.uncovered(coverage.writers()) == []


def test_every_function_that_opens_something_sealed_records() -> None:
    assert coverage.uncovered(coverage.readers()) == []


def test_the_walk_finds_writers_and_readers() -> None:
    """A walk that finds nothing would find no fault either."""
    writers = {one.name for one in coverage.writers()}
    assert len(writers) > 100
    assert {
        "cases.services.assigning.assign",
        "cases.services.state_changes.set_state",
        "hashing.lists.services.publishing._publish",
        "portal.accounts.services.managing.change_role",
        "portal.vault.services.sweeping._erase",
    } <= writers
    readers = {one.name for one in coverage.readers()}
    assert {"cases.services.sealed.unseal", "portal.vault.keys.open_rendition"} <= readers
    by_attribute = {"hashing.interop.stopncii._filled", "hashing.api.feed._with_regional"}
    assert by_attribute <= attributes.readers() <= readers
    assert {"codes", "reason", "sealed", "secret"} <= attributes.encrypted().keys()


def test_an_encrypted_attribute_that_is_read_without_recording_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same walk, with one of the reasons taken away."""
    name = "hashing.changes._regional"
    graph = functions() | {name: replace(functions()[name], exempt=False)}
    monkeypatch.setattr(coverage, "functions", lambda: graph)
    assert [fault.split()[-1] for fault in coverage.uncovered(coverage.readers())] == [name]


@pytest.mark.parametrize(
    ("name", "found"),
    [("cases.services.assigning.assign", coverage.writers), ("cases.services.desk_keys.read_story", None)],
)
def test_a_service_that_forgets_to_record_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str, found: object
) -> None:
    """The same walk over the same source, with one `record` taken out."""
    graph = dict(functions())
    graph[name] = replace(graph[name], refers=graph[name].refers - {RECORD})
    monkeypatch.setattr(coverage, "functions", lambda: graph)
    for cached in (coverage.reaching, coverage.callers, coverage.openers):
        cached.cache_clear()
    try:
        faults = coverage.uncovered([*coverage.writers(), *coverage.readers()])
    finally:
        for cached in (coverage.reaching, coverage.callers, coverage.openers):
            cached.cache_clear()
    expected = name if found else "cases.services.sealed.unseal"
    assert expected in " ".join(faults)


def _sources(found: dict[str, str]) -> dict[str, set[str]]:
    return {name: doors.functions_of(place) for name, place in found.items()}


def test_every_address_leads_to_a_function_of_the_walk() -> None:
    views = doors.views()
    assert len(views) > 40
    assert [address for address, names in _sources(views).items() if not names] == []


@pytest.mark.parametrize("found", [doors.views, doors.tasks, doors.commands])
def test_whoever_comes_in_to_write_or_read_has_an_actor(found: object) -> None:
    """A page, a task or a command that ends in a recording function makes a context, or was given one."""
    assert callable(found)
    ways_in: dict[str, str] = found()
    assert ways_in
    acts = coverage.reaching(RECORD)
    with_actor = coverage.reaching(coverage.CONTEXT, "portal.accounts.http.StaffRequest")
    nameless = [
        name
        for name, names in _sources(ways_in).items()
        if names & acts and not names & with_actor and _SEALER not in names
    ]
    assert nameless == []


@pytest.mark.parametrize("found", [doors.views, doors.tasks, doors.commands])
def test_no_door_writes_or_opens_by_itself(found: object) -> None:
    """Pages, tasks and commands call services; those are what the first tests look at."""
    assert callable(found)
    direct = {one.name for one in [*coverage.writers(), *coverage.readers()] if not one.exempt}
    # A command that has no service of its own records where it writes.
    allowed = {name for name in direct if RECORD in functions()[name].refers}
    inside = set().union(*_sources(found()).values())
    assert inside & (direct - allowed) == set()


def _verb_of(call: ast.Call) -> Verb | None:
    verb = call.args[1] if len(call.args) > 1 else None
    is_member = (
        isinstance(verb, ast.Attribute) and isinstance(verb.value, ast.Name) and verb.value.id == "Verb"
    )
    return Verb[verb.attr] if is_member and isinstance(verb, ast.Attribute) else None


def test_each_recording_names_its_verb_and_declared_keys() -> None:
    wrong = []
    for where, call in coverage.record_calls():
        verb = _verb_of(call)
        given = {keyword.arg for keyword in call.keywords if keyword.arg}
        if verb is not None and not given <= set(verb.payload):
            wrong.append(f"{where}: {verb} declares no {given - set(verb.payload)}")
    assert wrong == []


def test_every_verb_is_recorded_by_somebody() -> None:
    told_of = ("portal/audit/verbs.py", "portal/audit/sight.py", "portal/audit/journey.py")
    used = set().union(*(one.refers for one in functions().values() if one.path not in told_of))
    assert [verb for verb in Verb if f"portal.audit.verbs.Verb.{verb.name}" not in used] == []


def test_each_exemption_has_a_reason_to_read() -> None:
    exempt = {name for name, one in functions().items() if one.exempt and name != "portal.audit.exemptions"}
    marked = {name for name in exempt if name in reasons}
    assert len(marked) > 10
    assert [name for name in marked if len(reasons[name]) < 20] == []


def test_no_part_of_the_product_escapes_the_walk() -> None:
    """An app of its own, a module that is called like a folder that is left out, a task in another file."""
    paths = {config.name: Path(config.path) for config in apps.get_app_configs()}
    here = {name: path for name, path in paths.items() if path.is_relative_to(ROOT)}
    ours = {
        name for name, path in here.items() if path.is_relative_to(ROOT) and "site-packages" not in path.parts
    }
    assert len(ours) > 10
    unseen = ours - {name.rpartition(".")[0] for name in modules()}
    assert unseen == {folder.replace("/", ".") for folder in LEFT_OUT}
    for name in ("cases/services/migrations.py", "portal/benches/x.py", "portal/embedded_x.py"):
        assert not is_left_out(Path(name)), name
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - set(PACKAGES) == {"tests"}
    tasks = {one.name for one in functions().values() if "celery.shared_task" in _decorators(one)}
    assert len(tasks) > 10
    assert {name for name in tasks if name.split(".")[-2] != "tasks"} == set()


def _decorators(one: Function) -> set[str]:
    module = modules()[one.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")]
    calls = getattr(one.node, "decorator_list", [])
    names = [call.func if isinstance(call, ast.Call) else call for call in calls]
    return {module.names.get(name.id, "") for name in names if isinstance(name, ast.Name)}


STATEMENTS = "SQL = 'UPDATE {table} SET a = 1'; READ = 'SELECT a'"


@pytest.mark.parametrize(
    ("source", "writes"),
    [
        ("Row.objects.create(a=1)", True),
        ("Row.objects.using('x').create(a=1)", True),
        ("rows.create(a=1)", True),
        ("row.asave()", True),
        ("Row.objects.aupdate(a=1)", True),
        ("cursor.execute(SQL)", True),
        ("cursor.execute(SQL.format(table=1), [])", True),
        ("cursor.execute(f'{SQL} WHERE a')", True),
        ("cursor.executemany('delete from row')", True),
        ("cursor.execute('WITH a AS (SELECT 1) UPDATE row AS r SET a = 1')", True),
        ("cursor.execute(READ)", False),
        ("cursor.execute('SELECT 1 FOR UPDATE')", False),
        ("keyring.create(folder)", False),
        ("names.update(more)", False),
    ],
)
def test_the_walk_knows_a_write_when_it_sees_one(source: str, *, writes: bool) -> None:
    tree = ast.parse(f"{STATEMENTS}\n{source}")
    module = Module("x", "x.py", tree, {"keyring": "portal.crypto.keyring"})
    statement = tree.body[-1]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert writes_rows(statement.value, module) is writes


def test_the_walk_sees_functions_only() -> None:
    assert all(isinstance(one, Function) for one in functions().values())
