"""What a request carries besides Django's own: the moment, the company day, the rules, who asks, and how."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from budilnik.core.policy import Policy

if TYPE_CHECKING:
    from budilnik.staff.models import Employee


class Request(HttpRequest):
    """A request of somebody who is signed in."""

    now: datetime
    on: date
    policy: Policy
    user: "Employee"
    htmx: HtmxDetails
