"""What partners tell: feedback on entries, and fingerprints of what they removed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hashing.api import forms
from hashing.api.scopes import calling
from hashing.api.views.base import PartnerView, context, problems
from hashing.lists import services
from hashing.lists.models import Partner
from hashing.lists.refusals import NotEntitled
from hashing.lists.reports import DisputeReason, Outline, Report, Value
from hashing.lists.states import MediaType, Scope, Wire
from hashing.lists.submitted import Submitted
from portal.core.context import Context
from portal.core.errors import NotFound


class Feedback(PartnerView):
    scope = Scope.FEEDBACK

    @extend_schema(
        operation_id="feedback",
        tags=["feedback"],
        request=forms.Reports,
        responses={200: forms.Accepted, **problems(404, 413, 415, 422)},
        summary="Report what you did about entries",
        description="All of a call is taken, or nothing. The same report again changes nothing; the last one "
        "of a value counts. An entry that partners dispute is taken off the feeds and looked into.",
    )
    def post(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        wanted = forms.read(forms.Reports, request.data)["reports"]
        _take(context(request), calling(request).partner, [_report(each) for each in wanted])
        return Response({"accepted": len(wanted)})


class Submissions(PartnerView):
    scope = Scope.SUBMIT

    @extend_schema(
        operation_id="submit",
        tags=["feedback"],
        request=forms.NewSubmission,
        responses={201: forms.Submission, **problems(413, 415, 422)},
        summary="Submit the fingerprints of a post that you removed",
        description="They wait for the agency's decision, and are listed only by its own rule. The same ones "
        "again are the same submission.",
    )
    def post(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        wanted = forms.read(forms.NewSubmission, request.data)
        partner = calling(request).partner
        services.require_room(partner, 1)
        found = services.submit(
            context(request),
            partner=partner,
            wire=Wire.NATIVE,
            fingerprints=[_submitted(each) for each in wanted["hashes"]],
            media_type=MediaType(wanted["media_type"]),
        )
        return Response(forms.Submission(found).data, status=201)


def _take(ctx: Context, partner: Partner, reports: list[Report]) -> None:
    """All or none, in the order of their entries, so that two calls can't wait for each other."""
    try:
        with transaction.atomic():
            for report in sorted(reports, key=lambda each: each.entry_id):
                services.give_feedback(ctx, partner=partner, wire=Wire.NATIVE, report=report)
    except NotFound as error:
        refusal = NotEntitled(error.message, code=error.code)
        raise refusal.because(partner_id=partner.pk, wire=Wire.NATIVE, reason="entitlement") from error


def _report(given: dict[str, Any]) -> Report:
    region = given.get("region")
    return Report(
        entry_id=given["entry"],
        value=Value(given["value"]),
        reason=DisputeReason(given["reason"]) if "reason" in given else None,
        total=given["total"],
        outline=Outline(given.get("kind", ""), given.get("distance"), tuple(region) if region else None),
    )


def _submitted(given: dict[str, Any]) -> Submitted:
    return Submitted(
        kind=given["type"],
        value=given["value"],
        variant=given["variant"],
        quality=given.get("quality"),
        algorithm=given["algorithm"],
    )
