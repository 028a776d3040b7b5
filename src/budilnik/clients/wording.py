"""What is known of clients in words: roles of the buying centre, why an owner came and went, why a status changed."""

from django.utils.translation import gettext as _

from budilnik.core.terms import Attitude, BuyingRole, Channel


def buying_role_name(code: str) -> str:
    """Return what a person does in the buying centre."""
    return {
        BuyingRole.DECISION_MAKER.value: _("decision maker"),
        BuyingRole.SHAPER.value: _("shaper"),
        BuyingRole.INFLUENCER.value: _("influencer"),
        BuyingRole.USER.value: _("user"),
        BuyingRole.EXPERT.value: _("expert"),
        BuyingRole.BUYER.value: _("buyer"),
        BuyingRole.GATEKEEPER.value: _("gatekeeper"),
        BuyingRole.OPPONENT.value: _("opponent"),
    }.get(code, code)


def attitude_name(code: str) -> str:
    """Return how a person stands towards us."""
    return {
        Attitude.FRIEND.value: _("for us"),
        Attitude.NEUTRAL.value: _("neutral"),
        Attitude.AGAINST.value: _("against us"),
    }.get(code, code)


def channel_name(code: str) -> str:
    """Return how a person prefers to be reached."""
    return {
        Channel.PHONE.value: _("by phone"),
        Channel.MAIL.value: _("by mail"),
        Channel.MESSENGER.value: _("by messenger"),
        Channel.MEETING.value: _("at a meeting"),
    }.get(code, code)


def tenure_reason_name(code: str) -> str:
    """Return why somebody became the owner of a client, or ceased to be."""
    return {
        "first": _("first owner"),
        "imported": _("so in the imported file"),
        "assigned": _("shared out"),
        "given": _("given by the head"),
        "won_back": _("won back"),
        "late_evidence": _("a contact before the loss was found"),
        "merged": _("duplicates were merged"),
        "leaver": _("the former owner left"),
        "lost": _("the client was lost"),
        "amended": _("the outcome was corrected"),
        "archived": _("archived"),
        "levelled": _("the base was levelled"),
        "level_undone": _("the levelling was undone"),
    }.get(code, code)


def status_reason_name(code: str) -> str:
    """Return why a status changed."""
    return {
        "silence": _("by silence"),
        "call": _("after a talk"),
        "talk": _("after a talk"),
        "order": _("after an order"),
        "agreed": _("a date was agreed"),
        "grace": _("a grace was given"),
        "won_back": _("won back"),
        "late_evidence": _("a contact before the loss was found"),
        "merged": _("duplicates were merged"),
        "given": _("given by the head"),
        "amended": _("the outcome was corrected"),
        "unprotected": _("protection was lifted"),
        "restored": _("taken back from the archive"),
        "stop_lifted": _("the stop was lifted"),
    }.get(code, code)
