"""The audit log's benchmarks: each in a fresh portal home, since what is committed to a log never leaves
it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

from portal.bench.registry import Options, Result, benchmark

_SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_DATABASE", "PORTAL_OFFLINE")


@benchmark(
    "audit", "the same transactions with and without their entries, by 16 writers; how soon they are sealed"
)
def load(_options: Options) -> Result:
    """`throughput`: transactions a second with entries to those of a subclass that records nothing, in turns;
    `lag_p99` in seconds, of its limit of 2, from an entry's action to the commit of its checkpoint."""
    return _child("load")


@benchmark("audit_verify", "verifying to bare SHA-256 over the same bytes; how verifying and proofs grow")
def verify(options: Options) -> Result:
    """`verify_to_sha256`: processor time of the checks, the database's reading apart. `growth`: time per
    entry in the long log to that in one of a tenth, `growth_processor`: this process's alone. `proof_reads`:
    of an inclusion proof, in a tree of `height` levels."""
    return _child("verify", str(options.entries))


@benchmark("audit_search", "the auditor's search in a long log to the same in one of a hundredth")
def search(options: Options) -> Result:
    """Ratios of medians; by actor, verb, subject, time, a rare and a frequent combination, and the last
    page."""
    return _child("search", str(options.entries))


def _child(*words: str) -> Result:
    inherited = {name: value for name, value in os.environ.items() if name not in _SERVERS}
    with tempfile.TemporaryDirectory(prefix="bench-audit-") as home:
        environment = inherited | {"PORTAL_HOME": home, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        command = [sys.executable, "-m", "portal.bench.audit", *words]
        run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 (our own program)
    result: Result = json.loads(run.stdout.splitlines()[-1])
    return result
