"""Every page of the site: where it is and who opens it. The tests walk this list, and so do the screenshots."""

from collections.abc import Mapping
from dataclasses import dataclass

MANAGER, HEAD, ADMINISTRATOR, STRANGER = "ivan", "head", "admin", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """A page by a name of its own, as it is after some keys; `path` has the numbers of the firm at hand in braces."""

    name: str
    path: str
    opened_by: str
    keys: tuple[str, ...] = ()

    def at(self, numbers: Mapping[str, int]) -> str:
        """Return where the page is for these numbers."""
        return self.path.format_map(numbers)


def _pages(opened_by: str, places: Mapping[str, str]) -> tuple[SitePage, ...]:
    return tuple(SitePage(name=name, path=path, opened_by=opened_by) for name, path in places.items())


# What one key opens on the card of a client.
CARD = {
    "day-skip": "KeyS",
    "day-interested": "Digit2",
    "day-callback": "Digit4",
    "day-refused": "Digit9",
    "day-stop": "KeyX",
}
PAGES = (
    *_pages(STRANGER, {"sign-in": "/sign-in/"}),
    *_pages(
        MANAGER,
        {
            "day": "/day/",
            "day-correcting": "/day/?amend={task}",
            "promises": "/promises/",
            "promise-new": "/promises/new/?client_id={client}",
            "promise-move": "/promises/{promise}/move/",
            "promise-pass": "/promises/{promise}/pass/",
            "clients": "/clients/",
            "clients-search": "/clients/?q=%D0%BA%D1%80%D0%B5%D0%BF%D1%91%D0%B6",
            "clients-stranger": "/clients/?q=%2B74951234{stranger:03}",
            "repair": "/clients/repair/",
            "client": "/clients/{client}/",
            "client-call-in": "/clients/{client}/call/?direction=in",
            "client-call-out": "/clients/{client}/call/?direction=out",
            "client-kept": "/clients/{promised}/kept/",
            "no-such-page": "/nowhere/",
            "me": "/me/",
            "password": "/me/password/",
            "confirm": "/me/confirm/",
            "two-steps-on": "/me/two-steps/on/",
        },
    ),
    *(SitePage(name=name, path="/day/", opened_by=MANAGER, keys=(key,)) for name, key in CARD.items()),
    *_pages(
        HEAD,
        {
            "head-day": "/day/",
            "head-promises": "/promises/?whose=team",
            "head-clients": "/clients/",
            "head-client": "/clients/{lost}/",
            "team": "/team/",
            "manager": "/team/{employee}/",
            "matters": "/team/matters/",
            "pool": "/team/pool/",
            "exhausted": "/team/exhausted/",
            "protected": "/team/protected/",
            "absences": "/team/absences/",
            "leaver": "/team/leaver/",
            "leaver-preview": "/team/leaver/?employee={leaver}",
            "give": "/team/give/?client_id={client}",
            "levelling": "/levelling/",
            "levelling-leaver": "/levelling/?leaver={leaver}",
            "levelling-made": "/levelling/{levelling}/",
            "insight-classes": "/insight/",
            "insight-fifths": "/insight/rfm/",
            "insight-seasons": "/insight/seasons/",
            "insight-stopped": "/insight/stopped/",
            "insight-threat": "/insight/threat/",
            "insight-potential": "/insight/potential/",
            "coverage": "/reports/coverage/",
            "coverage-weeks": "/reports/coverage/weeks/",
            "coverage-classes": "/reports/coverage/classes/",
            "coverage-days": "/reports/coverage/days/",
            "discipline": "/reports/discipline/",
            "discipline-behind": "/reports/discipline/own_planned/",
            "flows": "/reports/flows/",
            "money": "/reports/money/",
            "money-revenue": "/reports/money/revenue/",
            "pool-flow": "/reports/pool/",
            "losers": "/reports/pool/losers/",
            "backlog": "/reports/pool/backlog/?per_day=5",
            "effect": "/reports/effect/",
            "funnel": "/reports/effect/funnel/",
            "funnel-clients": "/reports/effect/funnel/pool/called/",
            "clients-of-a-figure": "/clients/?coverage=due&abcd=unknown",
            "clients-of-a-cell": "/clients/?abc=A&regularity=X&threat=1",
            "rules": "/policy/",
            "rules-edit": "/policy/edit/",
            "simulation": "/simulation/",
            "simulated": "/simulation/{simulated}/",
            "simulating": "/simulation/{simulating}/",
            "rules-history": "/policy/history/",
            "rules-version": "/policy/2/",
            "rules-compare": "/policy/compare/?a=1&b=2",
            "rules-loads": "/policy/loads/",
            "rules-load": "/policy/loads/{employee}/",
            "rules-calendar": "/policy/calendar/",
            "scripts": "/setup/scripts/",
            "script": "/setup/scripts/leaving/",
            "script-news": "/setup/scripts/news/{news}/",
            "script-news-new": "/setup/scripts/news/add/",
            "script-firm": "/setup/scripts/firm/",
        },
    ),
    *_pages(
        ADMINISTRATOR,
        {
            "staff": "/setup/",
            "employee": "/setup/{employee}/",
            "employee-new": "/setup/add/",
            "state": "/setup/state/",
            "audit": "/setup/audit/",
            "two-steps-off": "/me/two-steps/off/",
            "recovery-codes": "/me/recovery-codes/",
            "recovery-codes-new": "/me/recovery-codes/new/",
            "confirm-code": "/me/confirm/code/",
        },
    ),
)
