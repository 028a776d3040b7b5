"""How long levelling takes, and whether it is the best there is.

    python benchmarks/levelling.py [--sizes 10000x10,100000x100] [--moves 3000] [--instances 200]

The rule alone on made-up bases (clients x managers: rooms from 0.7 to 1.4 of a fair share, three clients of ten locked
for somebody, one of twenty pinned); a proposal, its moves written and taken back on a base of 10,000 clients in SQLite;
small bases against an integer programme of HiGHS, level by level.
"""

import os
import random
import sys
import tempfile
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

from budilnik.core.balance import Aim, Owned, Seat, balance


def made_up(clients: int, managers: int, *, seed: int = 1) -> tuple[list[Owned], list[Seat]]:
    """Return a base where some have too many clients and some too few."""
    chance = random.Random(seed)
    seats = [Seat(employee_id=who, room=int(clients / managers * chance.uniform(0.7, 1.4))) for who in range(managers)]
    base = [
        Owned(
            client_id=number,
            owner_id=chance.randrange(managers),
            value=int(chance.lognormvariate(11, 1.5)) * 100,
            barred=frozenset([chance.randrange(managers)]) if chance.random() < 0.3 else frozenset(),
            fixed=chance.random() < 0.05,
        )
        for number in range(clients)
    ]
    return base, seats


def rule(sizes: str) -> None:
    """Print how long the rule takes."""
    print("clients | managers | aim | moves | above the room | seconds | CPU")
    for size in sizes.split(","):
        clients, managers = (int(number) for number in size.split("x"))
        base, seats = made_up(clients, managers)
        for aim in Aim:
            began, worked = time.perf_counter(), time.process_time()
            told = balance(base, seats=seats, aim=aim)
            took = f"{time.perf_counter() - began:.2f} | {time.process_time() - worked:.2f}"
            print(f"{clients:,} | {managers} | {aim.value} | {len(told.moves):,} | {told.above:,} | {took}")


def against_a_solver(instances: int) -> None:
    """Print how many small bases a solver levels no better."""
    from core.test_balance import levels_of, solved, world

    equal = 0
    for seed in range(instances):
        chance = random.Random(seed)
        base, seats = world(seed, clients=chance.randint(3, 14), people=chance.randint(2, 5))
        aim = list(Aim)[seed % 2]
        owners = {each.client_id: each.owner_id for each in base}
        owners |= {move.client_id: move.to_id for move in balance(base, seats=seats, aim=aim).moves}
        equal += levels_of(base, seats, owners, aim) == solved(base, seats, aim)
    print(f"equal to HiGHS in all five levels: {equal} of {instances}")


def written(moves: int) -> None:
    """Print how long a proposal, its writing and its undoing take on SQLite."""
    home = tempfile.mkdtemp(prefix="budilnik-bench-")
    os.environ |= {"BUDILNIK_HOME": home, "DJANGO_SETTINGS_MODULE": "budilnik.config.settings"}
    os.environ["BUDILNIK_DATABASE_URL"] = f"sqlite://{Path(home) / 'budilnik.sqlite3'}"
    from budilnik.config.startup import ensure_database, start

    start()
    ensure_database()
    from base import build
    from budilnik.calling.actions.levelling import level_base, propose, undo_levelling
    from budilnik.calling.queries.levelling import Asked
    from budilnik.core.terms import Role
    from budilnik.staff.actions import first_team
    from budilnik.staff.models import Employee
    from budilnik.staff.queries import rules_on

    build("ordinary", clients=10_000)
    on, now = datetime(2026, 3, 11).date(), datetime(2026, 3, 11, 7, tzinfo=UTC)
    head = Employee.objects.create(
        login="head-of-levelling", name="Head", role=Role.HEAD.value, team=first_team(), joined_on=on
    )
    newcomers = [
        Employee(login=f"new-{at}", name=f"New {at}", role=Role.MANAGER.value, team=first_team(), joined_on=on)
        for at in range(8)
    ]
    Employee.objects.bulk_create(newcomers)
    asked = Asked(at_most=moves)
    began = time.perf_counter()
    told = propose(asked, on=on, policy=rules_on(on).policy)
    looked = time.perf_counter()
    number = level_base(asked=asked, seen=told.digest, why="benchmark", by=head, on=on, now=now)
    levelled = time.perf_counter()
    undo_levelling(levelling_id=number, by=head, on=on, now=now)
    undone = time.perf_counter()
    print(f"{told.total.before.clients:,} owned clients, {len(told.moves):,} moves:", end=" ")
    print(
        f"looked at in {looked - began:.2f} s, done in {levelled - looked:.2f} s, undone in {undone - levelled:.2f} s"
    )


def main() -> None:
    """Print every figure."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--sizes", default="10000x10,100000x100")
    parser.add_argument("--moves", type=int, default=3_000)
    parser.add_argument("--instances", type=int, default=200)
    args = parser.parse_args()
    rule(args.sizes)
    against_a_solver(args.instances)
    written(args.moves)


if __name__ == "__main__":
    main()
