"""The main job, step by step: from a report on the public pages to a withdrawn entry in a partner's list."""

from __future__ import annotations

import secrets
from functools import cached_property
from pathlib import Path
from typing import Any

from portal.audit import journey
from portal.demo import photographs, residue
from portal.demo.log import Log
from portal.demo.narration import DemoFailed, Narrator, until
from portal.demo.partner import NativeClient, ThreatExchange
from portal.demo.person import Person, Receipt
from portal.demo.staff import Member
from portal.embedded import home as homes
from portal.embedded.stack import Stack

LIST = "reviewed"
LISTED_WITHIN = 60
# Neither on the sample agency's reviewed list nor among the harmless pictures that the guard knows.
PHOTOGRAPHS = ("astronaut.png", "coins.png")
WITHDRAWN_WITHIN = 60


class Story:
    """One run over HTTP against `stack`; `folder` holds the outside: files, a partner's home."""

    def __init__(self, stack: Stack, folder: Path, narrator: Narrator) -> None:
        self.stack = stack
        self.folder = folder
        self.tell = narrator
        self.word = f"word{secrets.token_hex(8)}"
        self.person = Person(stack.base_url, Path(stack.sample["outbox"]), f"{self.word}@mail.example")
        self.photographs = [
            photographs.take(name, folder, 4711 + number) for number, name in enumerate(PHOTOGRAPHS)
        ]
        self.receipt = Receipt("", "")
        self.log = Log(stack.home)
        self.entries: set[str] = set()

    @property
    def upload(self) -> Path:
        return self.folder / "upload.jpg"

    @cached_property
    def partner(self) -> dict[str, Any]:
        partner: dict[str, Any] = self.stack.sample["partners"][0]
        return partner

    @cached_property
    def native(self) -> NativeClient:
        return NativeClient(self.stack.base_url, self.partner["api_key"], LIST)

    @cached_property
    def threatexchange(self) -> ThreatExchange:
        home = self.folder / "partner"
        return ThreatExchange(home, self.stack.base_url, self.partner["stopncii"])

    def step(self, title: str) -> None:
        self.log.step(title)
        self.tell.step(title)

    def tell_all(self) -> None:
        self.report()
        self.search_for_traces("While the case is open, nothing of it is in the clear")
        self.look()
        self.pull_before()
        self.decide()
        self.pull()
        self.look_up()
        self.withdraw()
        self.search_for_traces("Nor is anything left afterwards")
        self.verify_the_log()

    def report(self) -> None:
        tell, person = self.tell, self.person
        self.step("A person reports, without an account and without JavaScript")
        person.begin(f"Somebody put two of my pictures online. {self.word}")
        person.give_contact()
        tell.saw("the code from the person's mailbox confirms the contact")
        person.add_files([photograph.path for photograph in self.photographs])
        tell.saw("two files are encrypted while they upload, checked and fingerprinted by a worker")
        person.add_links([f"https://pictures.example/{self.word}"])
        person.agree("partners", "regional")
        self.receipt = person.send()
        tell.saw(f"the receipt shows a reference, {self.receipt.reference}, and a code of 16 characters")

    def look(self) -> None:
        tell = self.tell
        self.step("A caseworker logs in with two factors and looks")
        caseworker = self.caseworker
        caseworker.log_in()
        text = caseworker.open_case(self.receipt.reference)
        tell.check(self.word in text, "the case page shows what the person wrote, opened with the desk's key")
        preview = caseworker.preview(self.receipt.reference, 1)
        tell.check(len(preview) > 0, f"a blurred grey preview of {len(preview):,} bytes, made by the server")
        shown = caseworker.reveal(self.receipt.reference, 1, "To see whether it fits the report.")
        tell.check(
            shown not in self.photographs[0].data and len(shown) > len(preview),
            f"after a reason, a watermarked rendering of {len(shown):,} bytes for one minute",
        )

    def decide(self) -> None:
        tell = self.tell
        self.step("Two people decide: one proposes, another approves")
        for position in (1, 2):
            self.caseworker.propose(self.receipt.reference, position, LIST)
        tell.saw("the caseworker proposes both for the reviewed list")
        before = {entry["entry"] for entry in self.native.pull()}
        supervisor = Member(self.stack.base_url, self._login("supervisor"))
        supervisor.log_in()
        tell.check(supervisor.approve_all() == len(self.photographs), "a supervisor approves both")
        self.entries = self._listed_since(before)
        tell.check(
            len(self.entries) == len(self.photographs),
            f"the native feed carries {len(self.entries)} new entries",
        )

    def pull_before(self) -> None:
        tell = self.tell
        self.step("A partner pulls with an unmodified threatexchange client: nothing matches yet")
        self.threatexchange.subscribe()
        self.threatexchange.fetch()
        photographs.copy_of(self.photographs[0], self.upload)
        match = self.threatexchange.match(self.upload)
        tell.check(not match.startswith("pdq"), "an upload of the same photograph is not known", match)

    def pull(self) -> None:
        tell = self.tell
        self.step("The partner pulls again, and stops the copy")
        self.threatexchange.fetch()
        match = self.threatexchange.match(self.upload)
        tell.check(
            match.startswith("pdq"),
            f"a smaller, re-encoded copy matches: “{match}”",
            f"It printed “{match}”.",
        )
        other = photographs.take("camera.png", self.folder, 1)
        unrelated = self.threatexchange.match(other.path)
        tell.check(not unrelated.startswith("pdq"), "an unrelated photograph does not match", unrelated)

    def look_up(self) -> None:
        tell = self.tell
        self.step("What that client can't find, the partner looks up by regional fingerprints")
        uploads = photographs.uploads_of(self.photographs[0], self.folder)
        known = [name for name, path in uploads.items() if self.threatexchange.match(path).startswith("pdq")]
        tell.check(known == ["a part"], f"of {', '.join(uploads)} the client knows {known[0]}", known)
        other = photographs.take("camera.png", self.folder, 1)
        asked = [*uploads.values(), other.path]
        *found, unrelated = until(
            lambda: self._recognised(asked), seconds=60, waiting_for="entry in the index"
        )
        for name, answer in zip(uploads, found, strict=True):
            match = answer["matches"][0]
            tell.check(
                match["entry"] in self.entries,
                f"{name}: {answer['decision']}, {match['score']:.0f} points, in the part {match['region']}",
                answer,
            )
        tell.check(unrelated["decision"] == "none", "an unrelated photograph: none", unrelated)

    def _recognised(self, uploads: list[Path]) -> list[dict[str, Any]] | None:
        """The answers, once the index holds what was listed."""
        answers = self.native.look_up(uploads)
        return answers if any(answer["matches"] for answer in answers) else None

    def withdraw(self) -> None:
        tell = self.tell
        self.step("The person follows the request with the code, and withdraws")
        self.person.follow(self.receipt)
        tell.saw(f"the follow page says: “{self.person.browser.heading}”")
        self.person.withdraw_everything()
        gone = until(self._tombstones, seconds=WITHDRAWN_WITHIN, waiting_for="tombstones in the native feed")
        tell.check(
            not any(tombstone.get("hashes") for tombstone in gone),
            f"{len(gone)} tombstones in the native feed, without fingerprints",
        )

    def search_for_traces(self, title: str) -> None:
        tell = self.tell
        self.step(title)
        needles = [self.word.encode(), *(photograph.word for photograph in self.photographs)]
        for photograph in self.photographs:
            needles += residue.pieces_of(photograph.data)
        home = self.stack.home
        database = f"host={homes.socket_dir(home)} dbname=portal user=portal_owner"
        found = list(
            residue.search(
                needles,
                folder=home,
                database=database,
                redis_url=homes.redis_url(home),
                skip=(Path(self.stack.sample["outbox"]),),
            )
        )
        tell.check(
            not found,
            f"{len(needles)} pieces of pictures, story and contact are in no file, table, or Redis key",
            f"Found: {sorted({one.place for one in found})}",
        )

    def verify_the_log(self) -> None:
        self.step("The audit log holds")
        run = self.stack.manage("audit", "verify")
        if run.returncode:
            raise DemoFailed(f"audit verify ended with {run.returncode}: {run.stdout}{run.stderr}")
        self.tell.saw(run.stdout.strip().splitlines()[-1])
        until(self.log.is_sealed, seconds=10, waiting_for="the sealer")
        lines = self.log.lines()
        wrong = journey.differences(lines)
        self.tell.check(
            not wrong,
            f"its {len(lines)} entries of this journey are those that docs/audit.md predicts, in order",
            "; ".join(wrong),
        )

    @cached_property
    def caseworker(self) -> Member:
        return Member(self.stack.base_url, self._login("caseworker"))

    def _login(self, role: str) -> dict[str, str]:
        logins: list[dict[str, str]] = self.stack.sample["staff"]
        return next(login for login in logins if login["role"] == role)

    def _listed_since(self, before: set[str]) -> set[str]:
        seen: set[str] = set()

        def all_listed() -> bool:
            seen.update(one["entry"] for one in self.native.pull() if one["state"] == "active")
            return len(seen - before) >= len(self.photographs)

        until(all_listed, seconds=LISTED_WITHIN, waiting_for="new entries in the native feed")
        return seen - before

    def _tombstones(self) -> list[dict[str, Any]] | None:
        news = [one for one in self.native.pull() if one["entry"] in self.entries]
        self._gone = [*getattr(self, "_gone", []), *(one for one in news if one["state"] == "withdrawn")]
        return self._gone if {one["entry"] for one in self._gone} == self.entries else None
