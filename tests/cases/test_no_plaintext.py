"""What people write is in clear nowhere: every table is dumped and searched after a whole journey."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import cast
from unittest import mock

import pytest
import redis
from django.conf import settings
from django.db import connection
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from cases.models import Case, CasePicture
from hashing.services import fingerprint_picture
from portal.core.context import Context
from tests.cases.intake.test_files import file
from tests.cases.visitors import Visitor, last_code
from tests.photos import encoded, photo

STORY = "canary-story-9d41"
CONTACT = "canary.contact.77@post.example"
WHEN = "canary-when-33"
LINK = "https://host.example/canary-link-52"
PICTURE = b"canary-in-the-file-61"
EXIF = "canary-exif-84"
NAME = "canary-name-19"


def database_text() -> str:
    """Every row of every table as text; binary columns appear as hex, so they are searched as hex too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')  # noqa: S608 (names from pg_tables)
            texts.append(cursor.fetchone()[0] or "")
    return "\n".join(texts)


def found_in(text: str, canaries: Iterable[str]) -> list[str]:
    low = text.lower()
    return [word for word in canaries if word.lower() in low or word.encode().hex() in low]


def files_bytes(*folders: Path) -> bytes:
    return b"\n".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())


def journey(visitor: Visitor) -> tuple[str, str]:
    visitor.begin()
    visitor.tell(contact="email", email=CONTACT, story=STORY, safe_when=WHEN)
    visitor.step("code", code=last_code())
    picture = encoded(photo(), comment=PICTURE)
    assert PICTURE in picture
    visitor.step("files", "add", upload=[file(picture)])
    visitor.step("files")
    return visitor.finish(links=LINK, consents=("partners",))


def redis_bytes() -> bytes:
    """Every key of this run's Redis with what it holds; the broker's messages also as tasks read them."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        found = b"\n".join(key + b" " + repr(_held(client, key)).encode() for key in client.scan_iter())
    bodies = re.findall(rb'"body": ?"([A-Za-z0-9+/=]+)"', found)
    return found + b"\n".join(base64.b64decode(body) for body in bodies)


def _held(client: redis.Redis, key: bytes) -> object:
    readers: dict[bytes, Callable[[], object]] = {
        b"string": lambda: client.get(key),
        b"list": lambda: client.lrange(key, 0, -1),
        b"hash": lambda: client.hgetall(key),
        b"set": lambda: client.smembers(key),
        b"zset": lambda: client.zrange(key, 0, -1),
    }
    return readers[cast("bytes", client.type(key))]()


def test_no_other_place_holds_it_either(
    visitor: Visitor,
    outbox: Path,
    capfd: pytest.CaptureFixture[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Redis, logs, mails and files, once a worker has decoded the picture."""
    exif = Image.Exif()
    exif[0x010E] = EXIF
    image = photo("astronaut")
    picture = encoded(image, exif=exif)
    pixels = image.tobytes()[90_000:90_064]
    assert EXIF.encode() in picture
    with django_capture_on_commit_callbacks(execute=True):
        visitor.begin()
        visitor.tell(contact="email", email=CONTACT, story=STORY)
        visitor.step("code", code=last_code())
        visitor.step("files", "add", upload=[file(picture, name=f"{NAME}.jpg")])
        visitor.step("files")
        reference, code = visitor.finish(links=LINK, consents=("partners",))
    held = CasePicture.objects.get(case__reference=reference.replace("-", "")).picture
    assert fingerprint_picture(Context.system("test"), picture_id=held.pk)
    written = files_bytes(Path(settings.VAULT_DIR), Path(settings.KEYRING_DIR)) + redis_bytes()
    logged = "".join(capfd.readouterr()).encode()
    words = [word.encode() for word in (STORY, CONTACT, NAME, EXIF, "canary-link-52", code)]
    secret = [*words, pixels, picture[5_000:5_064]]
    assert [part for part in secret if part in written + logged] == []
    mails = files_bytes(outbox)
    assert [part for part in secret if part in mails] == [CONTACT.encode()]
    assert found_in(database_text(), [NAME, EXIF, pixels.hex(), picture[5_000:5_064].hex()]) == []


