"""Who may open what: every address of the site is asked by a stranger and by each role, those yet to come included."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client as Visitor
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from budilnik.clients.models import Client, ContactPerson, Note
from budilnik.core.terms import Role
from budilnik.staff.models import Employee
from cast import NOW, client, employee, ivan, olga, pool_client, promise, task

# Hundreds of addresses by every role: the other database would say the same.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

READING = {"GET", "HEAD"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

# What is open to everybody, by name, with the methods it answers to. All else asks to sign in.
OPEN = {
    "account_login": READING | {"POST"},
    "mfa_authenticate": READING | {"POST"},
    "account_logout": {"POST"},
    "health": READING,
    "language": {"POST"},
    "feed:promises": READING,
}

# An allowed role is served, led on, told that there is no such thing, or told what is wrong.
ANSWERS = {200, 204, 302, 404, 409, 422}

SECRETS = ("Тайный Завод", "Заброшенный Склад", "Секретарёва", "999-11-22", "9991122", "шепнули по дружбе", "втихую")
PART = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of the site."""

    name: str
    route: str
    view: Any
    converters: dict[str, Any]

    @property
    def is_open(self) -> bool:
        return self.name in OPEN

    @property
    def methods(self) -> set[str]:
        named = OPEN[self.name] if self.is_open else set(self.view.methods)
        return named | {"HEAD"} if "GET" in named else named

    @property
    def asked_by(self) -> list[str]:
        """The methods to try: what is answered to HEAD is answered to GET."""
        return sorted(self.methods - {"HEAD"})

    @property
    def roles(self) -> frozenset[Role]:
        return self.view.roles

    def path(self, **known: int) -> str:
        """The address with its arguments filled in: numbers that are known by their name, else the first."""
        path = self.route
        for argument, converter in self.converters.items():
            kind = type(converter)
            sample = "x"
            if isinstance(converter, IntConverter):
                sample = str(known.get(argument, known.get("number", 1)))
            elif isinstance(converter, UUIDConverter):
                sample = str(UUID(int=1))
            path = path.replace(f"<{_word(kind)}:{argument}>", sample).replace(f"<{argument}>", sample)
        assert "<" not in path, f"the test knows no sample for {self.route}"
        return f"/{path}"


def _word(kind: type) -> str:
    return kind.__name__.removesuffix("Converter").replace("String", "str").lower()


def addresses(patterns: list[Any], *, route: str = "", space: str = "") -> Iterator[Address]:
    for each in patterns:
        here = route + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from addresses(each.url_patterns, route=here, space=inner)
        elif isinstance(each, URLPattern) and not here.startswith("static/"):
            yield Address(
                name=f"{space}{each.name}", route=here, view=each.callback, converters=_converters(route, each)
            )


def _converters(route: str, pattern: URLPattern) -> dict[str, Any]:
    found = dict(pattern.pattern.converters)
    assert "<" not in route, f"an argument in the prefix {route} hides from this test"
    return found


ALL = list(addresses(get_resolver().url_patterns))
GUARDED = [each for each in ALL if not each.is_open]
GUARDED_READ = [each for each in GUARDED if "GET" in getattr(each.view, "methods", ())]
SENDING = [each for each in ALL if each.is_open or "POST" in getattr(each.view, "methods", ())]


def every(some: list[Address]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("address", some, ids=[each.route or "home" for each in some])


@pytest.fixture(autouse=True)
def _our_day(settings, request):
    cache = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.name}
    settings.CACHES = {"default": cache}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(who: Employee) -> Visitor:
    visitor = Visitor()
    visitor.force_login(who)
    return visitor


def someone(role: Role) -> Employee:
    return employee(f"{role.value}1", f"Сотрудник {role.value}", role=role)


def known_things(who: Employee, row: Client) -> dict[str, int]:
    """A client with everything that belongs to him; the numbers by the names that addresses give them."""
    number = row.phones.first()
    due = promise(row, who, about="шепнули по дружбе")
    person = ContactPerson.objects.create(client=row, name="Анна Секретарёва", post="втихую")
    note = Note.objects.create(client=row, author=who, at=NOW, text="шепнули по дружбе", pinned=True)
    return {
        "client_id": row.pk,
        "person_id": person.pk,
        "number_id": number.pk,
        "note_id": note.pk,
        "callback_id": due.pk,
        "promise_id": due.pk,
        "task_id": task(row, who, callback=due).pk,
        "employee_id": who.pk,
        "number": row.pk,
    }


def olgas_secret(her: Employee) -> dict[str, int]:
    """What nobody but Olga and the heads may see, and a lost client whom nobody calls today."""
    hidden = pool_client("ООО «Заброшенный Склад»", lost_by=her)
    Client.objects.filter(pk=hidden.pk).update(inn="7707083893")
    secret = client("АО «Тайный Завод»", owner=her, phones=("+79999991122",))
    return known_things(her, secret)


def told(answer: Any) -> list[str]:
    return [secret for secret in SECRETS if secret in answer.content.decode(errors="replace")]


@every(ALL)
def test_every_view_names_the_roles_it_is_for_or_stands_among_the_open_ones(address):
    if address.is_open:
        return

    assert getattr(address.view, "roles", None), f"{address.name} has no guard: put @allow on its view"
    assert set(address.roles) <= set(Role)
    assert set(address.view.methods) <= {"GET", "POST"}


