"""Fit the coefficients the product is shipped with: python benchmarks/fit_shipped.py FILE > src/.../shipped.py

FILE as in benchmarks/sales.py. They are fitted on the last twelve monthly cut-offs whose 90 days are known, so that
every season weighs the same (the alarm on all silences begun 180 days before the
end), and printed as the module `budilnik.analytics.shipped`.
"""

import sys
from datetime import timedelta

import sales
from budilnik.analytics.fitting import HORIZONS, fit, fit_alarm, month_of, silences_of
from budilnik.analytics.rhythm import purchase_days
from budilnik.core.scores import Score

HEAD = '''"""The coefficients a firm begins with, until its own months have taught it better.

Made by benchmarks/fit_shipped.py from Online Retail II (UCI), twelve monthly cut-offs from {begins} to {ends}.
"""

from budilnik.core.scores import Coefficients, Score, Term

SHIPPED = Coefficients('''


def written(score: Score) -> str:
    """Return a score as the module writes it."""
    terms = "".join(f'Term(name="{t.name}", weight={t.weight:.4f}, usual={t.usual:.4f}),' for t in score.terms)
    return f"Score(level={score.level:.4f}, terms=({terms}))"


def main(path: str) -> None:
    """Print the module."""
    engine = sales.connect()
    base = sales.load(engine, path)
    days = engine.create_table("purchase_days", purchase_days(base))
    begins, ends = sales.span(base)
    cuts = [cut for cut in sales.first_days(begins, ends) if cut + timedelta(days=90) <= ends][-12:]
    coefficients = fit([month_of(days, cut) for cut in cuts])
    print(HEAD.format(begins=cuts[0], ends=cuts[-1]))
    for which in HORIZONS:
        print(f"    {which}={written(getattr(coefficients, which))},")
    print(")")
    print(f"LEAVING = {written(fit_alarm(silences_of(days, ends + timedelta(days=1))))}")


if __name__ == "__main__":
    main(sys.argv[1])