def test_the_search_of_redis_finds_what_is_there(visitor: Visitor) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.set("planted", STORY)
        client.rpush("queue", json.dumps({"body": base64.b64encode(CONTACT.encode()).decode()}))
    assert STORY.encode() in redis_bytes()
    assert CONTACT.encode() in redis_bytes()


def test_the_search_finds_what_is_there(visitor: Visitor) -> None:
    """A search that can't fail would prove nothing."""
    assert found_in(database_text(), ["Sample Agency", "Kids line"]) == ["Sample Agency", "Kids line"]
    assert found_in("x" + STORY.encode().hex(), [STORY]) == [STORY]


def test_no_table_holds_what_was_written(visitor: Visitor) -> None:
    reference, code = journey(visitor)
    canaries = [STORY, CONTACT, WHEN, "canary-link-52", code, code.replace("-", ""), PICTURE.decode()]
    assert found_in(database_text(), canaries) == []
    visitor.step("receipt", saved="on")
    visitor.follow(reference, code)
    visitor.get("/follow/")
    assert found_in(database_text(), canaries) == []


def test_no_file_holds_what_was_sent(visitor: Visitor, outbox: Path) -> None:
    journey(visitor)
    on_disk = files_bytes(Path(settings.VAULT_DIR), Path(settings.KEYRING_DIR))
    assert PICTURE not in on_disk
    mails = files_bytes(outbox)
    assert CONTACT.encode() in mails
    assert not [word for word in (STORY, WHEN, "canary-link-52") if word.encode() in mails]


def test_following_leaves_nothing_in_clear_either(visitor: Visitor, outbox: Path) -> None:
    """Messages, a new contact, more links and files, a lost code: after all of it every table is searched."""
    reference, code = journey(visitor)
    visitor.step("receipt", saved="on")
    visitor.follow(reference, code)
    visitor.press("send_message", body="canary-message-18")
    visitor.press("add_links", links="https://host.example/canary-more-27")
    visitor.press("add_files", upload=[file(encoded(photo("cat"), comment=b"canary-more-file-36"))])
    assert CasePicture.objects.count() == 2
    visitor.press("change_messages", leave="yes", when="canary-later-45", language="en", may_regain="on")
    visitor.press("new_contact", channel="email", email="canary.new.54@post.example")
    visitor.press("confirm", code=last_code())
    case = Case.objects.get()
    assert (case.messages.count(), case.locations.count(), case.may_regain) == (1, 2, True)
    visitor.press("leave")
    new = regained(visitor, reference)
    canaries = ["canary-message-18", "canary-more-27", "canary-more-file-36", "canary-later-45"]
    canaries += [STORY, CONTACT, "canary.new.54", new, new.replace("-", "")]
    assert found_in(database_text(), canaries) == []
    assert not [word for word in canaries[:4] if word.encode() in files_bytes(outbox)]
    on_disk = files_bytes(Path(settings.VAULT_DIR), Path(settings.KEYRING_DIR))
    assert b"canary-more-file-36" not in on_disk


def regained(visitor: Visitor, reference: str) -> str:
    """A lost code, asked for with the contact: the new one, as its page shows it."""
    visitor.press("lost")
    with mock.patch("portal.verify.services.BETWEEN_SENDS", timedelta(0)):
        visitor.press("lost_ask", reference=reference, contact="canary.new.54@post.example")
    visitor.press("lost_confirm", code=last_code())
    page = visitor.get("/follow/").content.decode()
    assert Case.objects.get().regains.filter(state="asked").count() == 1
    found = re.search(r'dir="ltr">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</bdi>', page)
    assert found is not None
    return found[1]
