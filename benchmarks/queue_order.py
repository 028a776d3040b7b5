"""The order of the queue, simulated for a year on a real base: `python benchmarks/queue_order.py FILE [--json]`.

The protocol of QUALITY §4, ten managers, with the product's own rule beside the simpler ones and the upper bound.
`--calls 20,24,28` gives the line of calls a day against coverage, `--price` what coverage costs in deals.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from statistics import fmean
from time import perf_counter

from queue_bound import bounds
from queue_policies import POLICIES, PRICE, Policy
from queue_world import MANAGERS, POOL, YEAR, Firm, World

SETTINGS = ((1000, 0.5), (2000, 0.5), (2000, 0.3))
BOUND = "upper bound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A policy in one setting: shares in 0..1, means over the runs."""

    policy: str
    size: int
    answer: float
    calls: int
    coverage: float
    lost: float | None
    value_kept: float
    value_of_losses: float | None
    deals: float | None
    talks: float | None
    seconds: float


def play(world: World, policy: Policy) -> None:
    """Let a year pass."""
    for day in range(YEAR):
        world.dawn(day)
        if world.works[day]:
            plan = policy(world)
            for manager in range(MANAGERS):
                promises = world.promises(manager)
                for client in [*promises, *plan[manager]][: max(world.calls, len(promises))]:
                    world.call(client, manager)
        world.dusk()


def judge(name: str, policy: Policy, worlds: Iterable[World]) -> Row:
    """Return what a policy brings, as the mean over several years played."""
    began, played = perf_counter(), list(worlds)
    for world in played:
        play(world, policy)
    pools = [world.owner == POOL for world in played]
    pooled_value = [world.value[pool].sum() / world.value.sum() for world, pool in zip(played, pools, strict=True)]
    return Row(
        policy=name,
        size=played[0].size,
        answer=played[0].answer,
        calls=played[0].calls,
        coverage=fmean(fmean(world.tally.covered) for world in played),
        lost=fmean(float(pool.mean()) for pool in pools),
        value_kept=1 - fmean(pooled_value),
        value_of_losses=fmean(world.tally.lost_value / world.value.sum() for world in played),
        deals=fmean(world.tally.deals for world in played),
        talks=fmean(world.tally.talks for world in played),
        seconds=(perf_counter() - began) / len(played),
    )


def bound(worlds: Iterable[World]) -> Row:
    """Return the upper bounds, as the mean over several bases."""
    began, bases = perf_counter(), list(worlds)
    coverage, kept = zip(*(bounds(world) for world in bases), strict=True)
    return Row(
        policy=BOUND,
        size=bases[0].size,
        answer=bases[0].answer,
        calls=bases[0].calls,
        coverage=fmean(coverage),
        lost=None,
        value_kept=fmean(kept),
        value_of_losses=None,
        deals=None,
        talks=None,
        seconds=(perf_counter() - began) / len(bases),
    )


def rows(firm: Firm, asked: argparse.Namespace) -> Iterator[Row]:
    """Play what was asked for, one row at a time."""
    known = POLICIES | PRICE
    names = asked.policies.split(",") if asked.policies else [*(PRICE if asked.price else POLICIES), BOUND]
    settings = [(size, answer) for size, answer in SETTINGS if asked.size in (None, size)]
    if asked.answer is not None:
        settings = [(size, asked.answer) for size in dict.fromkeys(size for size, _ in settings)]
    for size, answer in settings:
        for calls in asked.calls:
            worlds: Callable[[], list[World]] = partial(
                lambda size, answer, calls: [
                    World(firm, size=size, answer=answer, calls=calls, seed=seed) for seed in range(asked.runs)
                ],
                size,
                answer,
                calls,
            )
            for name in names:
                yield bound(worlds()) if name == BOUND else judge(name, known[name], worlds())


def shown(row: Row) -> str:
    """Return a row as a line of the table."""
    figures = (row.coverage, row.lost, row.value_kept, row.value_of_losses)
    shares = "".join(f"{'' if figure is None else f'{figure:.3f}':>9}" for figure in figures)
    counts = "".join(f"{'' if count is None else f'{count:,.0f}':>9}" for count in (row.deals, row.talks))
    return f"{row.policy:<38}{row.size:>6,}{row.answer:>5}{row.calls:>6}{shares}{counts}{row.seconds:>7.0f}"


def main() -> None:
    """Read the arguments, play, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="order lines as Parquet: customer, ts, qty, price, sku, invoice")
    parser.add_argument("--on", type=date.fromisoformat, default=date(2010, 12, 9), help="the first day played")
    parser.add_argument("--policies", help=f"of: {', '.join([*POLICIES, *PRICE, BOUND])}")
    parser.add_argument("--size", type=int, choices=(1000, 2000), help="clients a manager; all settings if not given")
    parser.add_argument("--answer", type=float, help="share of attempts that are answered")
    parser.add_argument("--calls", type=lambda text: [int(one) for one in text.split(",")], default=[20])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--price", action="store_true", help="the rule in its modes: coverage against deals")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()

    firm = Firm.read(asked.file, on=asked.on)
    if asked.json:
        print(json.dumps([asdict(row) for row in rows(firm, asked)], indent=1))
        return
    heads = "".join(f"{head:>9}" for head in ("coverage", "lost", "kept", "losses", "deals", "talks"))
    print(f"{'policy':<38}{'size':>6}{'ans':>5}{'calls':>6}{heads}{'sec':>7}")
    for row in rows(firm, asked):
        print(shown(row), flush=True)


if __name__ == "__main__":
    main()
