"""How long and how tangled the code is: prints the figures, fails over the limits.

A function's length is its lines of code: docstring, comments and blank lines are free.
"""

import ast
import io
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src" / "budilnik"
MEDIAN, P95, LONGEST, COMPLEXITY, FILE = 9, 40, 60, 10, 400
SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One function: where it is, its lines of code, its McCabe complexity."""

    place: str
    lines: int
    complexity: int


def code_lines(text: str) -> set[int]:
    """Return the numbers of the lines that hold anything but comments and white space."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {line for token in tokens if token.type not in SILENT for line in range(token.start[0], token.end[0] + 1)}


def span(node: ast.stmt) -> set[int]:
    """Return the numbers of the lines from the first to the last of a statement."""
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def docstring_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[int]:
    """Return the numbers of the lines of the docstring, if there is one."""
    if ast.get_docstring(function, clean=False) is None:
        return set()
    return span(function.body[0])


def measure(path: Path) -> list[Measured]:
    """Measure every function and method of a file."""
    text = path.read_text()
    lines = code_lines(text)
    return [
        Measured(
            place=f"{path.relative_to(ROOT)}:{node.lineno} {node.name}",
            lines=len(lines & span(node) - docstring_lines(node)),
            complexity=1 + sum(isinstance(inner, BRANCHES) for inner in ast.walk(node)),
        )
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def report(what: str, value: float, limit: int, place: str = "") -> bool:
    """Print one figure beside its limit and say whether it is within it."""
    print(f"{'  ' if value <= limit else '! '}{what:<28}{value:>6g}  of {limit:>4}  {place}".rstrip())
    return value <= limit


def main() -> int:
    files = [path for path in sorted(SOURCES.rglob("*.py")) if "migrations" not in path.parts]
    functions = [function for path in files for function in measure(path)]
    heights = {path: len(path.read_text().splitlines()) for path in files}
    lengths = [function.lines for function in functions]
    longest = max(functions, key=lambda function: function.lines)
    tangled = max(functions, key=lambda function: function.complexity)
    tallest = max(heights, key=lambda path: heights[path])
    print(f"{len(functions)} functions in {len(files)} files")
    within = [
        report("function lines, median", median(lengths), MEDIAN),
        report("function lines, 95 of 100", quantiles(lengths, n=20, method="inclusive")[-1], P95),
        report("function lines, longest", longest.lines, LONGEST, longest.place),
        report("complexity, highest", tangled.complexity, COMPLEXITY, tangled.place),
        report("file lines, longest", heights[tallest], FILE, str(tallest.relative_to(ROOT))),
    ]
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())
