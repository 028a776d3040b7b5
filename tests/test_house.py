"""The order of the house: what every file must keep to, whatever it is about."""

import ast
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc, isfunction
from pathlib import Path
from pkgutil import walk_packages
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import budilnik
from budilnik.core.refusal import Refusal

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src" / "budilnik"
OWNERS_OF_TABLES = ("staff", "clients", "sales", "calling", "conveyor", "care")
APPS = [app for name in OWNERS_OF_TABLES if (app := SOURCES / name).is_dir()]
MODULES = [
    module.name
    for module in walk_packages(budilnik.__path__, "budilnik.")
    if ".migrations" not in module.name and not module.name.endswith("__main__")
]
CORE = [path for path in sorted((SOURCES / "core").glob("*.py")) if path.name != "__init__.py"]
MESSAGES = SOURCES / "locale" / "ru" / "LC_MESSAGES" / "django.po"

# Written in pieces, or this file would be the first to name them.
REGISTRIES = re.compile("|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(?:org|com)"]))
HOMES = "|".join(["wo" + "rk", "ro" + "ot", r"home/\w+", r"Users/\w+"])
MACHINE_PATHS = re.compile(rf"(?<![\w.~/-])/(?:{HOMES})/")

APP_FILES = {"__init__.py", "models.py", "actions.py", "queries.py", "admin.py", "apps.py", "wording.py"}
APP_FOLDERS = {"actions", "queries", "migrations"}
# What Django makes of a template for the collectors of texts: gettext('...'), ngettext('...', '...'), pgettext('', '').
ASKED = re.compile(r"""\b(?:_|n?gettext|n?pgettext\([^,]*, *)\(?(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")""")
NO_TEST_OF_ITS_OWN = {"terms", "arrivals", "refusal"}


def committed_files() -> list[Path]:
    """Return what git has or would take; untracked files are seen before they are committed."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in told.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("forbidden", [REGISTRIES, MACHINE_PATHS], ids=["registries", "machine_paths"])
def test_no_file_names_a_registry_or_a_place_on_somebodys_machine(forbidden):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in committed_files()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if forbidden.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_an_app_has_only_the_rooms_of_an_app(app):
    entries = [entry for entry in app.iterdir() if entry.name != "__pycache__"]

    strangers = [entry.name for entry in entries if entry.name not in (APP_FOLDERS if entry.is_dir() else APP_FILES)]

    assert strangers == []


def refusals() -> list[type[Refusal]]:
    for name in MODULES:
        import_module(name)
    waiting, found = list(Refusal.__subclasses__()), []
    while waiting:
        refusal = waiting.pop()
        waiting += refusal.__subclasses__()
        if refusal.__module__.startswith("budilnik."):
            found.append(refusal)
    return sorted(found, key=lambda refusal: (refusal.__module__, refusal.__qualname__))


def facts_of(sentence: str, language: str) -> set[str]:
    """Return the names of the facts a sentence is filled with; `{why_ru}` and `{why_en}` are one fact told twice."""
    parsed = (field for _, field, _, _ in Formatter().parse(sentence) if field)
    names = {re.split(r"[.\[]", field)[0] for field in parsed}
    return {re.sub(rf"(^|_){language}$", "", name) for name in names}


def test_every_refusal_speaks_both_languages_about_the_same_facts():
    wrong = []
    for refusal in refusals():
        ru, en = getattr(refusal, "ru", ""), getattr(refusal, "en", "")
        name = f"{refusal.__module__}.{refusal.__qualname__}"
        if not (ru.strip() and en.strip()):
            wrong.append(f"{name}: a language is missing")
        elif not re.search("[а-яё]", ru) or re.search("[а-яё]", re.sub("«[^»]*»", "", en)):
            wrong.append(f"{name}: the languages are mixed up")
        elif facts_of(ru, "ru") != facts_of(en, "en"):
            wrong.append(f"{name}: {sorted(facts_of(ru, 'ru') ^ facts_of(en, 'en'))} in one language only")

    assert wrong == []


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_a_module_of_the_core_says_what_it_is_about_and_has_its_test(path):
    assert ast.get_docstring(ast.parse(path.read_text())), "no docstring"

    if path.stem not in NO_TEST_OF_ITS_OWN:
        its_test = ROOT / "tests" / "core" / f"test_{path.stem}.py"
        assert its_test.exists(), f"{its_test.relative_to(ROOT)} is missing"


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_a_public_function_of_the_core_names_units_refusals_and_source(path):
    module = import_module(f"budilnik.core.{path.stem}")
    public = [
        thing
        for name, thing in vars(module).items()
        if isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    ]

    silent = {
        function.__name__: missing
        for function in public
        if (missing := {"Units:", "Raises:", "Source:"} - set(re.findall(r"\w+:", getdoc(function) or "")))
    }

    assert silent == {}


def spoken(path: Path) -> Iterator[tuple[str, str]]:
    """Give every literal passed to gettext in a file, with its line."""
    singular = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
    with_context = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        at = 0 if name in singular else 1 if name in with_context else None
        if at is None or len(node.args) <= at:
            continue
        literal = node.args[at]
        if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
            yield literal.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def shown(path: Path) -> Iterator[tuple[str, str]]:
    """Give every text that a template asks to be translated, with its file; of a plural the singular."""
    for literal in ASKED.findall(templatize(path.read_text())):
        yield ast.literal_eval(literal), str(path.relative_to(ROOT))


def russian() -> dict[str, Message]:
    if not MESSAGES.exists():
        pytest.skip("no translations yet")
    with MESSAGES.open("rb") as file:
        messages = [message for message in read_po(file, locale="ru") if message.id]
    return {message.id if isinstance(message.id, str) else message.id[0]: message for message in messages}


def test_every_message_has_a_russian_translation_that_somebody_checked():
    unfinished = [
        msgid
        for msgid, message in russian().items()
        if message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string)
    ]

    assert unfinished == []


def test_everything_said_through_gettext_is_in_the_catalogue():
    known = russian().keys()

    missing = [
        f"{where}: {msgid!r}"
        for path in sorted(SOURCES.rglob("*.py"))
        for msgid, where in spoken(path)
        if msgid not in known
    ]

    assert missing == []


def test_everything_a_template_says_is_in_the_catalogue():
    known = russian().keys()

    missing = [
        f"{where}: {msgid!r}"
        for path in sorted(SOURCES.rglob("*.html"))
        for msgid, where in shown(path)
        if msgid not in known
    ]

    assert missing == []


def test_a_template_says_nothing_in_russian_by_itself():
    by_itself = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in sorted(SOURCES.rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search("[а-яё]", line, re.IGNORECASE) and "Русский" not in line
    ]

    assert by_itself == []


def test_a_screen_is_one_file_of_under_120_lines():
    long = [path.name for path in SOURCES.rglob("*.html") if len(path.read_text().splitlines()) >= 120]

    assert long == []
