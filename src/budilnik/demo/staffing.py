"""The sales department of the made-up supplier: a head, the managers, and who is on holiday."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from budilnik.core.terms import Role
from budilnik.demo.places import EASTERN_LANDS, EASTERN_SHARE, City
from budilnik.demo.workdays import Workdays

COMPANY_ZONE = "Europe/Moscow"
URAL_ZONE = "Asia/Yekaterinburg"
URAL_DESKS = 2
NORM = 20

# Of the clients east of the Volga the managers in Yekaterinburg keep this share.
EASTERN_TO_URAL = 0.6

HEAD = ("marina", "Ладыгина Марина Сергеевна")
NAMES = (
    ("ivan", "Горелов Иван Петрович"),
    ("olga", "Сотникова Ольга Викторовна"),
    ("sergey", "Брагин Сергей Николаевич"),
    ("elena", "Крылатова Елена Андреевна"),
    ("dmitry", "Пахотин Дмитрий Олегович"),
    ("anna", "Вешнякова Анна Михайловна"),
    ("roman", "Студенцов Роман Игоревич"),
    ("natalia", "Зорина Наталья Павловна"),
    ("pavel", "Уралов Павел Евгеньевич"),
    ("ksenia", "Камская Ксения Юрьевна"),
    ("artem", "Лукьянов Артём Дмитриевич"),
    ("irina", "Полевая Ирина Борисовна"),
    ("maxim", "Ракитин Максим Сергеевич"),
    ("yulia", "Снежкова Юлия Александровна"),
    ("viktor", "Мостовой Виктор Степанович"),
    ("darya", "Озёрская Дарья Алексеевна"),
    ("kirill", "Берестов Кирилл Владимирович"),
    ("vera", "Малахова Вера Геннадьевна"),
    ("andrey", "Стрельцов Андрей Фёдорович"),
    ("polina", "Яхонтова Полина Романовна"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEmployee:
    """Who works in the department. `norm` is call attempts owed per full working day."""

    login: str
    name: str
    role: Role
    zone: str = COMPANY_ZONE
    norm: int = NORM


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAbsence:
    """A holiday, both ends absent, and who answers for the promises meanwhile."""

    login: str
    from_on: date
    until_on: date
    substitute: str


def _login(number: int) -> tuple[str, str]:
    login, name = NAMES[number % len(NAMES)]
    turn = number // len(NAMES)
    return (f"{login}{turn + 1}", f"{name} {turn + 1}") if turn else (login, name)


def make_employees(managers: int) -> tuple[DemoEmployee, ...]:
    """Return the head and `managers` managers, the last of the first ten in Yekaterinburg.

    Raises: ValueError without a single manager.
    """
    if managers < 1:
        raise ValueError(f"somebody has to call the clients, got {managers} managers")
    last = min(managers, 10)
    ural = range(last - URAL_DESKS, last) if last > URAL_DESKS else range(0)
    head = DemoEmployee(login=HEAD[0], name=HEAD[1], role=Role.HEAD)
    staff = [
        DemoEmployee(login=login, name=name, role=Role.MANAGER, zone=URAL_ZONE if at in ural else COMPANY_ZONE)
        for at, (login, name) in enumerate(map(_login, range(managers)))
    ]
    return (head, *staff)


def make_absences(staff: tuple[DemoEmployee, ...], workdays: Workdays, on: date) -> tuple[DemoAbsence, ...]:
    """Return one holiday of two weeks around `on`, with a substitute in the same zone."""
    west = [one.login for one in staff if one.role is Role.MANAGER and one.zone == COMPANY_ZONE]
    if len(west) < 2:
        return ()
    from_on = workdays.before(on, 2)
    away, substitute = (west[3], west[1]) if len(west) > 3 else (west[-1], west[0])
    until_on = from_on + timedelta(days=13)
    return (DemoAbsence(login=away, from_on=from_on, until_on=until_on, substitute=substitute),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Who gets which client: about as many each, the east rather to those who wake up earlier."""

    west: tuple[str, ...]
    ural: tuple[str, ...]

    @classmethod
    def of(cls, staff: tuple[DemoEmployee, ...]) -> "Desks":
        """Sort the managers by zone."""
        managers = [one for one in staff if one.role is Role.MANAGER]
        return cls(
            west=tuple(one.login for one in managers if one.zone != URAL_ZONE),
            ural=tuple(one.login for one in managers if one.zone == URAL_ZONE),
        )

    @property
    def logins(self) -> tuple[str, ...]:
        """All managers."""
        return self.west + self.ural

    def choose(self, dice: Random, city: City) -> str:
        """Return the manager of a client of `city`."""
        due = len(self.ural) / len(self.logins)
        eastern = min(EASTERN_TO_URAL, due / EASTERN_SHARE)
        western = (due - EASTERN_SHARE * eastern) / (1 - EASTERN_SHARE)
        share = eastern if city.land in EASTERN_LANDS else western
        return dice.choice(self.ural if self.ural and dice.random() < share else self.west)

    def other_than(self, dice: Random, login: str) -> str:
        """Return some other manager, or "" when there is none."""
        others = [one for one in self.logins if one != login]
        return dice.choice(others) if others else ""
