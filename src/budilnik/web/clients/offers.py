"""Goods to offer to a client: one that does not suit is said so once, and may be taken back."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from budilnik.calling.actions.offers import offer_does_not_suit, offer_suits_again
from budilnik.calling.queries.offers import insight_of
from budilnik.web.access import allow
from budilnik.web.clients.page import WRITERS
from budilnik.web.requests import Request


def _shown(request: Request, client_id: int, *, refused: int | None) -> HttpResponse:
    """Show the goods as they stand now, with the one just refused still within reach."""
    if not request.htmx:
        return redirect("clients:client", client_id)
    told = {"insight": insight_of(client_id, on=request.on), "client_id": client_id, "refused": refused}
    return render(request, "day/offers.html#offers", told | {"may_write": True})


@allow(WRITERS, "POST")
def refuse(request: Request, client_id: int, product_id: int) -> HttpResponse:
    """Remember «не подходит»."""
    offer_does_not_suit(client_id=client_id, product_id=product_id, by=request.user, now=request.now, on=request.on)
    return _shown(request, client_id, refused=product_id)


@allow(WRITERS, "POST")
def take_back(request: Request, client_id: int, product_id: int) -> HttpResponse:
    """Let the good be offered again."""
    offer_suits_again(client_id=client_id, product_id=product_id, by=request.user, now=request.now, on=request.on)
    return _shown(request, client_id, refused=None)
