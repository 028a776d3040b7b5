"""The coefficients a firm begins with, until its own months have taught it better.

Made by benchmarks/fit_shipped.py from Online Retail II (UCI), twelve monthly cut-offs from 2010-10-01 to 2011-09-01.
"""

from budilnik.core.scores import Coefficients, Score, Term

SHIPPED = Coefficients(
    p30=Score(
        level=-1.6178,
        terms=(
            Term(name="silence", weight=0.0189, usual=4.2614),
            Term(name="pace", weight=0.8497, usual=-4.5165),
            Term(name="orders", weight=0.2944, usual=1.0333),
            Term(name="recent", weight=0.3400, usual=0.4780),
            Term(name="overdue", weight=-0.3283, usual=0.7631),
            Term(name="silence_by_pace", weight=-0.0887, usual=-19.8534),
            Term(name="longest", weight=0.1402, usual=-0.4190),
            Term(name="expected", weight=0.3799, usual=-0.3857),
            Term(name="year_money", weight=0.2293, usual=0.8703),
            Term(name="last_money", weight=-0.0551, usual=-0.1469),
            Term(name="usual_breadth", weight=-0.0993, usual=0.1159),
            Term(name="last_breadth", weight=0.1376, usual=-0.0579),
        ),
    ),
    p60=Score(
        level=-0.8803,
        terms=(
            Term(name="silence", weight=-0.1261, usual=4.2614),
            Term(name="pace", weight=1.0333, usual=-4.5165),
            Term(name="orders", weight=0.4092, usual=1.0333),
            Term(name="recent", weight=0.2775, usual=0.4780),
            Term(name="overdue", weight=-0.4268, usual=0.7631),
            Term(name="silence_by_pace", weight=-0.1415, usual=-19.8534),
            Term(name="longest", weight=0.0892, usual=-0.4190),
            Term(name="expected", weight=0.4008, usual=-0.3857),
            Term(name="year_money", weight=0.2648, usual=0.8703),
            Term(name="last_money", weight=-0.0708, usual=-0.1469),
            Term(name="usual_breadth", weight=-0.1199, usual=0.1159),
            Term(name="last_breadth", weight=0.1767, usual=-0.0579),
        ),
    ),
    p90=Score(
        level=-0.4458,
        terms=(
            Term(name="silence", weight=-0.1313, usual=4.2614),
            Term(name="pace", weight=1.0845, usual=-4.5165),
            Term(name="orders", weight=0.4903, usual=1.0333),
            Term(name="recent", weight=0.2662, usual=0.4780),
            Term(name="overdue", weight=-0.5108, usual=0.7631),
            Term(name="silence_by_pace", weight=-0.1634, usual=-19.8534),
            Term(name="longest", weight=0.0441, usual=-0.4190),
            Term(name="expected", weight=0.3972, usual=-0.3857),
            Term(name="year_money", weight=0.2968, usual=0.8703),
            Term(name="last_money", weight=-0.0868, usual=-0.1469),
            Term(name="usual_breadth", weight=-0.1284, usual=0.1159),
            Term(name="last_breadth", weight=0.1977, usual=-0.0579),
        ),
    ),
    silent90=Score(
        level=-0.9443,
        terms=(
            Term(name="silence", weight=-0.3419, usual=3.2206),
            Term(name="pace", weight=-0.6062, usual=-4.0088),
            Term(name="orders", weight=-0.5383, usual=1.9180),
            Term(name="recent", weight=-0.5699, usual=1.0455),
            Term(name="overdue", weight=0.8352, usual=-0.2442),
            Term(name="silence_by_pace", weight=0.0919, usual=-13.1285),
            Term(name="longest", weight=-0.1830, usual=-1.4280),
            Term(name="expected", weight=-0.5903, usual=0.7116),
            Term(name="year_money", weight=-0.3125, usual=1.8756),
            Term(name="last_money", weight=0.0685, usual=-0.0268),
            Term(name="usual_breadth", weight=0.1298, usual=0.2161),
            Term(name="last_breadth", weight=-0.1959, usual=-0.0325),
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
