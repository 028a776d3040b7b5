"""Who serves a home folder: what a second demonstration or a restore must not pull away from under a running server."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from budilnik.core.refusal import Refusal

LOCK = ".served.lock"


class HomeIsServed(Refusal):
    """A server works on this folder."""

    ru = "В папке {home} уже работает сервер: {where_ru}. Остановите его или задайте другую папку в BUDILNIK_HOME."
    en = "A server works in {home} already: {where_en}. Stop it, or set another folder in BUDILNIK_HOME."


@contextmanager
def serve_home(home: Path, *, alone: bool) -> Iterator[Callable[[str], None]]:
    """Hold the folder while it is served, or worked on `alone`; gives a function to note the address.

    Several servers may share a folder; the lock dies with the process.
    Raises: HomeIsServed.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _served(home, file) from None
        _note(file, "")
        yield lambda address: _note(file, address)


def _note(file: IO[str], address: str) -> None:
    file.truncate(0)
    file.write(address)
    file.flush()


def _served(home: Path, file: IO[str]) -> HomeIsServed:
    file.seek(0)
    where = file.read().strip()
    return HomeIsServed(home=home, where_ru=where or "адреса пока нет", where_en=where or "no address yet")
