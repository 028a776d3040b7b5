"""`budilnik serve`: the pages and the jobs of an installation, each a process that this one keeps."""

import errno
import os
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.db import connections

from budilnik.config.lock import serve_home
from budilnik.config.supervisor import Child, supervise
from budilnik.core.refusal import Refusal

ANSWER_SECONDS = 2.0
PORTS_TRIED = 100
# Where one listens on every address, one is asked at the nearest.
NEAREST = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class PortTaken(Refusal):
    """Another program listens there."""

    ru = "Порт {port} занят другой программой; укажите свободный ключом --port."
    en = "Port {port} is taken by another program; choose a free one with --port."


class CannotListen(Refusal):
    """The machine does not let us listen there."""

    ru = "Не удаётся открыть {host}, порт {port}: {why}. Проверьте --host и --port."
    en = "Cannot listen on {host}, port {port}: {why}. Check --host and --port."


class AssetsMissing(Refusal):
    """Styles and scripts of the pages have not been built."""

    ru = "Не собраны стили и сценарии страниц: нет {file}. Выполните make install."
    en = "The styles and scripts of the pages are not built: {file} is missing. Run make install."


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where the pages are: an address of this machine whose port is kept for as long as `held` is open."""

    host: str
    address: str
    port: int
    held: socket.socket

    @property
    def url(self) -> str:
        """The address as a browser takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def take_spot(host: str, port: int) -> Spot:
    """Take a port of this machine; 0 takes any free one.

    Raises: PortTaken, CannotListen.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        held = socket.socket(family, kind, protocol)
    except OSError as trouble:
        raise CannotListen(host=host, port=port, why=trouble.strerror) from None
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(address)
    except OSError as trouble:
        held.close()
        if trouble.errno == errno.EADDRINUSE:
            raise PortTaken(port=port) from None
        raise CannotListen(host=host, port=port, why=trouble.strerror) from None
    found, number, *_rest = held.getsockname()
    _share(held)
    return Spot(host=host, address=found, port=number, held=held)


def _share(held: socket.socket) -> None:
    """Let the workers of the web process listen beside this socket, and nobody who asks whether the port is free."""
    if sys.platform == "linux":
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    else:
        held.close()


def free_spot(host: str, first: int) -> Spot:
    """Take the first free port from `first` on.

    Raises: PortTaken when the next hundred are taken, CannotListen.
    """
    for port in range(first, first + PORTS_TRIED - 1):
        with suppress(PortTaken):
            return take_spot(host, port)
    return take_spot(host, first + PORTS_TRIED - 1)


def check_assets() -> None:
    """See that the pages have their styles and scripts.

    Raises: AssetsMissing.
    """
    file = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not file.exists():
        raise AssetsMissing(file=file)


def serve(*, host: str, port: int, workers: int, jobs: bool) -> None:
    """Serve the installation until told to end.

    Raises: AssetsMissing, HomeIsServed (by a demonstration or a restore), PortTaken, CannotListen.
    """
    check_assets()
    with serve_home(settings.HOME, alone=False) as note_address:
        spot = take_spot(host, port)
        note_address(spot.url)
        keep_serving(spot, workers=workers, jobs=jobs, environment=os.environ, when_ready=lambda: None)


def keep_serving(
    spot: Spot, *, workers: int, jobs: bool, environment: Mapping[str, str], when_ready: Callable[[], None]
) -> None:
    """Keep the web process and the jobs process until told to end; say when the pages really answer."""
    python = [sys.executable, "-m"]
    web = [*python, "budilnik.config.webserver", spot.address, str(spot.port), str(workers)]
    children = [Child(name="web", command=web, environment=environment)]
    if jobs:
        children.append(Child(name="jobs", command=[*python, "budilnik.config.cli", "jobs"], environment=environment))
    connections.close_all()
    with spot.held:
        supervise(children, meanwhile=Herald(spot=spot, when_ready=when_ready))


@dataclass(slots=True, kw_only=True)
class Herald:
    """Tells once that the pages answer."""

    spot: Spot
    when_ready: Callable[[], None]
    told: bool = False

    def __call__(self) -> None:
        """Ask, and tell."""
        if not self.told and answers(self.spot):
            self.told = True
            print(f"Ready: {self.spot.url}", flush=True)
            self.when_ready()


def answers(spot: Spot) -> bool:
    """Say whether the site answers that it and its database are well."""
    connection = HTTPConnection(NEAREST.get(spot.address, spot.address), spot.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/health/", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
