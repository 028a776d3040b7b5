"""A simulated year on a real base: how long it takes, and how near its own orders come to those that came.

    python benchmarks/simulate.py FILE [--clients 10000] [--days 250] [--policies …] [--json]

Clients are drawn with replacement from the base of a day, ten managers share them; the years are lived by the core as
`budilnik simulate` lives them, no database stands between. `calibration` compares the orders that clients of the day
really placed in the year after with those that the simulation lets them place.
"""

import argparse
import json
import resource
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from random import Random
from statistics import fmean
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from budilnik.core.bounds import upper_bound
from budilnik.core.candidates import ClientFacts
from budilnik.core.dates import WorkCalendar
from budilnik.core.own_orders import Buyer, Demand, demand_of
from budilnik.core.policy import Policy
from budilnik.core.rivals import POLICIES
from budilnik.core.scenario import Scenario
from budilnik.core.simulate import simulate
from budilnik.core.simulated_firm import FirmToday, Person
from budilnik.core.years import course
from queue_world import Firm

MANAGERS, ZONE, YEAR = 10, "Europe/Moscow", 365
QUARTER, WINDOWS = 91, (91, 182, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way of working, over the seeds played. Units: seconds and MiB for one year, shares in 0..1."""

    policy: str
    seconds: float
    cpu_seconds: float
    coverage: float
    lost: float
    won: float
    value_kept: float


def calendar(on: date) -> WorkCalendar:
    """Return the production calendar around the year played."""
    first, last = on - timedelta(days=150), on + timedelta(days=YEAR + 500)
    known = holidays.country_holidays("RU", years=range(first.year, last.year + 1))
    days = [first + timedelta(days=shift) for shift in range((last - first).days + 1)]
    return WorkCalendar.of([day for day in days if known.is_working_day(day)], first=first, last=last)


def town(firm: Firm, *, clients: int, seed: int) -> tuple[FirmToday, dict[int, Buyer]]:
    """Return a firm whose clients are drawn from the base of the day, and how each has ordered until then."""
    draw = np.random.default_rng(seed)
    facts, buyers = [], {}
    for number, real in enumerate(draw.integers(0, len(firm.value), clients), 1):
        past = firm.order_days[real][firm.order_days[real] < 0]
        last, recent = firm.on + timedelta(days=int(past[-1])), int((past >= -YEAR).sum())
        first = firm.on + timedelta(days=int(past[0]))
        facts.append(_facts(number, last=last, first=first, recent=recent, value=round(100 * firm.value[real])))
        buyers[number] = Buyer(client_id=number, days_silent=-int(past[-1]), orders_365=recent, age_days=-int(past[0]))
    people = [Person(employee_id=number + 1, norm=20, zone=ZONE) for number in range(MANAGERS)]
    today = FirmToday(on=firm.on, clients=facts, people=people, calendar=calendar(firm.on), zone_of=ZoneInfo)
    return today, buyers


def _facts(number: int, *, last: date, first: date, recent: int, value: int) -> ClientFacts:
    return ClientFacts(
        client_id=number,
        owner_id=1 + number % MANAGERS,
        status="regular",
        silent_since=last,
        ever_contacted=True,
        agreed_until=None,
        grace_until=None,
        in_pool_since=None,
        next_status_on=None,
        policy_version=0,
        first_known_on=first,
        last_talk_on=None,
        value=value,
        first_order_on=first,
        last_order_on=last,
        order_days_in_year=recent,
        missed_attempts=0,
        retry_on=None,
        paused_until=None,
        phone_state="usable",
        stopped_on=None,
        protected=False,
        zone=ZONE,
        group_id=None,
    )


def play(name: str, firm: Firm, asked: argparse.Namespace) -> Row:
    """Live through the years of one way of working."""
    years, seconds, cpu = [], [], []
    for seed in range(1, asked.seeds + 1):
        today, buyers = town(firm, clients=asked.clients, seed=seed)
        demand = demands(buyers, days=asked.days, seed=seed)
        scenario = Scenario(policy=Policy(), days=asked.days, seed=seed)
        began, worked = perf_counter(), process_time()
        years.append(list(simulate(today, scenario, demand=demand, plan=POLICIES[name])))
        seconds.append(perf_counter() - began)
        cpu.append(process_time() - worked)
    sums = course(years).sums
    return Row(
        policy=name,
        seconds=fmean(seconds),
        cpu_seconds=fmean(cpu),
        coverage=sums.coverage.mean,
        lost=sums.lost.mean,
        won=sums.won.mean,
        value_kept=sums.value_kept.mean,
    )


def demands(buyers: dict[int, Buyer], *, days: int, seed: int) -> dict[int, Demand]:
    """Return the own orders of a year for everybody."""
    luck = Random(seed)
    return {number: demand_of(buyer, days=days, luck=luck) for number, buyer in buyers.items()}


def calibration(firm: Firm) -> dict[str, dict[str, float]]:
    """Return what clients of the day really did afterwards beside what is simulated: who ordered, and how often."""
    _, buyers = town(firm, clients=len(firm.value), seed=1)
    draw = np.random.default_rng(1).integers(0, len(firm.value), len(firm.value))
    played = demands(buyers, days=YEAR, seed=1)
    told = {}
    for window in WINDOWS:
        real = [((firm.order_days[r] >= 0) & (firm.order_days[r] < window)).sum() for r in draw]
        ours = [sum(day < window for day in played[number].days) for number in sorted(played)]
        told[f"{window} days"] = {
            "ordered_really": float(np.mean([count > 0 for count in real])),
            "ordered_simulated": fmean(count > 0 for count in ours),
            "orders_a_client_really": float(np.mean(real)),
            "orders_a_client_simulated": fmean(ours),
        }
    return told


def main() -> None:
    """Read the arguments, play, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="order lines as Parquet: customer, ts, qty, price, sku, invoice")
    parser.add_argument("--on", type=date.fromisoformat, default=date(2010, 12, 9), help="the first day played")
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=YEAR, help="calendar days; a year holds about 250 working days")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--policies", type=lambda text: text.split(","), default=list(POLICIES))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()

    firm = Firm.read(asked.file, on=asked.on)
    rows = [play(name, firm, asked) for name in asked.policies]
    today, buyers = town(firm, clients=asked.clients, seed=1)
    scenario = Scenario(policy=Policy(), days=asked.days)
    bound = upper_bound(today, scenario, demand=demands(buyers, days=asked.days, seed=1))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    near = calibration(firm)
    if asked.json:
        print(
            json.dumps({"rows": [asdict(row) for row in rows], "bound": asdict(bound), "calibration": near}, indent=1)
        )
        return
    print(f"{asked.clients:,} clients, {asked.days} days, {asked.seeds} years each, {memory:,.0f} MiB")
    print(f"{'way of working':<18}{'s':>7}{'CPU s':>7}{'coverage':>10}{'lost':>8}{'won':>8}{'kept':>7}")
    for row in rows:
        counts = f"{row.lost:>8,.0f}{row.won:>8,.0f}{row.value_kept:>7.3f}"
        print(f"{row.policy:<18}{row.seconds:>7.1f}{row.cpu_seconds:>7.1f}{row.coverage:>10.3f}{counts}")
    print(f"{'upper bound':<32}{fmean(bound.quarters or (1,)):>10.3f}{'':>16}{bound.value_kept:>7.3f}")
    for window, told in near.items():
        print(f"{window}: " + ", ".join(f"{name} {figure:.3f}" for name, figure in told.items()))


if __name__ == "__main__":
    main()
