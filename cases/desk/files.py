"""The grey, blurred preview of a picture: the most that a page shows by itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from cases import selectors
from cases.services import reviewing
from portal.accounts.http import StaffRequest, staff
from portal.accounts.roles import Perm


@staff(Perm.PICTURE_PREVIEW)
@require_safe
def preview(request: StaffRequest, reference: str, position: int) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.PICTURE_PREVIEW)
    media_type, content = reviewing.preview(request.ctx, case_id=case.pk, position=position)
    return HttpResponse(content, content_type=media_type)
