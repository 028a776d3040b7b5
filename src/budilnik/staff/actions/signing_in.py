"""Writes over how an employee comes in: his visits, his sessions, the second step, the address of his feed."""

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from budilnik.staff.actions import audit
from budilnik.staff.models import Employee


@transaction.atomic
def come_in(*, employee: Employee, now: datetime) -> None:
    """Note that an employee has signed in, by our clock: Django notes it by the machine's."""
    Employee.objects.filter(pk=employee.pk).update(last_login=now)
    audit("signed_in", by=employee, now=now, subject="employee", subject_id=employee.pk)


@transaction.atomic
def renew_feed_key(*, employee: Employee, now: datetime) -> None:
    """Give an employee's calendar feed a new secret address; the old one stops working at once."""
    Employee.objects.filter(pk=employee.pk).update(feed_key=secrets.token_urlsafe(32))
    audit("feed_key_renewed", by=employee, now=now, subject="employee", subject_id=employee.pk)


@transaction.atomic
def sign_out_everywhere(*, employee: Employee, by: Employee | None, now: datetime) -> None:
    """End every session of an employee: a lost phone, a strange computer. His password stays."""
    # Whose a session is stands inside it, so each one is read; there are a few for each employee.
    sessions = Session.objects.iterator()
    his = [row.pk for row in sessions if row.get_decoded().get(SESSION_KEY) == str(employee.pk)]
    Session.objects.filter(pk__in=his).delete()
    audit("signed_out_everywhere", by=by, now=now, subject="employee", subject_id=employee.pk)


@transaction.atomic
def drop_second_step(*, employee: Employee, by: Employee | None, now: datetime) -> None:
    """Let an employee sign in by his password alone again: his telephone and his recovery codes are lost."""
    Authenticator.objects.filter(user=employee).delete()
    audit("second_step_dropped", by=by, now=now, subject="employee", subject_id=employee.pk)
