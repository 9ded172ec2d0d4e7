"""`manage.py agency --name NAME --sender NAME --country AU` sets up the agency, or changes what is given."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.agency import services
from portal.agency.models import Agency, ChildFiles
from portal.core.context import Context
from portal.core.errors import DomainError

FIELDS = {
    "name": "name",
    "sender": "neutral_name",
    "country": "jurisdiction",
    "exit_url": "exit_url",
    "alerts": "alerts_email",
    "emergency": "emergency_phone",
    "reply_days": "reply_days",
    "notices": "notices_email",
    "notices_phone": "notices_phone",
    "child_files": "child_files",
    "backup_days": "backup_days",
    "looks_a_day": "looks_a_day",
    "looks_then_rest": "looks_then_rest",
    "keep_days": "retention_days",
    "review_days": "disposal_review_days",
}


class Command(BaseCommand):
    help = "Sets up the agency, changes its settings, and adds teams."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", help="the agency's name, as its pages show it")
        parser.add_argument("--sender", help="a neutral name that mails and SMS are sent as")
        parser.add_argument("--country", help="two letters, such as AU")
        parser.add_argument("--exit-url", help="where 'leave this site' leads")
        parser.add_argument("--alerts", metavar="EMAIL", help="where the portal writes to the agency itself")
        parser.add_argument("--emergency", metavar="NUMBER", help="whom people in danger call")
        parser.add_argument("--reply-days", type=int, help="working days within which new requests are read")
        parser.add_argument("--notices", metavar="EMAIL", help="where platforms answer to removal notices")
        parser.add_argument("--notices-phone", metavar="NUMBER")
        parser.add_argument("--child-files", choices=ChildFiles.values, help="once a child is suspected")
        parser.add_argument(
            "--backup-days", type=int, metavar="DAYS", help="how long backups of the database are kept"
        )
        parser.add_argument("--keep-days", type=int, metavar="DAYS", help="how long what has ended is kept")
        parser.add_argument(
            "--keep",
            action="append",
            metavar="OUTCOME=DAYS",
            help="the same for closed, declined or redirected",
        )
        parser.add_argument(
            "--review-days",
            type=int,
            metavar="DAYS",
            help="for two people to look at what goes, before it does",
        )
        parser.add_argument("--looks-a-day", type=int, help="files that one person may look at in a day")
        parser.add_argument("--looks-then-rest", type=int, help="after so many they are told to rest")
        parser.add_argument("--add-team", action="append", default=[], metavar="NAME")
        parser.add_argument("--add-restricted-team", action="append", default=[], metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        ctx = Context.system("command")
        given = {field: options[name] for name, field in FIELDS.items() if options[name] is not None}
        if options["keep"]:
            given["retention_by_outcome"] = _outcomes(options["keep"])
        try:
            if given:
                _save(ctx, given)
            for name in options["add_team"]:
                services.add_team(ctx, name=name)
            for name in options["add_restricted_team"]:
                _add_restricted(ctx, name)
        except DomainError as error:
            raise CommandError(error.message) from error


def _outcomes(given: list[str]) -> dict[str, int]:
    """All of them at once: an outcome that isn't named is kept like everything else."""
    try:
        return {name: int(days) for name, _sign, days in (one.partition("=") for one in given)}
    except ValueError as error:
        raise CommandError("Write --keep like closed=365.") from error


def _add_restricted(ctx: Context, name: str) -> None:
    """The first one is the team that cases with a child go to."""
    team = services.add_team(ctx, name=name, restricted=True)
    agency = Agency.objects.first()
    if agency is not None and agency.restricted_team is None:
        services.change(ctx, restricted_team=team)


def _save(ctx: Context, given: dict[str, Any]) -> None:
    if Agency.objects.exists():
        services.change(ctx, **given)
        return
    missing = {"name", "neutral_name", "jurisdiction"} - given.keys()
    if missing:
        raise CommandError("The agency is not set up yet: give --name, --sender and --country.")
    services.set_up(ctx, **given)
