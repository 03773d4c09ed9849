"""What the architecture tests read: the repository's files, and Python as text, tree and comments."""

import ast
import io
import subprocess
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "app" / "quarterdeck"


def files_of_the_repository() -> list[Path]:
    """Every file that is in git or would be: nothing that is ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True).stdout.decode()
    return [path for name in listing.split("\0") if name and (path := REPOSITORY / name).is_file()]


def python_files(*folders: str) -> list[Path]:
    """The Python files below ``folders`` of the repository, in a fixed order."""
    return sorted(path for folder in folders for path in (REPOSITORY / folder).rglob("*.py"))


def shown(path: Path) -> str:
    """``path`` as a reader of a failing test wants to see it."""
    return path.relative_to(REPOSITORY).as_posix()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def comments(source: str) -> Iterator[tuple[int, str]]:
    """The comments of ``source`` with their lines."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def dotted(node: ast.expr) -> str:
    """``a.b.c`` for a chain of names, an empty text for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""


def project() -> dict[str, Any]:
    """``pyproject.toml`` as it is read."""
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


def connector_names() -> list[str]:
    """The built-in connectors, as declared by their entry points."""
    return list(project()["project"]["entry-points"]["quarterdeck.connectors"])
