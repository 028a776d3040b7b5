"""Takes away what waits in the outbox: one message at a time, by the server of mail that the installation names.

A message is never sent twice knowingly. Killed between the sending and its note, it is sent again when the lease is
over: at least once, with the same Message-ID, by which most programs of mail show it once.
"""

import hashlib
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from budilnik.jobs.letter import Worded, worded
from budilnik.jobs.scheduled import Moment
from budilnik.staff.actions.outbox import Claimed, claim_message, give_up, note_sent, put_off
from budilnik.staff.queries.outbox import mail_is_on

log = logging.getLogger(__name__)


def send_waiting(moment: Moment) -> None:
    """Send what waits, until nothing is left or the server does not take it."""
    if not mail_is_on():
        return
    while message := claim_message(moment.now):
        letter = worded(message, on=moment.on, now=moment.now, policy=moment.policy)
        if letter is None:
            give_up(message, trouble=_("its time is over"), now=moment.now)
            continue
        try:
            _send(message, letter)
        except (SMTPException, OSError) as trouble:
            why = str(trouble).strip() or type(trouble).__name__
            put_off(message, trouble=why, now=moment.now)
            log.warning(_("a letter did not go out: %(why)s; it is kept") % {"why": why.splitlines()[0]})
            return
        note_sent(message, now=moment.now)


def _send(message: Claimed, letter: Worded) -> None:
    domain = settings.MAIL_FROM.rpartition("@")[2].strip("<> ") or "localhost"
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.MAIL_FROM or f"budilnik@{domain}",
        to=[message.address],
        headers={
            "Message-ID": f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    mail.send(using="default")
