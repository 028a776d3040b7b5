"""What no order of the queue can pass: a linear programme that knows every own order in advance."""

import highspy
import numpy as np

from queue_world import CALLBACK_ASKED, CALLBACK_REACHES, LOST_AFTER, MANAGERS, QUARTERS, YEAR, World


def bounds(world: World) -> tuple[float, float]:
    """Return the greatest coverage of a quarter and the greatest value kept, each by itself.

    A talk costs the attempts it takes on the average, callbacks among them; talks may be split. A client is covered
    by an own order or a talk in the quarter, and kept by either within the half year before the end.
    """
    own = np.array([[_ordered(days, start, end) for start, end in QUARTERS] for days in world.own_days])
    talks = [_talks(world, start, end) for start, end in QUARTERS]
    covered = own.sum() + sum(_most(np.ones((~own[:, at]).sum()), talks=talks[at]) for at in range(len(QUARTERS)))
    ends = np.array([bool(len(days)) and days[-1] >= YEAR - LOST_AFTER for days in world.own_days])
    kept = world.value[ends].sum() + _most(world.value[~ends], talks=_talks(world, YEAR - LOST_AFTER, YEAR))
    return float(covered / own.size), float(kept / world.value.sum())


def _ordered(days: np.ndarray, start: int, end: int) -> bool:
    return bool(((days >= start) & (days < end)).any())


def _talks(world: World, start: int, end: int) -> float:
    """Return the talks that all attempts of these days bring on the average."""
    attempts = 1 / world.answer + CALLBACK_ASKED / (1 - CALLBACK_ASKED) / CALLBACK_REACHES
    return float(world.works[start:end].sum() * MANAGERS * world.calls / attempts)


def _most(worth: np.ndarray, *, talks: float) -> float:
    """Return the greatest worth that so many talks can hold, one a client."""
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    called = [model.addVariable(lb=0, ub=1, obj=-float(one)) for one in worth]
    if called:
        model.addConstr(model.qsum(called) <= talks)
    model.run()
    return -model.getObjectiveValue()
