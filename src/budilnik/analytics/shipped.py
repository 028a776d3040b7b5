"""The coefficients a firm begins with, until its own months have taught it better.

Made by benchmarks/fit_shipped.py from Online Retail II (UCI), twelve monthly cut-offs from 2010-10-01 to 2011-09-01.
"""

from budilnik.core.scores import Coefficients, Score, Term

SHIPPED = Coefficients(
    p30=Score(
        level=-1.6176,
        terms=(
            Term(name="silence", weight=0.0197, usual=4.2614),
            Term(name="pace", weight=0.8482, usual=-4.5165),
            Term(name="orders", weight=0.2915, usual=1.0333),
            Term(name="recent", weight=0.3398, usual=0.4780),
            Term(name="overdue", weight=-0.3303, usual=0.7631),
            Term(name="silence_by_pace", weight=-0.0888, usual=-19.8534),
            Term(name="longest", weight=0.1409, usual=-0.4190),
            Term(name="expected", weight=0.3806, usual=-0.3857),
            Term(name="year_money", weight=0.2339, usual=0.8703),
            Term(name="last_money", weight=-0.0571, usual=-0.1469),
            Term(name="usual_breadth", weight=-0.1078, usual=0.1192),
            Term(name="last_breadth", weight=0.1395, usual=-0.0587),
        ),
    ),
    p60=Score(
        level=-0.8801,
        terms=(
            Term(name="silence", weight=-0.1250, usual=4.2614),
            Term(name="pace", weight=1.0322, usual=-4.5165),
            Term(name="orders", weight=0.4066, usual=1.0333),
            Term(name="recent", weight=0.2770, usual=0.4780),
            Term(name="overdue", weight=-0.4294, usual=0.7631),
            Term(name="silence_by_pace", weight=-0.1417, usual=-19.8534),
            Term(name="longest", weight=0.0899, usual=-0.4190),
            Term(name="expected", weight=0.4019, usual=-0.3857),
            Term(name="year_money", weight=0.2688, usual=0.8703),
            Term(name="last_money", weight=-0.0713, usual=-0.1469),
            Term(name="usual_breadth", weight=-0.1277, usual=0.1192),
            Term(name="last_breadth", weight=0.1766, usual=-0.0587),
        ),
    ),
    p90=Score(
        level=-0.4456,
        terms=(
            Term(name="silence", weight=-0.1297, usual=4.2614),
            Term(name="pace", weight=1.0845, usual=-4.5165),
            Term(name="orders", weight=0.4889, usual=1.0333),
            Term(name="recent", weight=0.2654, usual=0.4780),
            Term(name="overdue", weight=-0.5138, usual=0.7631),
            Term(name="silence_by_pace", weight=-0.1637, usual=-19.8534),
            Term(name="longest", weight=0.0444, usual=-0.4190),
            Term(name="expected", weight=0.3984, usual=-0.3857),
            Term(name="year_money", weight=0.2987, usual=0.8703),
            Term(name="last_money", weight=-0.0849, usual=-0.1469),
            Term(name="usual_breadth", weight=-0.1328, usual=0.1192),
            Term(name="last_breadth", weight=0.1942, usual=-0.0587),
        ),
    ),
    silent90=Score(
        level=-0.9442,
        terms=(
            Term(name="silence", weight=-0.3423, usual=3.2206),
            Term(name="pace", weight=-0.6046, usual=-4.0088),
            Term(name="orders", weight=-0.5376, usual=1.9180),
            Term(name="recent", weight=-0.5679, usual=1.0455),
            Term(name="overdue", weight=0.8365, usual=-0.2442),
            Term(name="silence_by_pace", weight=0.0920, usual=-13.1285),
            Term(name="longest", weight=-0.1836, usual=-1.4280),
            Term(name="expected", weight=-0.5915, usual=0.7116),
            Term(name="year_money", weight=-0.3141, usual=1.8756),
            Term(name="last_money", weight=0.0670, usual=-0.0268),
            Term(name="usual_breadth", weight=0.1323, usual=0.2180),
            Term(name="last_breadth", weight=-0.1919, usual=-0.0375),
        ),
    ),
)
LEAVING = Score(
    level=-0.5652,
    terms=(
        Term(name="wait", weight=-0.7958, usual=3.5271),
        Term(name="wait_squared", weight=0.4358, usual=13.3551),
        Term(name="usual_wait", weight=-0.2205, usual=3.4429),
        Term(name="orders", weight=-1.4818, usual=1.0069),
        Term(name="pace", weight=-2.0415, usual=-3.6843),
        Term(name="wait_by_usual", weight=-0.2738, usual=12.2017),
        Term(name="wait_by_orders", weight=0.2054, usual=3.3510),
        Term(name="wait_by_pace", weight=0.1799, usual=-13.0633),
        Term(name="all_money", weight=-0.2980, usual=1.0237),
        Term(name="last_money", weight=0.0174, usual=-0.0960),
        Term(name="usual_breadth", weight=0.0837, usual=0.1341),
        Term(name="last_breadth", weight=-0.1763, usual=-0.0311),
    ),
)
