"""Numbers of made-up firms: ИНН and КПП with right check digits, telephones that ring nowhere."""

from random import Random

from budilnik.core.arrivals import ArrivedPhone
from budilnik.demo.places import City

FIRM_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)
PERSON_WEIGHTS = ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))

# Mobile codes given to no operator.
MOBILE_CODES = ("907", "935", "943", "945", "946", "972", "974", "975", "976")


def _check_digit(digits: str, weights: tuple[int, ...]) -> str:
    return str(sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 % 10)


def _serial(number: int, seed: int) -> str:
    # 61,931 has no common factor with 100,000: no two of 100,000 clients share a serial number.
    return f"{(number * 61_931 + seed * 7) % 100_000:05d}"


def make_firm_inn(office: str, *, number: int, seed: int) -> str:
    """Return the ten digits of a legal entity: tax office, serial number, check digit."""
    body = office + _serial(number, seed)
    return body + _check_digit(body, FIRM_WEIGHTS)


def make_person_inn(office: str, *, number: int, seed: int) -> str:
    """Return the twelve digits of a sole trader: tax office, serial number, two check digits."""
    body = f"{office}0{_serial(number, seed)}"
    for weights in PERSON_WEIGHTS:
        body += _check_digit(body, weights)
    return body


def make_office(dice: Random, city: City) -> str:
    """Return the four digits of a tax office of the city's region."""
    return f"{city.tax}{dice.randrange(1, 36):02d}"


def make_landline(dice: Random, city: City, *, extension: str = "") -> ArrivedPhone:
    """Return a number of the city. It begins with 0 after the code: no exchange gives such numbers out."""
    digits = 9 - len(city.code)
    rest = f"{dice.randrange(10**digits):0{digits}d}"
    return ArrivedPhone(number=f"+7{city.code}0{rest}", extension=extension, zone=city.zone)


def make_mobile(dice: Random) -> ArrivedPhone:
    """Return a mobile number of a code that belongs to nobody; it tells no zone."""
    return ArrivedPhone(number=f"+7{dice.choice(MOBILE_CODES)}{dice.randrange(10**7):07d}")
