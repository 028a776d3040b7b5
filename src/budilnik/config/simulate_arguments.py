"""What may be asked of a simulation on the command line."""

from argparse import ArgumentParser

from budilnik.core.rivals import POLICIES

NUMBERS = ("norm", "people", "days", "seeds", "away_days", "forgotten_after_months", "lost_after_months")
SHARES = ("pool_share", "reach", "growth_share", "open_share", "deal_share", "callback_share")


def add_arguments(parser: ArgumentParser) -> None:
    """Describe what may be asked; what is not given is as the firm's rules have it."""
    for name in NUMBERS:
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="N")
    for name in SHARES:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, metavar="0..1")
    parser.add_argument("--levelled", action="store_true", default=None, help="level the base before the first day")
    parser.add_argument("--policies", type=lambda text: tuple(text.split(",")), metavar=",".join(POLICIES))
    parser.add_argument("--yes", action="store_true", help="begin though it takes long")
