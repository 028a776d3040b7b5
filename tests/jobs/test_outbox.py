"""The outbox: kept while the server of mail is away, sent once, given up in the end with the reason kept."""

from datetime import timedelta

import pytest

from budilnik.core.policy import Policy
from budilnik.core.terms import Role
from budilnik.jobs.letter import letters_by_schedule
from budilnik.jobs.outbox import send_waiting
from budilnik.jobs.scheduled import Moment
from budilnik.staff.actions.outbox import (
    ATTEMPTS_AT_MOST,
    LEASE,
    MailIsOff,
    NoAddress,
    ask_trial,
    claim_message,
    note_sent,
    put_off,
)
from budilnik.staff.models import Employee, OutboxMessage
from budilnik.staff.queries.outbox import mail_state
from cast import NOW, TODAY, employee, ivan, plan
from jobs.mail_server import MailServer, mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def server(settings):
    with mail_server() as server:
        settings.MAILERS = server.mailers()
        settings.MAIL_FROM = "Будильник <budilnik@firma.ru>"
        settings.SITE_URL = "https://sales.example.ru"
        yield server


def at(minutes: float = 0) -> Moment:
    return Moment(now=NOW + timedelta(minutes=minutes), on=TODAY, policy=Policy())


def asker() -> Employee:
    him = employee("admin", "Пётр Орлов", role=Role.ADMINISTRATOR)
    Employee.objects.filter(pk=him.pk).update(email="petr@firma.ru")
    him.refresh_from_db()
    return him


def test_a_letter_goes_out_once(server: MailServer):
    ask_trial(by=asker(), now=NOW)

    send_waiting(at())
    send_waiting(at(1))

    (letter,) = server.letters
    assert server.recipients == ["petr@firma.ru"]
    assert letter["Subject"] == "Будильник: почта работает"
    assert letter["From"] == "Будильник <budilnik@firma.ru>"
    assert letter["Message-ID"].endswith("@firma.ru>")
    assert "Пётр Орлов" in letter.get_body(("plain",)).get_content()
    assert "Пётр Орлов" in letter.get_body(("html",)).get_content()
    assert OutboxMessage.objects.get().sent_at == NOW


def test_while_the_server_is_away_the_letter_is_kept_and_goes_out_later(server: MailServer, settings):
    right = settings.MAILERS
    with mail_server() as gone:
        settings.MAILERS = gone.mailers()
    ask_trial(by=asker(), now=NOW)

    send_waiting(at())
    settings.MAILERS = right
    send_waiting(at(0.5))
    assert not server.letters
    assert "refused" in mail_state().trouble.lower()
    send_waiting(at(1))

    assert len(server.letters) == 1
    assert mail_state().trouble == ""


def test_each_pause_is_longer_and_the_last_refusal_is_kept(server: MailServer):
    server.refuses = "451 busy"
    ask_trial(by=asker(), now=NOW)
    pauses, minutes = [], 0.0

    for _attempt in range(ATTEMPTS_AT_MOST):
        send_waiting(at(minutes))
        row = OutboxMessage.objects.get()
        pauses.append((row.not_before - at(minutes).now) / timedelta(minutes=1))
        minutes += max(pauses[-1], 0)
    server.refuses = ""
    send_waiting(at(minutes + 600))

    assert pauses[:-1] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert row.given_up_at is not None
    assert "busy" in row.trouble
    assert not server.letters
    assert (mail_state().waiting, mail_state().given_up) == (0, 1)


def test_killed_after_the_sending_a_letter_comes_again_with_the_same_number(server: MailServer, monkeypatch):
    ask_trial(by=asker(), now=NOW)

    def killed(*_args: object, **_facts: object) -> None:
        raise SystemExit

    with monkeypatch.context() as death:
        death.setattr("budilnik.jobs.outbox.note_sent", killed)
        with pytest.raises(SystemExit):
            send_waiting(at())
    send_waiting(at(LEASE / timedelta(minutes=1) - 1))
    assert len(server.letters) == 1
    send_waiting(at(LEASE / timedelta(minutes=1)))

    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_of_two_processes_one_takes_a_message():
    OutboxMessage.objects.create(kind="trial", key="1", address="a@b.ru", written_at=NOW, not_before=NOW)

    assert claim_message(NOW) is not None
    assert claim_message(NOW) is None


def test_who_overslept_his_lease_undoes_nothing(server: MailServer):
    OutboxMessage.objects.create(kind="trial", key="1", address="a@b.ru", written_at=NOW, not_before=NOW)
    slow = claim_message(NOW)
    quick = claim_message(NOW + LEASE)
    note_sent(quick, now=NOW + LEASE)

    put_off(slow, trouble="too late", now=NOW + LEASE)

    row = OutboxMessage.objects.get()
    assert row.sent_at == NOW + LEASE
    assert row.trouble == ""


def test_without_a_server_nothing_is_written_and_nothing_is_sent(settings):
    settings.MAILERS = {}
    head = employee("head", "Валентина Руденко", role=Role.HEAD)
    Employee.objects.filter(pk=head.pk).update(email="head@firma.ru")
    plan(ivan())

    letters_by_schedule(at())
    send_waiting(at())

    assert not OutboxMessage.objects.exists()
    with pytest.raises(MailIsOff):
        ask_trial(by=head, now=NOW)


def test_a_trial_needs_an_address(server: MailServer):
    with pytest.raises(NoAddress):
        ask_trial(by=ivan(), now=NOW)


def test_to_one_who_has_left_nothing_goes_and_the_rest_does(server: MailServer):
    gone = asker()
    ask_trial(by=gone, now=NOW)
    Employee.objects.filter(pk=gone.pk).update(is_active=False)
    stays = employee("head", "Валентина Руденко", role=Role.HEAD)
    Employee.objects.filter(pk=stays.pk).update(email="head@firma.ru")
    stays.refresh_from_db()
    ask_trial(by=stays, now=NOW)

    send_waiting(at())

    assert server.recipients == ["head@firma.ru"]
    assert OutboxMessage.objects.get(address="petr@firma.ru").trouble == "время письма прошло"
