"""`budilnik serve` and `demo` as real processes on the loopback: ready, kept alive, ended without a trace."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest

from budilnik.config.serve import AssetsMissing, PortTaken, check_assets, free_spot, take_spot

PROCESSES = Path("/proc")
pytestmark = pytest.mark.skipif(not (PROCESSES / "self/stat").exists(), reason="looks at processes as Linux shows them")


def environment(home: Path, **told: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BUDILNIK_", "DJANGO_"))}
    quiet = {"BUDILNIK_HOME": str(home), "BUDILNIK_ENGINE": "off"}
    return inherited | quiet | {f"BUDILNIK_{key}": value for key, value in told.items()}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "budilnik.config.cli", *arguments]


def family() -> dict[int, int]:
    """Return the parent of every process that is alive; one that waits to be buried is not."""
    found = {}
    for folder in PROCESSES.glob("[0-9]*"):
        try:
            state, parent, *_rest = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(folder.name)] = int(parent)
    return found


def below(ancestor: int) -> set[int]:
    parents, found, waiting = family(), set(), [ancestor]
    while waiting:
        above = waiting.pop()
        children = {child for child, parent in parents.items() if parent == above}
        found |= children
        waiting += children
    return found


def child_with(ancestor: int, words: str) -> int:
    """Return the direct child whose command line has these words, 0 while there is none."""
    for number, parent in family().items():
        try:
            told = (PROCESSES / str(number) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == ancestor and words in told:
            return number
    return 0


def within(seconds: float, comes_true: Callable[[], object]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if comes_true():
            return True
        time.sleep(0.05)
    return False


class Running:
    """A `budilnik` process that serves, and what it has said on stdout."""

    def __init__(self, *arguments: str, home: Path, **told: str) -> None:
        self.process = subprocess.Popen(
            command(*arguments),
            env=environment(home, **told),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.port = 0
        self._said: Queue[str] = Queue()
        self._hears = Thread(target=self._hear, daemon=True)
        self._hears.start()

    def _hear(self) -> None:
        for said in self.process.stdout:
            self._said.put(said)
        self._said.put("")

    def line(self, *, seconds: float = 30) -> str:
        """Return the next line of stdout, "" at its end."""
        return self._said.get(timeout=seconds)

    def ready(self) -> "Running":
        """Wait until the pages answer."""
        said = self.line(seconds=60)
        told = re.fullmatch(r"Ready: http://127\.0\.0\.1:(\d+)\n", said)
        assert told, said or self.process.stderr.read()
        self.port = int(told[1])
        return self

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str, float]:
        """End it; return its code, what it said on stderr and how long that took."""
        asked_at = time.monotonic()
        self.process.send_signal(how)
        told = self.process.stderr.read()
        code = self.process.wait(10)
        return code, told, time.monotonic() - asked_at


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A home folder whose base has its tables."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run(command("base"), env=environment(home), check=True, capture_output=True)
    return home


@pytest.fixture
def home(installed, tmp_path) -> Path:
    return Path(shutil.copytree(installed, tmp_path / "home"))


@pytest.fixture
def run(home) -> Iterator[Callable[..., Running]]:
    """Start `budilnik`, and see that nothing of it is left after the test."""
    started: list[Running] = []

    def start(*arguments: str, **told: str) -> Running:
        started.append(Running(*arguments, home=home, **told))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.terminate()
            each.process.wait(10)
        each._hears.join(10)
        each.process.stdout.close()
        each.process.stderr.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda how: how.name)
def test_ready_is_said_when_the_pages_answer_and_an_end_leaves_no_process(run, how):
    server = run("serve", "--port", "0").ready()
    started = below(server.process.pid)
    browser = socket.create_connection(("127.0.0.1", server.port))

    assert server.answers()
    assert len(started) >= 3
    code, told, seconds = server.end(how)
    browser.close()

    assert (code, told) == (0, "")
    assert seconds < 5
    assert not started & family().keys()


def test_a_server_killed_without_a_word_leaves_no_orphan(run):
    server = run("serve", "--port", "0").ready()
    started = below(server.process.pid)

    server.process.kill()
    server.process.wait(5)

    assert within(5, lambda: not started & family().keys())


def test_workers_do_not_outlive_a_web_process_killed_together_with_the_server(run):
    server = run("serve", "--port", "0", "--no-jobs").ready()
    started = below(server.process.pid)

    for number in (server.process.pid, child_with(server.process.pid, "webserver")):
        os.kill(number, signal.SIGKILL)
    server.process.wait(5)

    assert len(started) >= 2
    assert within(5, lambda: not started & family().keys())


@pytest.mark.parametrize("words", ["budilnik.config.webserver", "budilnik.config.cli jobs"])
def test_a_child_that_is_killed_is_started_again(run, words):
    server = run("serve", "--port", "0").ready()
    first = child_with(server.process.pid, words)

    os.kill(first, signal.SIGKILL)

    assert within(10, lambda: child_with(server.process.pid, words) not in (0, first))
    assert within(10, server.answers)
    code, told, _ = server.end()
    assert code == 0
    assert "запустится снова через 1 с" in told


def test_a_server_without_jobs_serves_pages_alone(run):
    server = run("serve", "--port", "0", "--no-jobs").ready()

    assert child_with(server.process.pid, "jobs") == 0


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ru", "Порт {port} занят другой программой; укажите свободный ключом --port.\n"),
        ("en", "Port {port} is taken by another program; choose a free one with --port.\n"),
    ],
)
def test_a_taken_port_is_told_in_one_sentence(home, language, sentence):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = subprocess.run(
            command("serve", "--port", str(port)),
            env=environment(home, LANGUAGE=language),
            capture_output=True,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence.format(port=port))


def test_an_address_that_is_not_of_this_machine_is_told_in_one_sentence(home):
    done = subprocess.run(
        command("serve", "--host", "192.0.2.1"), env=environment(home), capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Не удаётся открыть 192.0.2.1, порт 8000: ")


def test_a_port_that_one_server_has_taken_is_taken_for_the_next_before_anybody_listens():
    first = take_spot("127.0.0.1", 0)

    with pytest.raises(PortTaken):
        take_spot("127.0.0.1", first.port)
    second = free_spot("127.0.0.1", first.port)

    assert second.port > first.port
    first.held.close()
    second.held.close()


def test_pages_without_their_styles_are_not_served(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path

    with pytest.raises(AssetsMissing) as caught:
        check_assets()

    assert caught.value.text("ru").endswith("Выполните make install.")


def test_the_demo_serves_its_morning_and_a_second_one_does_not_pull_it_away(run):
    first = run("demo", "--clients", "200").ready()
    guests = [first.line() for _ in range(3)]
    second = run("demo", "--clients", "200")

    assert second.line() == ""
    assert f"уже работает сервер: http://127.0.0.1:{first.port}." in second.process.stderr.read()
    assert second.process.wait(10) == 1
    assert guests == [
        "Sign in: ivan budilnik manager\n",
        "Sign in: olga budilnik manager\n",
        "Sign in: marina budilnik head\n",
    ]
    assert first.answers()
    code, told, _ = first.end(signal.SIGINT)
    assert code == 0
    assert "Traceback" not in told


def test_a_demo_without_pages_loads_shows_and_ends(home):
    done = subprocess.run(
        command("demo", "--clients", "50", "--no-serve"),
        env=environment(home, ENGINE="duckdb"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "")
    assert "первое утро, 11.03.2026" in done.stderr
