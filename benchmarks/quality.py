"""How right insight is: python benchmarks/quality.py FILE [--cutoffs 2011-01-01,...] [--split DAY] [--part P] [--json]

FILE as in benchmarks/sales.py. The protocols, the baselines and the aims are those of QUALITY: what learns learns from
the past only, and every cut-off is judged by what came after it. Every figure comes from the product's own expressions.
Rows marked "QUALITY" are cited from there for Online Retail II; all others are computed from the file given.
"""

import argparse
import json
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from ibis import BaseBackend
from ibis.expr.types import Table

import quality_alarm
import quality_orders
import sales
from budilnik.analytics.chances import chances, expected_revenue, features_of
from budilnik.analytics.fitting import HORIZONS, cut_offs, known_by, month_of, refitted
from budilnik.analytics.rhythm import purchase_days
from budilnik.analytics.tables import Base
from budilnik.core.scores import Coefficients

LONGEST = 90
# The alarm learns from two fifths of the file and is judged on the rest, as in QUALITY (2010-10-01 there).
LEARNT_PART = 0.41
SAW_IT = {"shipped coefficients": "shipped coefficients, which saw it"}

type Figures = dict[str, dict[str, float]]


def judged_cuts(begins: date, ends: date) -> list[date]:
    """Return the cut-offs of the last year of the file whose longest horizon is over.

    For Online Retail II these are January to September 2011, as in QUALITY.
    """
    year = date(ends.year, 1, 1)
    opened = year if (ends - year).days > 2 * LONGEST else ends - timedelta(days=365)
    known = [cut for cut in sales.first_days(begins, ends) if cut + timedelta(days=LONGEST) <= ends]
    return [cut for cut in known if cut >= opened]


def first_of_next_month(day: date) -> date:
    """Return the first day of the month after, or the day itself if it is one."""
    months = day.year * 12 + day.month - (day.day == 1)
    return date(months // 12, months % 12 + 1, 1)


def revenue(days: Table, cuts: list[date], learn_from: list[date]) -> Figures:
    """Return the revenue of 90 days foretold and seen, each cut-off by coefficients of the months before."""
    months = [month_of(days, cut) for cut in learn_from]
    foretold, seen = [], []
    for cut in cuts:
        earlier = [month for month in months if month.on < cut]
        if not known_by(earlier, cut, "p90"):
            continue
        terms = features_of(days, cut)
        own = Coefficients(**{which: refitted(known_by(earlier, cut, which), which) for which in HORIZONS})
        expected = expected_revenue(terms, chances(terms, own))
        after = days.filter((days.on >= cut) & (days.on < cut + timedelta(days=LONGEST)))
        came = after.semi_join(terms, "client_id")
        foretold.append(float(expected.aggregate(total=expected.expected_90.sum()).to_pandas().iloc[0, 0]))
        seen.append(float(came.aggregate(total=came.net.sum()).to_pandas().iloc[0, 0]))
    if not foretold:
        return {}
    ratios = np.array(foretold) / np.array(seen)
    return {
        "foretold to seen": {"mean": float(ratios.mean()), "least": float(ratios.min()), "most": float(ratios.max())}
    }


def is_cited(path: str) -> bool:
    """Return whether QUALITY speaks of this file."""
    return path.endswith("online_retail.parquet")


def chance_figures(engine: BaseBackend, base: Base, asked: argparse.Namespace) -> dict[str, Figures]:
    """Return the figures of QUALITY §1 by section."""
    days = engine.create_table("purchase_days", purchase_days(base))
    begins, ends = sales.span(base)
    cuts = asked.cutoffs or judged_cuts(begins, ends)
    split = asked.split or first_of_next_month(begins + (ends - begins) * LEARNT_PART)
    learn_from = cut_offs(begins, ends) or sales.first_days(begins, ends)
    alarm_days = {
        name: {"day_at_10%": float(ten), "day_at_20%": float(twenty)}
        for name, (ten, twenty) in quality_alarm.CITED.items()
        if is_cited(asked.file) or name == "aim"
    }
    cited = {name: row for name, row in quality_orders.CITED.items() if is_cited(asked.file) or name == "aim"}
    found = {
        f"next order, mean of {len(cuts)} cut-offs": quality_orders.next_order(days, cuts, learn_from) | cited,
        f"day of the alarm, silences begun since {split}": quality_alarm.alarm(engine, days, split, ends) | alarm_days,
        "usual interval, days of median error": quality_alarm.rhythm_errors(days, split),
        "nine of ten are back by": quality_alarm.back_by(days, ends),
        "revenue of 90 days": revenue(days, cuts, learn_from),
    }
    if is_cited(asked.file):
        # What is shipped has learnt from this very file: here it shows what the form can reach, not what it foretells.
        found = {
            section: {SAW_IT.get(name, name): row for name, row in rows.items()} for section, rows in found.items()
        }
    return found


def figures(asked: argparse.Namespace) -> dict[str, Figures]:
    """Return every figure by section."""
    engine = sales.connect()
    base = sales.load(engine, asked.file)
    found = chance_figures(engine, base, asked) if asked.part != "offers" else {}
    if asked.part != "chances" and find_spec("quality_offers"):
        found |= import_module("quality_offers").offers(base, asked.cutoffs, cited=is_cited(asked.file))
    return found


def show(found: dict[str, Figures]) -> None:
    """Print the sections as tables."""
    for section, rows in found.items():
        columns = list(dict.fromkeys(name for row in rows.values() for name in row))
        width = max([len(name) for name in rows] + [1])
        print(f"\n{section}\n{'':{width}}  " + "  ".join(f"{name:>14}" for name in columns))
        for name, row in rows.items():
            print(f"{name:{width}}  " + "  ".join(f"{shown(row.get(column)):>14}" for column in columns))


def shown(value: float | None) -> str:
    """Return a figure as the tables show it."""
    if value is None:
        return ""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"


def days_of(text: str) -> list[date]:
    """Return the days of a list with commas."""
    return [date.fromisoformat(day) for day in text.split(",")]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--cutoffs", type=days_of, help="days, comma between them")
    parser.add_argument("--split", type=date.fromisoformat, help="the alarm learns before this day")
    parser.add_argument("--part", choices=["chances", "offers"], help="only this part")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = figures(asked)
    if asked.json:
        print(json.dumps(found, indent=2))
    else:
        show(found)


if __name__ == "__main__":
    main()
