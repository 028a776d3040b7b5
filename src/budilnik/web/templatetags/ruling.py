"""How the pages of the rules call settings and write their values."""

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from budilnik.calling import wording
from budilnik.core.outcome_table import OutcomeTable
from budilnik.web.policy.settings import BY_NAME, Setting

register = template.Library()


@register.filter
def policy_tab(code: str) -> str:
    """Name a page of the rules."""
    return {
        "rules": _("Rules"),
        "history": pgettext("rules", "History"),
        "loads": _("Norm and load"),
        "calendar": _("Calendar"),
        "simulation": _("What if"),
    }[code]


@register.filter
def setting_label(name: str) -> str:
    """Name a setting."""
    return str(BY_NAME[name].label) if name in BY_NAME else name


@register.filter
def percents(share: float) -> str:
    """Write a share as people do."""
    text = f"{share * 100:.2f}".rstrip("0").rstrip(".")
    return f"{text}%" if get_language() == "en" else f"{text.replace('.', ',')} %"


def _span(value: object) -> str:
    return "–".join(value) if isinstance(value, tuple) and value else _("none")


def _roles(value: object) -> str:
    return ", ".join(wording.role_name(code) for code in value) if isinstance(value, tuple) else ""


def _table(value: object) -> str:
    if not isinstance(value, OutcomeTable):
        return ""
    told = []
    if value.off:
        off = ", ".join(wording.outcome_by_default(code) for code in value.off)
        told.append(_("switched off: %(outcomes)s") % {"outcomes": off})
    language = get_language() or "ru"
    for each in value.names:
        own = {"was": wording.outcome_by_default(each.outcome), "own": value.name_of(each.outcome, language=language)}
        told.append(_("%(was)s is called “%(own)s”") % own)
    if not value.refusal_resets_clock:
        told.append(_("a refusal does not begin the count of silence anew"))
    return "; ".join(told) or _("as the program has them")


_WRITERS: Mapping[str, object] = {"hours": _span, "lunch": _span, "roles": _roles, "outcomes": _table}


@register.filter
def setting_value(value: object, setting: Setting | str) -> str:
    """Write the value of a setting with its unit."""
    known = BY_NAME.get(setting) if isinstance(setting, str) else setting
    if known is None:
        return str(value)
    writer = _WRITERS.get(known.kind)
    if callable(writer):
        return str(writer(value))
    if known.kind == "share" and isinstance(value, float):
        return percents(value)
    text = str(value).replace(".", ",") if known.kind == "ratio" and get_language() != "en" else str(value)
    return f"{text} {known.unit}".strip()


@register.filter
def program_word(code: str) -> str:
    """Name an outcome as the program does."""
    return wording.outcome_by_default(code)


@register.filter
def difference(code: str) -> str:
    """Name what is different for clients."""
    return {
        "to_pool": _("go to the pool"),
        "kept": _("stay with their managers"),
        "called": _("new on the lists"),
        "not_called": _("off the lists"),
    }[code]


@register.filter
def less(after: float, before: float) -> float:
    """Return by how much a figure is larger than another."""
    return after - before


@register.filter
def signed(value: float) -> str:
    """Write a difference with its sign; nothing for none."""
    if not value:
        return ""
    return f"+{value}" if value > 0 else f"−{abs(value)}"
