"""`manage.py staff invite EMAIL --name NAME --role ROLE [--team TEAM]…` prints the address to join by."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts import services
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.core.context import Context
from portal.core.errors import DomainError


class Command(BaseCommand):
    help = "Invites somebody to the desk; again, if they have an account and lost their way in."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        invite = actions.add_parser("invite", help="print the address by which somebody joins")
        invite.add_argument("email")
        invite.add_argument("--name", default="", help="their name; they can change it when they join")
        invite.add_argument("--role", choices=Role.values, default=Role.ADMINISTRATOR.value)
        invite.add_argument("--team", action="append", default=[], dest="teams", help="a team's name")

    def handle(self, *args: Any, **options: Any) -> None:
        ctx = Context.system("command")
        email: str = options["email"]
        known = Staff.objects.filter(email=Staff.objects.normalise(email)).first()
        try:
            if known is not None:
                invitation = services.invite_again(ctx, staff_id=known.pk)
            else:
                teams = [_team(name) for name in options["teams"]]
                name = options["name"] or email.partition("@")[0]
                invitation = services.invite(ctx, email=email, name=name, role=options["role"], teams=teams)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(invitation.address)


def _team(name: str) -> Team:
    team = Team.objects.filter(name__iexact=name).first()
    if team is None:
        raise CommandError(f"There is no team {name!r}: `manage.py agency --add-team` makes it.")
    return team
