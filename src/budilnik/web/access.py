"""Who may open what: every view names the roles it is for, and a test asks each address as each role."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.web.requests import Request

CALLERS = frozenset(
    {Role.MANAGER, Role.DEVELOPER, Role.TELEMARKETER, Role.PROJECT_MANAGER, Role.SPECIALIST, Role.ORDER_DESK}
)
HEAD = frozenset({Role.HEAD})
LEADERS = frozenset({Role.HEAD, Role.DIRECTOR})
BASE = CALLERS | LEADERS
SETTERS = frozenset({Role.HEAD, Role.ADMINISTRATOR})
EVERYONE = frozenset(Role)

type View = Callable[..., HttpResponse]


class NotForYourRole(Refusal):
    """The page belongs to another role."""

    ru = "Эта страница не для вашей роли. Если она нужна для работы, обратитесь к администратору."
    en = "This page is not for your role. If your work needs it, ask the administrator."
    status: ClassVar[int] = 403


def allow(roles: frozenset[Role], *methods: str) -> Callable[[View], View]:
    """Open a view to roles, for GET unless other methods are named."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
            if Role(request.user.role) not in roles:
                raise NotForYourRole
            return view(request, *args, **kwargs)

        opened: Any = require_http_methods(methods or ("GET", "HEAD"))(guarded)
        opened.roles = roles
        opened.methods = methods or ("GET",)
        return opened  # type: ignore[no-any-return]

    return guard
