"""How the trade writes its figures: sums, days, hours, numbers of telephones, signs."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budilnik.calling import wording
from budilnik.calling.queries.day import DayLine
from budilnik.calling.queries.proposals import Preset
from budilnik.core.reasons import Reason

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, extra: str = "") -> SafeString:
    """Draw a sign of the built sprite; it is decoration, the words beside it speak."""
    source = static("budilnik/icons.svg")
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, source, name)


@register.filter
def money(kopecks: int | Decimal | None) -> str:
    """Write kopecks as whole roubles."""
    return "—" if kopecks is None else wording.money(int(kopecks))


@register.filter
def day(value: date | None) -> str:
    """Write a date as people do."""
    return f"{value:%d.%m.%Y}" if value else "—"


@register.filter
def month(value: date) -> str:
    """Write a month with its year."""
    return f"{value:%m.%Y}"


@register.filter
def iso(value: date | time | None) -> str:
    """Write a date, or an hour and minute, as a field of a form takes it."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return f"{value:%Y-%m-%d}" if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """Write a date without its year."""
    return f"{value:%d.%m}" if value else "—"


@register.filter
def clock(value: datetime | None, zone: str = "") -> str:
    """Write the time of day of a moment in a zone."""
    return f"{_in(value, zone):%H:%M}" if value else "—"


@register.filter
def moment(value: datetime | None, zone: str = "") -> str:
    """Write a moment in a zone as people do."""
    return f"{_in(value, zone):%d.%m.%Y %H:%M}" if value else "—"


def _in(value: datetime, zone: str) -> datetime:
    try:
        return value.astimezone(ZoneInfo(zone)) if zone else value
    except (ZoneInfoNotFoundError, ValueError):
        return value


@register.filter
def phone(number: str) -> str:
    """Write a number in E.164 with its parts apart."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.filter
def days(count: int | None) -> str:
    """Write a number of days with its word."""
    if count is None:
        return "—"
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


@register.filter
def share(value: float | None) -> str:
    """Write a share of one as whole percent."""
    return "—" if value is None else f"{round(value * 100)}%"


@register.filter
def role(code: str) -> str:
    """Name a role of ours."""
    return wording.role_name(code)


@register.filter
def status(code: str) -> str:
    """Name a status of one client."""
    return wording.status_of_one(code)


@register.filter
def queue(code: str) -> str:
    """Name a queue of the day."""
    return wording.queue_name(code)


@register.filter
def outcome(code: str) -> str:
    """Name an outcome of a call."""
    return wording.outcome_name(code)


@register.filter
def outcome_key(code: str) -> str:
    """Name an outcome as shortly as its key wants it."""
    return wording.outcome_on_key(code)


@register.filter
def loss_reason(code: str) -> str:
    """Name a reason of a refusal."""
    return wording.loss_reason_name(code)


@register.filter
def yes_no(value: object) -> str:
    """Write a truth as a word."""
    return _("yes") if value else _("no")


@register.filter
def initials(name: str) -> str:
    """Write the first letters of a name."""
    return "".join(part[0] for part in name.split()[:2])


@register.filter
def short_name(name: str) -> str:
    """Write a full name as surname and initials."""
    return wording.short_name(name)


@register.filter
def preset_name(preset: Preset) -> str:
    """Name a moment offered for a callback."""
    hour = f"{preset.at:%H:%M}"
    return {
        "in_an_hour": _("in an hour"),
        "today": _("today %(time)s") % {"time": hour},
        "next_day": _("%(day)s at %(time)s") % {"day": f"{preset.on:%d.%m}", "time": hour},
        "monday": _("Monday %(time)s") % {"time": hour},
    }[preset.code]


@register.filter
def sentence(reason: Reason) -> str:
    """Say one of the three reasons of a task."""
    return wording.sentence(reason) if reason else "—"


@register.filter
def skip_reason(code: str) -> str:
    """Name a reason of a skip."""
    return wording.skip_reason_name(code)


@register.filter
def how_closed(line: DayLine) -> str:
    """Say how a task of the day ended."""
    return wording.outcome_name(line.outcome) if line.close == "outcome" else wording.close_name(line.close)
