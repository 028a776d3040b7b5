"""«Не подходит»: a good that a client does not want is remembered and not offered to him again."""

from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from budilnik.calling.actions.cards import READERS, OnlyReads
from budilnik.calling.queries.sight import ClientNotSeen, seen_clients, sight_of
from budilnik.core.refusal import Refusal
from budilnik.sales.actions.insight import refuse_offer, take_back_refusal
from budilnik.sales.models import Product
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee


class NoSuchGood(Refusal):
    """The page is older than the assortment."""

    ru = "Такого товара больше нет; обновите страницу."
    en = "There is no such good any more; reload the page."
    status: ClassVar[int] = 404


@transaction.atomic
def offer_does_not_suit(*, client_id: int, product_id: int, by: Employee, now: datetime, on: date) -> None:
    """Remember that a good does not suit a client; said twice, it is remembered once.

    Raises: ClientNotSeen, OnlyReads, NoSuchGood.
    """
    _may_say(client_id, product_id, by=by, on=on)
    if refuse_offer(client_id=client_id, product_id=product_id, by_id=by.pk, now=now):
        audit("offer_refused", by=by, now=now, subject="client", subject_id=client_id, facts={"product": product_id})


@transaction.atomic
def offer_suits_again(*, client_id: int, product_id: int, by: Employee, now: datetime, on: date) -> None:
    """Take «не подходит» back.

    Raises: ClientNotSeen, OnlyReads, NoSuchGood.
    """
    _may_say(client_id, product_id, by=by, on=on)
    if take_back_refusal(client_id=client_id, product_id=product_id, now=now):
        audit("offer_taken_back", by=by, now=now, subject="client", subject_id=client_id, facts={"product": product_id})


def _may_say(client_id: int, product_id: int, *, by: Employee, on: date) -> None:
    if not seen_clients(sight_of(by, on=on)).filter(pk=client_id).exists():
        raise ClientNotSeen
    if by.role in READERS:
        raise OnlyReads
    if not Product.objects.filter(pk=product_id).exists():
        raise NoSuchGood
