"""What every page knows: who works, what the menu shows, the moment of the server."""

from typing import Any

from django.http import HttpRequest

from budilnik.core.terms import Role
from budilnik.web.access import BASE, CALLERS, LEADERS, SETTERS

ROOMS = (
    ("day", "day:day", "list-check", CALLERS | {Role.HEAD}),
    ("promises", "promises:promises", "bell", CALLERS | {Role.HEAD}),
    ("clients", "clients:clients", "building", BASE),
    ("team", "team:team", "users", LEADERS),
    ("insight", "insight:classes", "chart-bar", LEADERS),
    ("reports", "reports:coverage", "chart-line", LEADERS),
    ("policy", "policy:policy", "adjustments", LEADERS),
    ("setup", "setup:setup", "settings", SETTERS),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the menu of the employee who is signed in."""
    role = getattr(request.user, "role", "") if hasattr(request, "user") else ""
    return {
        "rooms": [(room, address, icon) for room, address, icon, roles in ROOMS if role in roles],
        "sees_clients": role in BASE,
        "user": getattr(request, "user", None),
        "room": getattr(request, "room", ""),
        "theme": request.COOKIES.get("theme", ""),
        "now": getattr(request, "now", None),
        "my_zone": _zone_of(request),
    }


def _zone_of(request: HttpRequest) -> str:
    """Return the zone in which the employee reads the hours: his own, else the company's."""
    own = getattr(getattr(request, "user", None), "zone", "")
    policy = getattr(request, "policy", None)
    return own or (policy.company_zone if policy else "")
