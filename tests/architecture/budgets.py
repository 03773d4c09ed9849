"""The budgets and habits no linter here knows, each a function from source text to sentences with line numbers."""

import ast
import re

from tests.architecture.sources import comments, dotted, functions

FILE_LINES = 400
FUNCTION_LINES = 40

_REASON = r" --? \S.{7,}"
_EXCEPTIONS = {
    "noqa": re.compile(rf"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*{_REASON}"),
    "type: ignore": re.compile(rf"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]{_REASON}"),
    "pyright:": re.compile(rf"# pyright: ignore\[[A-Za-z]+(, ?[A-Za-z]+)*\]{_REASON}"),
    "pragma:": re.compile(rf"# pragma: no (cover|branch){_REASON}"),
}
_PATCHING = re.compile(r"(mock|unittest\.mock|(monkeypatch|mocker)\.(setattr|setitem|delattr|patch))\b")
_SLEEPS = {"time.sleep", "asyncio.sleep", "anyio.sleep", "QTest.qWait", "QTest.qSleep", "qtbot.wait"}
_THREADING = {"threading", "concurrent", "multiprocessing", "_thread"}
_QT_THREADING = {"QThread", "QThreadPool", "QRunnable"}


def too_long(source: str) -> list[str]:
    """The file or the functions over their budget; a function's docstring does not count against it."""
    lines = source.count("\n")
    found = [f"1: {lines} lines, at most {FILE_LINES}"] if lines > FILE_LINES else []
    for function in functions(ast.parse(source)):
        length = (function.end_lineno or function.lineno) - function.lineno + 1 - _docstring_lines(function)
        if length > FUNCTION_LINES:
            found.append(f"{function.lineno}: {function.name} has {length} lines, at most {FUNCTION_LINES}")
    return found


def _docstring_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(function, clean=False) is None:
        return 0
    first = function.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def exceptions_without_reason(source: str) -> list[str]:
    """Comments that silence a checker without saying which rule and, after `` - ``, why."""
    return [
        f"{line}: {comment}"
        for line, comment in comments(source)
        for marker, form in _EXCEPTIONS.items()
        if marker in comment and not form.search(comment)
    ]


def waits_and_patches(source: str) -> list[str]:
    """In a test: sleeping instead of waiting for a condition, and patching instead of handing in a fake."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if (name in _SLEEPS and not _is_zero(node.args)) or _PATCHING.match(name):
                found.append(f"{node.lineno}: {name}")
        elif isinstance(node, ast.Import | ast.ImportFrom) and any(_PATCHING.match(name) for name in _imported(node)):
            found.append(f"{node.lineno}: unittest.mock")
    return found


def threads(source: str) -> list[str]:
    """Every import that lets a module start threads or processes of its own."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [name for name in _imported(node) if name.split(".")[0] in _THREADING]
            names += [alias.name for alias in node.names if alias.name in _QT_THREADING]
            found += [f"{node.lineno}: {name}" for name in names]
    return found


def unspoken_tests(source: str) -> list[str]:
    """Tests whose name is no sentence about behaviour."""
    return [
        f"{function.lineno}: {function.name}"
        for function in functions(ast.parse(source))
        if function.name.startswith("test_")
        and (len(words := function.name.split("_")) < 4 or {"works", "correctly"} & set(words))
    ]


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [alias.name for alias in node.names]


def _is_zero(arguments: list[ast.expr]) -> bool:
    return bool(arguments) and isinstance(arguments[0], ast.Constant) and arguments[0].value == 0
