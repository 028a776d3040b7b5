"""What must leave the firm: written once with the fact it tells of, taken away one by one, kept until it is gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from budilnik.core.refusal import Refusal
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee, OutboxMessage
from budilnik.staff.queries.outbox import mail_is_on

# Longer than a server may be silent before the sending gives up.
LEASE = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
ATTEMPTS_AT_MOST = 12
LONGEST_TROUBLE = 500
TRIAL = "trial"


class MailIsOff(Refusal):
    """No server of mail is named."""

    ru = "Почта не настроена: задайте BUDILNIK_SMTP_HOST и перезапустите программу."
    en = "Mail is not set up: set BUDILNIK_SMTP_HOST and start the program again."


class NoAddress(Refusal):
    """A letter needs somebody to get it."""

    ru = "Сначала впишите свой адрес почты на своей странице."
    en = "Write your mail address on your own page first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that this process takes away now; `attempts` counts this one."""

    message_id: int
    kind: str
    key: str
    address: str
    facts: dict[str, Any]
    attempts: int


def write_message(*, kind: str, key: str, address: str, facts: dict[str, Any], now: datetime) -> None:
    """Put a message into the outbox; one of the same key is there once, whoever writes it."""
    row = {"kind": kind, "address": address, "facts": facts, "written_at": now, "not_before": now}
    OutboxMessage.objects.get_or_create(key=key, defaults=row)


@transaction.atomic
def ask_trial(*, by: Employee, now: datetime) -> None:
    """Put a letter to oneself into the outbox, to see whether mail arrives.

    Raises: MailIsOff, NoAddress.
    """
    if not mail_is_on():
        raise MailIsOff
    if not by.email:
        raise NoAddress
    key = f"{TRIAL}:{by.pk}:{now:%Y%m%d%H%M%S}"
    write_message(kind=TRIAL, key=key, address=by.email, facts={"employee": by.pk}, now=now)
    audit("trial_letter_asked", by=by, now=now, subject="employee", subject_id=by.pk)


def claim_message(now: datetime) -> Claimed | None:
    """Take the message that has waited longest, or None. Of two processes one gets it: the row says how often it was.

    Killed between the sending and its note, a process leaves the message to be sent again when the lease is over:
    better twice than never.
    """
    waiting = OutboxMessage.objects.filter(sent_at=None, given_up_at=None, not_before__lte=now)
    for row in waiting.filter(_free(now)).order_by("not_before", "pk")[:20]:
        mine = OutboxMessage.objects.filter(pk=row.pk, attempts=row.attempts, sent_at=None, given_up_at=None)
        if mine.filter(_free(now)).update(lease_until=now + LEASE, attempts=F("attempts") + 1) == 1:
            return Claimed(
                message_id=row.pk,
                kind=row.kind,
                key=row.key,
                address=row.address,
                facts=row.facts,
                attempts=row.attempts + 1,
            )
    return None


def _free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lte=now)


def note_sent(message: Claimed, *, now: datetime) -> None:
    """Note that a message is gone."""
    _mine(message).update(sent_at=now, lease_until=None, trouble="")


def put_off(message: Claimed, *, trouble: str, now: datetime) -> None:
    """Let a message wait for its next attempt, longer each time; after the last one give it up and keep the trouble."""
    if message.attempts >= ATTEMPTS_AT_MOST:
        give_up(message, trouble=trouble, now=now)
        return
    pause = min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
    _mine(message).update(not_before=now + pause, lease_until=None, trouble=trouble[:LONGEST_TROUBLE])


def give_up(message: Claimed, *, trouble: str, now: datetime) -> None:
    """Take a message out of the queue for good: nobody waits for it any more."""
    _mine(message).update(given_up_at=now, lease_until=None, trouble=trouble[:LONGEST_TROUBLE])


def _mine(message: Claimed) -> QuerySet[OutboxMessage]:
    # A process that overslept its lease must not undo what another one has noted since.
    return OutboxMessage.objects.filter(pk=message.message_id, attempts=message.attempts, sent_at=None)
