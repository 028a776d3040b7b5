"""What commands print: JSON alone on stdout, people's text on stderr."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from budilnik.calling.queries.morning import PublishedMorning, PublishedPlan, PublishedTask
from budilnik.calling.wording import money, queue_name, sentence, short_name, why
from budilnik.clients.queries.base import BaseCount
from budilnik.core.terms import ClientStatus, Queue

people = Console(stderr=True, highlight=False)
if not people.is_terminal:
    # A log or a pipe tells no width; the widest table must fit.
    people.width = 110


def status_name(status: ClientStatus) -> str:
    """Return a status as people say it."""
    return {
        ClientStatus.PROSPECT: _("prospects"),
        ClientStatus.REGULAR: _("regular"),
        ClientStatus.FORGOTTEN: _("forgotten"),
        ClientStatus.LOST: _("lost"),
    }[status]


def json_out(value: Mapping[str, Any]) -> None:
    """Print one JSON object on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def base_json(count: BaseCount) -> dict[str, Any]:
    """Return the counts of the base as the contract for scripts has them."""
    return {
        "on": count.on.isoformat(),
        "clients": count.clients,
        "status": {status.value: count.status[status] for status in ClientStatus},
        "pool": count.pool,
        "ownerless": count.ownerless,
        "exhausted": count.exhausted,
    }


def task_json(task: PublishedTask) -> dict[str, Any]:
    """Return a task as the contract for scripts has it."""
    return {
        "client": task.client,
        "queue": task.queue,
        "status": task.status,
        "silent_since": task.silent_since.isoformat(),
        "deadline": task.deadline.isoformat() if task.deadline else None,
        "value": f"{task.value:.2f}",
        "why": why(task.reasons),
    }


def morning_json(morning: PublishedMorning) -> dict[str, Any]:
    """Return a morning as the contract for scripts has it."""
    return {
        "on": morning.on.isoformat(),
        "policy": morning.policy,
        "changed": morning.changed,
        "released": morning.released,
        "plans": [
            {"employee": plan.employee, "capacity": plan.capacity, "tasks": [task_json(t) for t in plan.tasks]}
            for plan in morning.plans
        ],
    }


def _table(title: str, *columns: tuple[str, str]) -> Table:
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for name, side in columns:
        table.add_column(name, justify="right" if side == "right" else "left", no_wrap=side == "left")
    return table


def table(*columns: tuple[str, str]) -> Table:
    """Return a table without a title."""
    return _table("", *columns)


def show_base(count: BaseCount) -> None:
    """Show the base by status."""
    title = _("Base on %(day)s: %(clients)d clients") % {"day": f"{count.on:%d.%m.%Y}", "clients": count.clients}
    table = _table(title, (_("status"), "left"), (_("clients"), "right"), (_("share"), "right"), ("", "left"))
    for status in (ClientStatus.REGULAR, ClientStatus.FORGOTTEN, ClientStatus.LOST, ClientStatus.PROSPECT):
        number = count.status[status]
        share = number / count.clients if count.clients else 0
        table.add_row(status_name(status), str(number), f"{share:.0%}", "█" * round(share * 40))
    people.print(table)
    people.print(
        _("in the pool %(pool)d, without an owner %(ownerless)d, exhausted %(exhausted)d")
        % {"pool": count.pool, "ownerless": count.ownerless, "exhausted": count.exhausted}
    )


def show_plans(morning: PublishedMorning, *, title: str) -> None:
    """Show who has how much to do, queue by queue."""
    people.print(
        _("%(title)s: %(changed)d statuses renewed, %(released)d clients passed to the pool")
        % {"title": title, "changed": morning.changed, "released": morning.released}
    )
    if not morning.works:
        people.print(_("It is not a working day: statuses are renewed, no plans are made."))
        return
    queues = [queue.value for queue in Queue]
    table = _table(
        "",
        (_("employee"), "left"),
        *((queue_name(queue), "right") for queue in queues),
        (_("in all"), "right"),
        (_("norm"), "right"),
        (_("will be lost"), "right"),
        (_("calls to save"), "right"),
    )
    for plan in morning.plans:
        counts = [sum(task.queue == queue for task in plan.tasks) for queue in queues]
        table.add_row(
            short_name(plan.name),
            *(str(count or "·") for count in counts),
            str(len(plan.tasks)),
            str(plan.capacity),
            str(plan.left_out or "·"),
            f"+{plan.calls_to_save}" if plan.calls_to_save else "·",
        )
    people.print(table)


def show_card(plan: PublishedPlan, task: PublishedTask) -> None:
    """Show one task as a card: who, and the three reasons."""
    people.print(f"\n[bold]{task.name}[/bold] · {task.city or _('city unknown')} · {money(int(task.value * 100))}")
    people.print(f"  {queue_name(task.queue)} → {plan.name}")
    people.print("  " + _("why this client: %(why)s") % {"why": sentence(task.reasons["client"])})
    people.print("  " + _("why today: %(why)s") % {"why": sentence(task.reasons["today"])})
    people.print("  " + _("why you: %(why)s") % {"why": sentence(task.reasons["you"])})


class Showing:
    """A progress line on stderr, of phases that replace one another."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=people,
            transient=not people.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)
        self._phase = ""

    def __enter__(self) -> "Showing":
        self._bar.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        self._bar.stop()

    def __call__(self, phase: str, done: int, total: int | None) -> None:
        """Show how far a phase has come."""
        if phase != self._phase:
            self._bar.reset(self._task, description=self._names.get(phase, phase), total=total)
            self._phase = phase
        self._bar.update(self._task, completed=done, total=total)


def shown(day: date) -> str:
    """Return a date as people write it."""
    return f"{day:%d.%m.%Y}"
