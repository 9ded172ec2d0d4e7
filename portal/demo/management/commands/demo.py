"""`manage.py demo`: the main job over HTTP through every real part; exit 0 only if all of it held."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.narration import DemoFailed, Narrator
from portal.demo.story import Story
from portal.embedded.process import StartFailed
from portal.embedded.stack import Stack


class Command(BaseCommand):
    help = "Runs one case the whole way on a portal of its own, and prints what each step saw."

    def handle(self, *args: Any, **options: Any) -> None:
        home = Path(tempfile.mkdtemp(prefix="demo-", dir=settings.PORTAL_HOME))
        narrator = Narrator()
        try:
            outside = home / "outside"
            outside.mkdir()
            narrator.step("PostgreSQL, Redis, web, worker and beat start, with a sample agency")
            with Stack(home / "portal", say=narrator.saw) as stack:
                narrator.saw(f"it answers on {stack.base_url}")
                Story(stack, outside, narrator).tell_all()
            narrator.done()
        except (DemoFailed, StartFailed) as failure:
            raise CommandError(str(failure)) from failure
        finally:
            shutil.rmtree(home, ignore_errors=True)
