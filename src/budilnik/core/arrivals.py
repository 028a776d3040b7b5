"""What arrives from outside, already checked and typed: the values that importers hand to the use cases.

Quantities are whole thousandths, prices whole 1/10,000 and sums whole kopecks, so that money stays exact.
"""

from dataclasses import dataclass
from datetime import date, datetime

from budilnik.core.terms import Direction, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedPhone:
    """A telephone number in E.164 with its extension; `zone` is an IANA name where the number tells one."""

    number: str
    extension: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedClient:
    """A client as a file names it. `owner` is a login or a full name; None when the file has no such column."""

    key: str
    name: str
    owner: str | None = None
    inn: str = ""
    kpp: str = ""
    group: str = ""
    city: str = ""
    region: str = ""
    zone: str = ""
    person: str = ""
    post: str = ""
    phones: tuple[ArrivedPhone, ...] = ()
    known_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedLine:
    """One line of an order. `amount` is quantity x price in kopecks, rounded half up away from zero."""

    product_key: str
    product_name: str
    quantity: int
    price: int
    amount: int
    product_group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedOrder:
    """A whole document. A line counts for the clock if quantity > 0 and the order is not cancelled."""

    key: str
    client_key: str
    ordered_at: datetime
    lines: tuple[ArrivedLine, ...]
    client_name: str = ""
    cancelled: bool = False

    @property
    def ordered_on(self) -> date:
        """The company day of the document."""
        return self.ordered_at.date()

    @property
    def counts_for_the_clock(self) -> bool:
        """Say whether the client really ordered something: a return or a cancelled order is no contact."""
        return not self.cancelled and any(line.quantity > 0 for line in self.lines)

    @property
    def net(self) -> int:
        """Revenue of the document net of returns. Units: kopecks."""
        return 0 if self.cancelled else sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedContact:
    """A past conversation or attempt. `employee` is a login or full name; "" when the file does not say."""

    key: str
    client_key: str
    at: datetime
    direction: Direction
    outcome: Outcome
    employee: str = ""
    note: str = ""
