"""A password to be read aloud and typed once."""

import secrets

# Without the signs that look alike: l and 1, o and 0, i.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def fresh_password() -> str:
    """Return a new password of three groups of four signs; 59 bits of chance."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(3))
