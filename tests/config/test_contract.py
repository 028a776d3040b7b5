"""What scripts rely on: JSON alone on stdout, people's text on stderr, three exit codes. Seen from outside."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

RETAIL = Path(__file__).parents[3] / "shared" / "data" / "online_retail.parquet"
DAY = "2026-03-11"
CLIENTS = """client;name;owner;inn;phone;city
1;ООО «Болт-Сервис»;ivan;7707083893;+7 495 123-45-67;Москва
2;ООО «Гайка»;olga;;+7 495 123-45-68;Москва
3;ООО «Шайба»;;;+7 495 123-45-69;Москва
4;ООО «Винт»;petr;;;
"""
ORDERS = """client,order,date,item,item_name,quantity,price
1,А-1,2025-11-01,М8,Болт М8,100,12.50
2,А-2,2026-03-01,М8,Болт М8,10,12.50
3,А-3,2025-06-01,М8,Болт М8,1000,12.50
,А-4,2025-06-01,М8,Болт М8,1000,12.50
"""


def budilnik(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command as a script does, on the embedded database of `home`."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BUDILNIK_", "DJANGO_"))}
    told = {
        "BUDILNIK_HOME": str(home),
        "BUDILNIK_ENGINE": "off",
        **{f"BUDILNIK_{key}": value for key, value in environment.items()},
    }
    return subprocess.run(
        [sys.executable, "-m", "budilnik.config.cli", *arguments],
        env=inherited | told,
        text=True,
        capture_output=True,
        check=False,
    )


def told(done: subprocess.CompletedProcess[str]) -> dict:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    """An installation with two managers, three clients and their orders."""
    folder = tmp_path_factory.mktemp("office")
    home = folder / "home"
    (folder / "clients.csv").write_text(CLIENTS)
    (folder / "orders.csv").write_text(ORDERS)
    for login in ("ivan", "olga"):
        assert budilnik(home, "staff", "add", login, "--norm", "10").returncode == 0
    files = [str(folder / "clients.csv"), str(folder / "orders.csv")]
    done = budilnik(home, "import", *files, "--source", "1c", "--on", DAY, "--json")
    (home / "first.json").write_text(done.stdout)
    return home


def test_the_first_command_creates_the_database_in_the_home_folder(tmp_path):
    home = tmp_path / "deep" / "home"

    done = budilnik(home, "base", "--on", DAY, "--json")

    nothing = {"prospect": 0, "regular": 0, "forgotten": 0, "lost": 0}
    assert told(done) == {
        "on": DAY,
        "clients": 0,
        "status": nothing,
        "pool": 0,
        "ownerless": 0,
        "exhausted": 0,
    }
    assert (home / "budilnik.sqlite3").exists()


def test_an_import_tells_what_became_of_every_row_and_is_done_though_rows_were_returned(office):
    found = json.loads((office / "first.json").read_text())

    assert (found["accepted"], found["unchanged"], found["rejected"]) == (6, 0, 2)
    back = Path(found["rejected_file"]).read_text("utf-8-sig")
    assert 'clients.csv;5;;"менеджера «petr» нет среди сотрудников' in back
    assert "orders.csv;5;client;не указан клиент" in back


def test_the_base_is_counted_by_status(office):
    found = told(budilnik(office, "base", "--on", DAY, "--json"))

    assert found["status"] == {"prospect": 0, "regular": 1, "forgotten": 1, "lost": 1}
    assert (found["clients"], found["pool"], found["ownerless"]) == (3, 0, 1)


def test_a_fixed_date_is_told_on_stderr_and_stdout_stays_json(office):
    done = budilnik(office, "base", "--json", TODAY=DAY)

    assert told(done)["on"] == DAY
    assert "11.03.2026" in done.stderr


def test_the_day_is_lived_as_the_contract_says(office):
    given = told(budilnik(office, "assign", "--on", DAY, "--json"))
    assert (sum(given["assigned"].values()), given["pooled"], given["ownerless"]) == (0, 1, 0)

    looked = told(budilnik(office, "insight", "--on", DAY, "--json", ENGINE="duckdb"))
    assert (looked["on"], looked["engine"], looked["clients"]) == (DAY, "duckdb", 3)

    rehearsal = told(budilnik(office, "morning", "--on", DAY, "--dry-run", "--json"))
    first = budilnik(office, "morning", "--on", DAY, "--json")
    second = budilnik(office, "morning", "--on", DAY, "--json")
    assert first.stdout == second.stdout
    found = told(first)
    assert rehearsal["plans"] == found["plans"]
    assert set(found) == {"on", "policy", "changed", "released", "plans"}
    assert {plan["employee"]: plan["capacity"] for plan in found["plans"]} == {"ivan": 10, "olga": 10}
    tasks = {task["client"]: task for plan in found["plans"] for task in plan["tasks"]}
    assert set(tasks["1"]) == {"client", "queue", "status", "silent_since", "deadline", "value", "why"}
    assert (tasks["1"]["queue"], tasks["1"]["status"], tasks["1"]["value"]) == ("own", "forgotten", "1250.00")
    assert tasks["1"]["deadline"] == "2026-04-30"
    assert (tasks["3"]["queue"], tasks["3"]["deadline"], tasks["3"]["silent_since"]) == ("pool", None, "2025-06-01")

    earlier = budilnik(office, "morning", "--on", "2026-03-10", "--json")
    assert (earlier.returncode, earlier.stdout) == (1, "")
    assert earlier.stderr == "Утро 10.03.2026 не проводится: уже опубликовано утро 11.03.2026.\n"

    assert budilnik(office, "verify").returncode == 0


def test_a_day_off_makes_no_plans_and_is_no_mistake(tmp_path):
    found = told(budilnik(tmp_path, "morning", "--json", TODAY="2026-01-04"))

    assert (found["on"], found["plans"]) == ("2026-01-04", [])


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ru", "Сотрудник с логином «ivan» уже есть"), ("en", "There is already an employee with the login “ivan”")],
)
def test_a_refusal_is_a_sentence_in_the_language_of_the_process(office, language, sentence):
    done = budilnik(office, "staff", "add", "ivan", LANGUAGE=language)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(sentence)
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_told_apart_from_a_refusal_and_touches_nothing(tmp_path):
    done = budilnik(tmp_path / "home", "morning", "--on", "вчера")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage:")
    assert "нужна дата вида 2026-03-11" in done.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere"}, "База данных не отвечает"),
        ({"DATABASE_URL": "mysql://localhost/base"}, "BUDILNIK_DATABASE_URL начинается с «mysql»"),
        ({"TODAY": "вчера"}, "BUDILNIK_TODAY=«вчера» не дата"),
    ],
)
def test_an_installation_that_cannot_work_says_so_in_one_sentence(tmp_path, environment, sentence):
    done = budilnik(tmp_path, "base", "--json", **environment)

    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_that_cannot_be_made_is_told_plainly(tmp_path):
    (tmp_path / "home").write_text("a file stands where the folder should")

    done = budilnik(tmp_path / "home", "base")

    assert done.returncode == 1
    assert done.stderr.startswith("Не удаётся записать файл")


# A limit on the size of a file is what a full disk looks like from inside; the numbers let each place fill up first.
FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from budilnik.config.cli import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("limit", [100_000, 1_200_000])
def test_a_disk_that_fills_up_stops_an_import_with_a_sentence_and_leaves_whole_orders(tmp_path, limit):
    home, file = tmp_path / "home", tmp_path / "orders.csv"
    lines = [f"{n % 500},А-{n},2026-01-{n % 28 + 1:02},М{n % 50},{'Болт ' * 20},1,1" for n in range(6_000)]
    file.write_text("client,order,date,item,item_name,quantity,price\n" + "\n".join(lines))
    assert budilnik(home, "base").returncode == 0
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BUDILNIK_", "DJANGO_"))}

    done = subprocess.run(
        [sys.executable, "-c", FULL, str(limit), "import", str(file), "--on", DAY, "--json"],
        env=environment | {"BUDILNIK_HOME": str(home)},
        text=True,
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert "повторите команду" in done.stderr
    assert list(home.glob("import-*")) == []
    assert budilnik(home, "verify").returncode == 0
    assert told(budilnik(home, "import", str(file), "--on", DAY, "--json"))["rejected"] == 0


def test_verify_finds_a_planted_difference(office, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(office, home)
    with sqlite3.connect(home / "budilnik.sqlite3") as base:
        base.execute("UPDATE clients_client SET silent_since = '2026-03-02' WHERE name LIKE '%Болт%'")
    base.close()

    done = budilnik(home, "verify", "--json")

    assert (done.returncode, json.loads(done.stdout)) == (1, {"differences": 1})
    assert "2026-03-02 ≠ 2025-11-01" in done.stderr


def test_the_doctor_names_what_is_wrong_and_what_to_do(tmp_path, office):
    healthy = budilnik(office, "doctor", "--json", TODAY=DAY)
    behind = budilnik(tmp_path / "home", "doctor", "--json")
    budilnik(tmp_path / "home", "base")
    empty = budilnik(tmp_path / "home", "doctor", "--json")

    assert all(finding["good"] for finding in told(healthy)["findings"])
    assert [each.returncode for each in (behind, empty)] == [1, 1]
    [finding] = [each for each in json.loads(empty.stdout)["findings"] if not each["good"]]
    assert finding["remedy"] == "добавьте: budilnik staff add ЛОГИН"


def test_a_database_that_is_gone_is_a_finding_of_the_doctor(tmp_path):
    done = budilnik(tmp_path, "doctor", "--json", DATABASE_URL="postgres://nobody@127.0.0.1:1/nowhere")

    assert done.returncode == 1
    assert [each["good"] for each in json.loads(done.stdout)["findings"]] == [True, False]


@pytest.mark.soak
@pytest.mark.skipif(
    not RETAIL.exists(), reason="the file of real orders is not here: ../shared/data/online_retail.parquet"
)
def test_the_real_file_gives_the_statuses_that_were_counted_by_hand(tmp_path):
    day = "2011-12-12"
    for number in range(5):
        budilnik(tmp_path, "staff", "add", f"m{number}")

    loaded = told(budilnik(tmp_path, "import", str(RETAIL), "--source", "shop", "--on", day, "--json"))
    again = told(budilnik(tmp_path, "import", str(RETAIL), "--source", "shop", "--on", day, "--json"))
    before = told(budilnik(tmp_path, "base", "--on", day, "--json"))
    told(budilnik(tmp_path, "assign", "--on", day, "--json"))
    after = told(budilnik(tmp_path, "base", "--on", day, "--json"))
    morning = told(budilnik(tmp_path, "morning", "--on", day, "--json"))

    counted = {"prospect": 61, "regular": 2_860, "forgotten": 621, "lost": 2_400}
    assert before["status"] == after["status"] == counted
    assert (before["ownerless"], after["ownerless"], after["pool"]) == (5_942, 0, 2_400)
    assert again["accepted"] == 0
    assert again["unchanged"] == loaded["accepted"] + loaded["unchanged"]
    assert again["rejected"] == loaded["rejected"]
    assert len(morning["plans"]) == 5
    assert budilnik(tmp_path, "verify").returncode == 0
