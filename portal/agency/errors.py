"""What can't be done before the agency is set up."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.core.errors import DomainError


class NotSetUp(DomainError):
    """There is no agency yet: `manage.py agency` makes it."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _("This service is not set up yet. Whoever runs it has to give the agency's name first."),
            code="agency_not_set_up",
        )
