"""How the talk is worded for people: the names of its blocks, when each is said, what a variable stands for."""

import re
from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

register = template.Library()
_VARIABLE = re.compile(r"\{\w+\}")

_NAMES: Mapping[str, object] = {
    "greeting": gettext_lazy("Greeting"),
    "inbound": gettext_lazy("They called"),
    "broken_promise": gettext_lazy("Broken promise"),
    "promised": pgettext_lazy("block of a talk", "Promised"),
    "impostor": gettext_lazy("Somebody posed as us"),
    "stand_in": gettext_lazy("In place of a colleague"),
    "new_face": gettext_lazy("New manager"),
    "prospect": gettext_lazy("First talk"),
    "lost": gettext_lazy("Lost client"),
    "forgotten": gettext_lazy("Long silence"),
    "leaving": gettext_lazy("May be leaving"),
    "regular": gettext_lazy("After the order"),
    "after_quality": gettext_lazy("After a refusal: quality"),
    "after_service": gettext_lazy("After a refusal: service"),
    "after_price": gettext_lazy("After a refusal: price"),
    "after_stock": gettext_lazy("After a refusal: stock"),
    "after_competitor": gettext_lazy("After a refusal: competitor"),
    "after_staff": gettext_lazy("After a refusal: their people"),
    "after_no_need": gettext_lazy("After a refusal: no need"),
    "offer_due": gettext_lazy("Goods due again"),
    "offer_stopped": gettext_lazy("Goods left off"),
    "offer_new": gettext_lazy("New goods"),
    "news": gettext_lazy("News"),
    "close": gettext_lazy("Next step"),
    "ask_people": gettext_lazy("Question: whom to ask for"),
    "ask_decision_maker": gettext_lazy("Question: who decides"),
    "ask_potential": gettext_lazy("Question: potential"),
    "ask_number": gettext_lazy("Question: direct number"),
    "ask_channel": gettext_lazy("Question: where to write"),
    "ask_zone": gettext_lazy("Question: time zone"),
    "ask_inn": gettext_lazy("Question: INN"),
}

_CONDITIONS: Mapping[str, object] = {
    "greeting": gettext_lazy("always, when we call"),
    "inbound": gettext_lazy("the client called us"),
    "broken_promise": gettext_lazy("a promised call is late by over 15 minutes, or we moved it since the last talk"),
    "promised": gettext_lazy("a call is promised for today"),
    "impostor": gettext_lazy("the last refusal: someone posed as us"),
    "stand_in": gettext_lazy("the client has another owner"),
    "new_face": gettext_lazy("the caller has never talked to the client, another manager did"),
    "prospect": gettext_lazy("never talked to and never bought"),
    "lost": gettext_lazy("lost, and the last refusal has no block of its own"),
    "forgotten": gettext_lazy("forgotten by silence"),
    "leaving": gettext_lazy("regular, and insight says that he may be leaving"),
    "regular": gettext_lazy("regular, with an order behind him"),
    "after_quality": gettext_lazy("the last refusal: quality or claim"),
    "after_service": gettext_lazy("the last refusal: service, conflict, errors in documents"),
    "after_price": gettext_lazy("the last refusal: price or payment terms"),
    "after_stock": gettext_lazy("the last refusal: stock, assortment, delivery"),
    "after_competitor": gettext_lazy("the last refusal: competitor, tender, own production"),
    "after_staff": gettext_lazy("the last refusal: their staff changed"),
    "after_no_need": gettext_lazy("the last refusal: no need, project finished"),
    "offer_due": gettext_lazy("insight names goods whose time has come"),
    "offer_stopped": gettext_lazy("insight names goods he left off"),
    "offer_new": gettext_lazy("insight names goods that those like him take"),
    "news": gettext_lazy("from its first day to its last, two at a time"),
    "close": gettext_lazy("always, at the end"),
    "ask_people": gettext_lazy("no person is recorded"),
    "ask_decision_maker": gettext_lazy("nobody is marked as decision maker"),
    "ask_potential": gettext_lazy("the potential is not known"),
    "ask_number": gettext_lazy("no person has a number of his own"),
    "ask_channel": gettext_lazy("it is not known where to write"),
    "ask_zone": gettext_lazy("the time zone is assumed"),
    "ask_inn": gettext_lazy("the INN is not known"),
}

_VARIABLES: Mapping[str, object] = {
    "person": gettext_lazy("whom to ask for, by name and patronymic"),
    "client": gettext_lazy("name of the client"),
    "me": gettext_lazy("name of the caller"),
    "firm": gettext_lazy("our firm, as written on this page"),
    "owner": gettext_lazy("the owner, when somebody else calls"),
    "manager_before": gettext_lazy("the manager whom the client knows"),
    "days": gettext_lazy("days of silence, with the word"),
    "silence": gettext_lazy("silence in days, months or years"),
    "last_talk": gettext_lazy("day of the last talk"),
    "last_order": gettext_lazy("day of the last order"),
    "since_order": gettext_lazy("days since the last order, with the word"),
    "rhythm": gettext_lazy("his usual interval between orders"),
    "promise": gettext_lazy("what the promise is about"),
    "goods": gettext_lazy("goods due again, up to two"),
    "stopped": gettext_lazy("goods left off, up to two"),
    "new_goods": gettext_lazy("goods he never took, up to two"),
}


@register.filter
def block_name(code: str) -> str:
    """Name a block of the talk."""
    return str(_NAMES.get(code, code))


@register.filter
def block_when(code: str) -> str:
    """Say when a block is said."""
    return str(_CONDITIONS.get(code, code))


@register.filter
def variable_name(code: str) -> str:
    """Say what a variable stands for."""
    return str(_VARIABLES.get(code, code))


@register.filter
def with_variables(text: str) -> SafeString:
    """Write a text with its variables set apart from its words."""
    return mark_safe(_VARIABLE.sub(r"<code>\g<0></code>", escape(text)))


@register.filter
def in_braces(code: str) -> str:
    """Write a variable as a text takes it."""
    return f"{{{code}}}"


@register.simple_tag
def air_days(begins: date | None, ends: date | None) -> str:
    """Say from which day to which a piece of news is told."""
    if begins and ends:
        return f"{begins:%d.%m.%Y} – {ends:%d.%m.%Y}"
    if begins:
        return _("from %(day)s") % {"day": f"{begins:%d.%m.%Y}"}
    return _("until %(day)s") % {"day": f"{ends:%d.%m.%Y}"} if ends else _("without end")
