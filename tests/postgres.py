"""A PostgreSQL cluster for one command, gone when the command ends.

    python tests/postgres.py run -- pytest -m database
    python tests/postgres.py find        # where the server's programs are

From Python: `with cluster() as environment: …`, where `environment` holds BUDILNIK_DATABASE_URL
and BUDILNIK_TEST_DATABASE. The server listens on a socket in its own folder and on no port.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import urlencode

OLDEST = 15
MISSING = f"""PostgreSQL {OLDEST} or later is needed: initdb and pg_ctl were not found.
  Debian, Ubuntu:  apt-get install postgresql
  Fedora:          dnf install postgresql-server
  macOS:           brew install postgresql
No service needs to run: a temporary cluster is made from the programs."""
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
UNSAFE_AND_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def _folders() -> Iterator[Path]:
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        yield Path(told.stdout.strip())
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin_: -float(bin_.parent.name))
    if on_path := shutil.which("initdb"):
        yield Path(on_path).parent


def _version(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    words = told.stdout.split()
    return int(words[2].partition(".")[0]) if len(words) > 2 else 0


def programs() -> Path:
    """Return the folder of the server's programs; exit with advice when there is none new enough."""
    for folder in _folders():
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists() and _version(folder) >= OLDEST:
            return folder
    sys.exit(MISSING)


def _server(command: Sequence[str | Path], *, home: Path) -> subprocess.CompletedProcess[str]:
    # The server refuses to run as root, so root hands over to the user that the packages make for it.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*prefix, *command],
        cwd=home,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _initdb(bin_: Path, home: Path) -> None:
    plain = [bin_ / "initdb", "-D", home / "data", "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    russian = ["--locale-provider=icu", "--icu-locale=ru-RU", "--locale=C.UTF-8"]
    done = _server([*plain, *russian], home=home)
    if done.returncode:
        # Built without ICU: the order of names is kept in a column of ours, so the plain locale does.
        shutil.rmtree(home / "data", ignore_errors=True)
        done = _server([*plain, "--locale=C.UTF-8"], home=home)
    if done.returncode:
        sys.exit(f"initdb failed:\n{done.stdout}")


def _start(bin_: Path, home: Path) -> None:
    log = home / "log"
    options = f"-k {home} -c listen_addresses='' {UNSAFE_AND_FAST}"
    # The server inherits no pipe of ours: pg_ctl would never be done with one.
    done = _server([bin_ / "pg_ctl", "-D", home / "data", "-l", log, "-w", "-o", options, "start"], home=home)
    if done.returncode:
        sys.exit(f"PostgreSQL did not start:\n{done.stdout}\n{log.read_text() if log.exists() else ''}")
    made = _server([bin_ / "createdb", "-h", home, "-U", "postgres", "budilnik"], home=home)
    if made.returncode:
        sys.exit(f"createdb failed:\n{made.stdout}")


def _remove(bin_: Path, home: Path) -> None:
    if (home / "data" / "postmaster.pid").exists():
        _server([bin_ / "pg_ctl", "-D", home / "data", "-m", "immediate", "-w", "stop"], home=home)
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """Start a cluster, give the environment that points at it, and leave nothing behind."""
    bin_ = programs()
    # A socket's path is at most 107 bytes, and a user's own temporary folder may be deeper than that.
    home = Path(tempfile.mkdtemp(prefix="budilnik-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, "postgres")
        _initdb(bin_, home)
        _start(bin_, home)
        address = urlencode({"host": str(home), "user": "postgres"}, safe="/")
        yield {
            "BUDILNIK_DATABASE_URL": f"postgres:///budilnik?{address}",
            "BUDILNIK_TEST_DATABASE": "postgres",
        }
    finally:
        # A second Ctrl-C must not leave a server behind.
        before = {number: signal.signal(number, signal.SIG_IGN) for number in INTERRUPTIONS}
        _remove(bin_, home)
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def run(command: Sequence[str]) -> int:
    """Run `command` with a cluster of its own and return its exit code."""
    for number in INTERRUPTIONS:
        signal.signal(number, _leave)
    with cluster() as environment:
        child = subprocess.Popen(command, env=os.environ | environment)
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    child.kill()


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says."""
    match list(arguments):
        case ["find"]:
            sys.stdout.write(f"{programs()}\n")
            return 0
        case ["run", "--", _, *_]:
            return run(arguments[2:])
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