def test_what_is_called_open_here_is_there():
    assert set(OPEN) <= {each.name for each in ALL}


@every(ALL)
def test_no_form_is_taken_without_its_token(address):
    assert not getattr(address.view, "csrf_exempt", False)


@every(GUARDED)
def test_a_stranger_is_asked_to_sign_in(address):
    stranger = Visitor()
    path = address.path()

    for method in address.asked_by:
        page = stranger.generic(method, path)
        part = stranger.generic(method, path, headers=PART)

        assert (page.status_code, page.url.split("?")[0]) == (302, "/sign-in/"), method
        assert part.status_code == 401, method


@every(GUARDED)
def test_other_roles_are_refused(address):
    for role in sorted(set(Role) - address.roles):
        visitor = signed_in(someone(role))
        for method in address.asked_by:
            assert visitor.generic(method, address.path(), headers=PART).status_code == 403, (role, method)


@every(GUARDED)
def test_the_named_roles_never_meet_a_fault(address):
    himself = ivan()
    things = known_things(himself, client(owner=himself))

    for role in sorted(address.roles):
        visitor = signed_in(himself if role is Role.MANAGER else someone(role))
        for method in address.asked_by:
            for part in ({}, PART):
                answer = visitor.generic(method, address.path(**things), headers=part)

                assert answer.status_code in ANSWERS, (role, method, answer.status_code)


@every(ALL)
def test_an_address_answers_only_to_the_methods_it_names(address):
    visitor = Visitor() if address.is_open else signed_in(someone(sorted(address.roles)[0]))

    for method in METHODS - address.methods:
        assert visitor.generic(method, address.path()).status_code == 405, method


@every([each for each in SENDING if "POST" in each.methods])
def test_what_another_site_sends_is_refused(address):
    strict = Visitor(enforce_csrf_checks=True)
    if not address.is_open:
        strict.force_login(someone(sorted(address.roles)[0]))

    assert strict.post(address.path()).status_code == 403


@every([each for each in GUARDED_READ if "client_id" in each.converters and Role.MANAGER in each.roles])
def test_a_client_of_another_manager_is_not_there(address):
    secret, visitor = olgas_secret(olga()), signed_in(ivan())

    for part in ({}, PART):
        answer = visitor.get(address.path(**secret), headers=part)

        assert answer.status_code == 404
        assert told(answer) == []


@every([each for each in GUARDED if each.converters and "POST" in each.view.methods])
def test_nothing_of_another_manager_is_changed_by_its_number(address):
    himself, her = ivan(), olga()
    secret = olgas_secret(her)
    before = _picture(secret)

    answer = signed_in(himself).post(address.path(**secret), headers=PART)

    assert 400 <= answer.status_code < 500
    assert told(answer) == []
    assert _picture(secret) == before


def _picture(things: dict[str, int]) -> list[object]:
    row = Client.objects.filter(pk=things["client_id"])
    return [
        list(row.values()),
        list(row.get().people.values()),
        list(row.get().phones.values()),
        list(row.get().notes.values()),
        list(row.get().callbacks.values()),
        list(Employee.objects.filter(pk=things["employee_id"]).values()),
    ]


@every([each for each in GUARDED_READ if each.roles & {Role.MANAGER, Role.ADMINISTRATOR}])
def test_no_trick_with_numbers_and_queries_tells_of_another_managers_clients(address):
    her = olga()
    secret = olgas_secret(her)
    visitor = signed_in(someone(Role.MANAGER if Role.MANAGER in address.roles else Role.ADMINISTRATOR))
    words = {"q": "Тайный", "client": secret["client_id"], "client_id": secret["client_id"]}
    whose = dict.fromkeys(("owner", "employee", "employee_id", "who", "manager", "by"), her.pk)
    pages = {"page": 1, "status": "regular", "task": secret["task_id"], "pool": 1, "all": 1}
    tricks = [{}, *({name: value} for name, value in (words | whose | pages).items()), words | whose | pages]

    for trick in tricks:
        for number in {secret["client_id"], secret["task_id"], secret["callback_id"]} if address.converters else {0}:
            ids = secret | {"number": number}
            answer = visitor.get(address.path(**ids), trick)

            assert told(answer) == [], trick


def test_what_is_kept_from_a_manager_the_head_sees():
    olgas_secret(olga())
    head = signed_in(someone(Role.HEAD))

    found = {secret for q in ("Тайный", "Заброшенный") for secret in told(head.get("/clients/", {"q": q}))}

    assert {"Тайный Завод", "Заброшенный Склад"} <= found


def test_a_client_locked_for_ivan_and_given_to_olga_today_is_not_ivans_to_see():
    himself, her = ivan(), olga()
    row = pool_client("ООО «Заброшенный Склад»", lost_by=himself)
    task(row, her)

    answer = signed_in(himself).get(f"/clients/{row.pk}/")

    assert answer.status_code == 404


def test_an_administrator_opens_no_room_where_clients_are():
    his = {each.name.split(":")[0] for each in GUARDED if Role.ADMINISTRATOR in each.roles}

    assert not his & {"day", "clients", "promises", "team"}
