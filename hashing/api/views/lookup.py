"""Look fingerprints up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hashing.api import forms, lookup
from hashing.api.scopes import calling
from hashing.api.views.base import PartnerView, context, problems
from hashing.fingerprints import asked as asking
from hashing.fingerprints.asked import Asked
from hashing.fingerprints.regional import carrying, table
from hashing.lists.states import Scope


class Lookup(PartnerView):
    scope = Scope.LOOKUP

    @extend_schema(
        operation_id="lookup",
        tags=["lookup"],
        request=forms.Lookup,
        responses={200: forms.Answers, **problems(404, 413, 415, 503)},
        summary="Look uploads up",
        description="Up to 1,000 fingerprints a call. `copy`: it is that picture; `look`: a person should "
        "decide, and only partners that are entitled to it are told. What you ask is neither stored nor "
        "logged; how much is counted, and limited. 503: come back after `Retry-After`.",
    )
    def post(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        wanted = forms.read(forms.Lookup, request.data)
        answers = lookup.answer(
            context(request),
            partner=calling(request).partner,
            slugs=wanted.get("lists"),
            questions=[_question(each) for each in wanted["queries"]],
        )
        return Response({"answers": answers})


def _question(given: dict[str, Any]) -> lookup.Question:
    by_kind: dict[str, list[str]] = {"sha256": [], "md5": [], "pdq": []}
    for each in given["hashes"]:
        by_kind[each["type"]].append(each["value"])
    asked = asking.of_hashes(sha256=by_kind["sha256"], md5=by_kind["md5"], pdq_values=by_kind["pdq"])
    values = [value for own in by_kind.values() for value in own]
    if "regions" in given:
        asked = _with_regions(asked, given["regions"])
        values.append(given["regions"]["codes"])
    return lookup.Question(given["id"], asked, values)


def _with_regions(asked: Asked, given: dict[str, Any]) -> Asked:
    try:
        query = carrying.unpack(given, table.version(given["version"]))
    except (ValueError, KeyError, FileNotFoundError) as error:
        raise ValidationError({"regions": ["These are no regions of a version that is in use."]}) from error
    size = {"width": given["width"], "height": given["height"]}
    return replace(asked, **size, regional={given["version"]: query})
