"""Webhooks."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hashing.api.forms.checking import Strict
from hashing.lists.models import DeliveryState


class NewWebhook(Strict):
    url = serializers.RegexField(
        r"^https://[!-~]{1,480}$", help_text="https only, at a public address; redirects aren't followed."
    )


class Webhook(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.CharField()
    added_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)


class Webhooks(serializers.Serializer[Any]):
    webhooks = Webhook(many=True)


class Confirmation(Strict):
    challenge = serializers.RegexField(
        r"^[A-Za-z0-9_-]{1,100}$", help_text="Of the message `webhook.challenge` that was sent there."
    )


class Delivery(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="`webhook-id` is `msg_` and this, without dashes.")
    list = serializers.SlugField(source="list.slug", allow_null=True, default=None)
    position = serializers.IntegerField()
    state = serializers.ChoiceField(DeliveryState.choices)
    attempts = serializers.IntegerField()
    status = serializers.IntegerField(help_text="Of the last answer; 0 for none.")
    error = serializers.CharField(allow_blank=True, help_text="Why there was no answer.")
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class Deliveries(serializers.Serializer[Any]):
    deliveries = Delivery(many=True, help_text="The last 100, the newest first.")
