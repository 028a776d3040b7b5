"""Who a login and a password belong to."""

from typing import TYPE_CHECKING

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from budilnik.staff.queries import who_signs_in, with_team

if TYPE_CHECKING:
    from budilnik.staff.models import Employee


class LoginInAnyCase(ModelBackend):
    """Finds people by their login in any letter case, Cyrillic too; whoever has left is let in nowhere."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: object
    ) -> "Employee | None":
        """Return the employee whom the login and the password fit."""
        if not username or not password:
            return None
        found = who_signs_in(username)
        if found is None:
            # As slow as a wrong password, or the time would tell which logins exist.
            make_password(password)
            return None
        fits = found.check_password(password)
        return found if fits and self.user_can_authenticate(found) else None

    def get_user(self, user_id: int) -> "Employee | None":
        """Return the employee whose session it is, with his team: nearly every page asks for its clock and calendar."""
        found = with_team(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
