"""The coefficients a firm begins with, until its own months have taught it better.

Made by benchmarks/fit_shipped.py from Online Retail II (UCI), twelve monthly cut-offs from 2010-10-01 to 2011-09-01.
"""

from budilnik.core.scores import Coefficients, Score, Term

SHIPPED = Coefficients(
    p30=Score(
        level=-1.6231,
        terms=(
            Term(name="silence", weight=0.3980, usual=4.2614),
            Term(name="pace", weight=0.6489, usual=-4.5165),
            Term(name="orders", weight=0.2960, usual=1.0333),
            Term(name="recent", weight=0.3100, usual=0.4780),
            Term(name="overdue", weight=-0.2286, usual=0.8610),
            Term(name="expected", weight=0.3566, usual=-0.3857),
            Term(name="year_money", weight=0.1854, usual=1.3371),
            Term(name="last_money", weight=0.0142, usual=-0.1469),
            Term(name="usual_breadth", weight=-0.0446, usual=0.1159),
            Term(name="last_breadth", weight=0.0984, usual=-0.0579),
        ),
    ),
    p60=Score(
        level=-0.8890,
        terms=(
            Term(name="silence", weight=0.3995, usual=4.2614),
            Term(name="pace", weight=0.5130, usual=-4.5165),
            Term(name="orders", weight=0.4087, usual=1.0333),
            Term(name="recent", weight=0.2523, usual=0.4780),
            Term(name="overdue", weight=-0.2838, usual=0.8610),
            Term(name="expected", weight=0.3972, usual=-0.3857),
            Term(name="year_money", weight=0.2564, usual=1.3371),
            Term(name="last_money", weight=-0.0078, usual=-0.1469),
            Term(name="usual_breadth", weight=-0.0697, usual=0.1159),
            Term(name="last_breadth", weight=0.1428, usual=-0.0579),
        ),
    ),
    p90=Score(
        level=-0.4572,
        terms=(
            Term(name="silence", weight=0.4857, usual=4.2614),
            Term(name="pace", weight=0.4147, usual=-4.5165),
            Term(name="orders", weight=0.4865, usual=1.0333),
            Term(name="recent", weight=0.2513, usual=0.4780),
            Term(name="overdue", weight=-0.3878, usual=0.8610),
            Term(name="expected", weight=0.4071, usual=-0.3857),
            Term(name="year_money", weight=0.3177, usual=1.3371),
            Term(name="last_money", weight=-0.0276, usual=-0.1469),
            Term(name="usual_breadth", weight=-0.0808, usual=0.1159),
            Term(name="last_breadth", weight=0.1667, usual=-0.0579),
        ),
    ),
    silent90=Score(
        level=-0.9396,
        terms=(
            Term(name="silence", weight=-0.9884, usual=3.2206),
            Term(name="pace", weight=-0.5276, usual=-4.0088),
            Term(name="orders", weight=-0.3936, usual=1.9180),
            Term(name="recent", weight=-0.5685, usual=1.0455),
            Term(name="overdue", weight=0.8847, usual=-0.1910),
            Term(name="expected", weight=-0.6611, usual=0.7116),
            Term(name="year_money", weight=-0.3533, usual=2.0664),
            Term(name="last_money", weight=0.0491, usual=-0.0268),
            Term(name="usual_breadth", weight=0.1126, usual=0.2161),
            Term(name="last_breadth", weight=-0.1884, usual=-0.0325),
        ),
    ),
)
LEAVING = Score(
    level=-0.5652,
    terms=(
        Term(name="wait", weight=-0.7977, usual=3.5271),
        Term(name="wait_squared", weight=0.4357, usual=13.3551),
        Term(name="usual_wait", weight=-0.2172, usual=3.4429),
        Term(name="orders", weight=-1.4873, usual=1.0069),
        Term(name="pace", weight=-2.0396, usual=-3.6843),
        Term(name="wait_by_usual", weight=-0.2730, usual=12.2017),
        Term(name="wait_by_orders", weight=0.2053, usual=3.3510),
        Term(name="wait_by_pace", weight=0.1800, usual=-13.0633),
        Term(name="all_money", weight=-0.2919, usual=1.0237),
        Term(name="last_money", weight=0.0168, usual=-0.0960),
        Term(name="usual_breadth", weight=0.0749, usual=0.1299),
        Term(name="last_breadth", weight=-0.1774, usual=-0.0314),
    ),
)
