"""Apache Spark for the tests that ask it: a server of Spark Connect on a free port of this machine.

    python tests/spark.py run -- COMMAND ...    start it, run the command with its address, end it

The programs lie in .venv/spark (`.ci/bootstrap spark`) and need Java 17. The command finds the address in
BUDILNIK_TEST_ENGINE and a folder that the server sees in BUDILNIK_TEST_ENGINE_FOLDER.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PYTHON = Path(__file__).parent.parent / ".venv" / "spark" / "bin" / "python"
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
READY_WITHIN_SECONDS = 180


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _home() -> Path:
    """Return where the programs and jars of Spark lie."""
    return next(PYTHON.parent.parent.glob("lib/python*/site-packages/pyspark"))


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(1)
        return asked.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """Run a server whose own files lie in `folder`, and end it with everything it has started."""
    port = free_port()
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
    }
    home = _home()
    command = [str(home / "bin" / "spark-submit"), "--class", SERVER, "--master", "local[2]"]
    for name, value in settings.items():
        command += ["--conf", f"{name}={value}"]
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": str(PYTHON),
    }
    with (folder / "spark.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "spark-internal"], stdout=log, stderr=log, cwd=folder, env=environment, start_new_session=True
        )
    try:
        until = time.monotonic() + READY_WITHIN_SECONDS
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > until:
                sys.exit(f"Spark did not come up:\n{(folder / 'spark.log').read_text()[-3000:]}")
            time.sleep(0.5)
        yield port
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def main(arguments: list[str]) -> int:
    """Run the command with a server beside it and return its exit code."""
    if arguments[:2] != ["run", "--"]:
        sys.exit(__doc__)
    if not PYTHON.exists():
        sys.exit("Apache Spark is not here; make test-spark fetches it")
    with tempfile.TemporaryDirectory(prefix="budilnik-spark-") as made, running(Path(made)) as port:
        shared = Path(made) / "shared"
        shared.mkdir()
        told = {"BUDILNIK_TEST_ENGINE": f"spark://127.0.0.1:{port}", "BUDILNIK_TEST_ENGINE_FOLDER": str(shared)}
        return subprocess.call(arguments[2:], env=os.environ | told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
