"""A partner's webhooks, and what they were told."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hashing.api import forms
from hashing.api.scopes import calling
from hashing.api.views.base import PartnerView, context, problems
from hashing.lists import services
from hashing.lists.models import Webhook, WebhookDelivery
from hashing.lists.states import Scope
from portal.core.errors import NotFound

_ID = OpenApiParameter("webhook", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The webhook's id.")
_LOGGED = 100


class Webhooks(PartnerView):
    scope = Scope.WEBHOOKS

    @extend_schema(
        operation_id="webhooks",
        tags=["webhooks"],
        responses={200: forms.Webhooks, **problems()},
        summary="Your webhooks",
        description="Those that aren't ended, the oldest first.",
    )
    def get(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        found = Webhook.objects.filter(partner=calling(request).partner, ended_at=None)
        return Response(forms.Webhooks({"webhooks": found.order_by("added_at", "pk")}).data)

    @extend_schema(
        operation_id="add_webhook",
        tags=["webhooks"],
        request=forms.NewWebhook,
        responses={201: forms.Webhook, **problems(409, 413, 415, 422)},
        summary="Add a webhook",
        description="A signed message `webhook.challenge` is sent there. Once you have sent its challenge to "
        "`confirm`, a message `list.moved` follows whenever a list of yours moves.",
    )
    def post(self, request: Request) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        wanted = forms.read(forms.NewWebhook, request.data)
        made = services.add_webhook(context(request), partner=calling(request).partner, url=wanted["url"])
        return Response(forms.Webhook(made).data, status=201)


class OneWebhook(PartnerView):
    scope = Scope.WEBHOOKS

    @extend_schema(
        operation_id="end_webhook",
        tags=["webhooks"],
        parameters=[_ID],
        responses={204: OpenApiResponse(description="It is told nothing any more."), **problems(404)},
        summary="End a webhook",
        description="What is still owed to it is dropped.",
    )
    def delete(self, request: Request, webhook: UUID) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        services.end_webhook(context(request), partner=calling(request).partner, webhook_id=webhook)
        return Response(status=204)


class Confirmation(PartnerView):
    scope = Scope.WEBHOOKS

    @extend_schema(
        operation_id="confirm_webhook",
        tags=["webhooks"],
        parameters=[_ID],
        request=forms.Confirmation,
        responses={200: forms.Webhook, **problems(404, 413, 415)},
        summary="Confirm a webhook",
        description="With the challenge that was sent there. It serves once.",
    )
    def post(self, request: Request, webhook: UUID) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        wanted = forms.read(forms.Confirmation, request.data)
        found = services.confirm_webhook(
            context(request),
            partner=calling(request).partner,
            webhook_id=webhook,
            challenge=wanted["challenge"],
        )
        return Response(forms.Webhook(found).data)


class Deliveries(PartnerView):
    scope = Scope.WEBHOOKS

    @extend_schema(
        operation_id="webhook_deliveries",
        tags=["webhooks"],
        parameters=[_ID],
        responses={200: forms.Deliveries, **problems(404)},
        summary="What a webhook was told",
        description="Each message with its attempts and the last answer, for 30 days after it ended.",
    )
    def get(self, request: Request, webhook: UUID) -> Response:
        forms.checked(forms.NoQuery, request.query_params)
        if not Webhook.objects.filter(partner=calling(request).partner, pk=webhook).exists():
            raise NotFound("You have no such webhook.", code="no_such_webhook")
        rows = WebhookDelivery.objects.filter(webhook=webhook).select_related("list")
        found = rows.order_by("-created_at", "pk")[:_LOGGED]
        return Response(forms.Deliveries({"deliveries": found}).data)
