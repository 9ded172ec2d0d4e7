"""The wires that partners' existing clients speak."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hashing.api import encoding
from hashing.api.callers import Caller, address, caller
from hashing.api.problems import BadRequest, answered
from hashing.api.scopes import need
from hashing.interop import ncmec, ncmec_feedback, opinions, stopncii
from hashing.interop.queries import number
from hashing.interop.tokens import PageToken
from hashing.lists.states import Scope, Wire
from portal.core.context import Context

_PRIVATE = {"Cache-Control": "no-store"}
_XML = "application/xml; charset=utf-8"


@require_GET
@answered
def fetch_hashes(request: HttpRequest) -> HttpResponse:
    """`GET /stopncii/v1/FetchHashes?startTimestamp=&pageSize=&nextPageToken=`"""
    who = _two_keys(request, Scope.PULL)
    token = request.GET.get("nextPageToken")
    wanted = stopncii.Wanted(
        start=number(request.GET, "startTimestamp"),
        size=max(1, min(number(request.GET, "pageSize", 800), stopncii.MAX_PAGE)),
        token=PageToken.decode(token, who.key.list) if token and who.key.list else None,
    )
    page = stopncii.fetch(Context.partner(who.partner.pk), key=who.key, wanted=wanted)
    return _page(request, page, "application/json")


@require_POST
@answered
def submit_feedback(request: HttpRequest) -> HttpResponse:
    """`POST /stopncii/v1/SubmitFeedback`: {"hashFeedbacks": [{"hashValue", "feedbackValue", "tags"}, …]}"""
    who = _two_keys(request, Scope.FEEDBACK)
    said = opinions.submit_feedback(Context.partner(who.partner.pk), key=who.key, body=_body(request))
    return HttpResponse(said, content_type="application/json", headers=_PRIVATE)


@require_POST
@answered
def submit_hashes(request: HttpRequest) -> HttpResponse:
    """`POST /stopncii/v1/SubmitHashes`: {"hashRecords": [{"signalType", "hashValue"}, …]}"""
    who = _two_keys(request, Scope.SUBMIT)
    said = opinions.submit_hashes(Context.partner(who.partner.pk), key=who.key, body=_body(request))
    return HttpResponse(said, content_type="application/json", headers=_PRIVATE)


@require_GET
@answered
def status(request: HttpRequest) -> HttpResponse:
    return _xml(ncmec.status(_basic(request).key, address(request)))


@require_GET
@answered
def members(request: HttpRequest) -> HttpResponse:
    _basic(request)
    return _xml(ncmec.members())


@require_GET
@answered
def entries(request: HttpRequest) -> HttpResponse:
    """`GET /ncmec/v2/entries?from=&to=`, and the addresses that its pages give for the next."""
    who = _basic(request)
    need(who, Scope.PULL)
    start, end = _time(request, "from"), _time(request, "to")
    if start > end:
        raise BadRequest("`from` is after `to`.", code="bad_parameter")
    window = ncmec.Window(start, end, after=number(request.GET, "start", 0))
    page = ncmec.entries(Context.partner(who.partner.pk), key=who.key, window=window)
    return _page(request, page, _XML)


@require_GET
@answered
def reasons(request: HttpRequest, kind: str) -> HttpResponse:
    _basic(request)
    return _xml(ncmec_feedback.reasons(kind))


@require_http_methods(["PUT"])
@answered
def feedback(request: HttpRequest, member: int, name: str, kind: str) -> HttpResponse:
    """`PUT /ncmec/v2/entries/{member}/{entry}/{type}/feedback`"""
    who = _basic(request)
    need(who, Scope.FEEDBACK)
    ctx = Context.partner(who.partner.pk)
    ncmec_feedback.give(ctx, key=who.key, member=member, name=name, kind=kind, body=_body(request))
    return HttpResponse(status=204, headers=_PRIVATE)


def _two_keys(request: HttpRequest, scope: Scope) -> Caller:
    who = caller(
        request,
        prefix=request.headers.get("Ocp-Apim-Subscription-Key", ""),
        secret=request.headers.get("x-functions-key", ""),
        wire=Wire.STOPNCII,
    )
    need(who, scope)
    return who


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise BadRequest("The body is too long. Send less at a time.", code="too_long") from error


def _basic(request: HttpRequest) -> Caller:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    try:
        pair = base64.b64decode(encoded, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        pair = ""
    prefix, _, secret = pair.partition(":")
    return caller(request, prefix=prefix, secret=secret, wire=Wire.NCMEC)


def _time(request: HttpRequest, name: str) -> datetime:
    try:
        return datetime.strptime(request.GET.get(name, ""), ncmec.TIME).replace(tzinfo=UTC)
    except ValueError as error:
        message = f"`{name}` must be a time in UTC, as in 2030-01-31T12:00:00Z."
        raise BadRequest(message, code="bad_parameter") from error


def _page(request: HttpRequest, text: str, content_type: str) -> HttpResponse:
    """Whole and with its length: a page that is cut off stalls clients of these wires for ever."""
    page = HttpResponse(text, content_type=content_type, headers=_PRIVATE)
    encoding.finish(request.headers.get("Accept-Encoding", ""), page)
    return page


def _xml(text: str) -> HttpResponse:
    return HttpResponse(text, content_type=_XML, headers=_PRIVATE)
