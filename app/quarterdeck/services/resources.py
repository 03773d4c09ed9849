"""Where the files that ship with the program are found.

Icons, patterns, report templates and the manual are data, not modules. A wheel carries them inside the package, a
checkout keeps them beside ``app/``. Everyone who needs one asks here, so that both cases look the same.
"""

from importlib.resources import files
from pathlib import Path


def resource_path(name: str) -> Path:
    """The file or folder ``name``, a path with forward slashes below ``resources/``.

    Raises ``FileNotFoundError`` when the program does not carry it: a fault of the program, not of the operator.
    """
    path = _root().joinpath(*name.split("/"))
    if not path.exists():
        raise FileNotFoundError(f"the program does not carry the resource {name!r}")
    return path


def read_resource_text(name: str) -> str:
    """The text of the resource ``name``, read as UTF-8."""
    return resource_path(name).read_text(encoding="utf-8")


def _root() -> Path:
    package = Path(str(files("quarterdeck")))
    carried = package / "_resources"
    return carried if carried.is_dir() else package.parent.parent / "resources"
