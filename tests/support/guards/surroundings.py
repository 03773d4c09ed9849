"""A test leaves the process's surroundings as it found them: environment, current folder, the user's own folders."""

import os
import shutil
import tempfile
import time
from pathlib import Path

# Changed by pytest itself while a test runs.
_RUNNER_VARIABLES = {"PYTEST_CURRENT_TEST"}
# Wherever these point, the machine's own state would enter a test.
_UNWANTED = (
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)
# Tools that append to the folder they run in, among them other runs of the same tests.
_TOOL_PREFIXES = (".", "build", "dist", "__pycache__")


class Home:
    """A user's home of our own for the whole run, with every XDG folder inside, fixed language and fixed time zone."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="quarterdeck-home-"))
        self._cache = self.path / ".cache"
        runtime = self.path / ".runtime"
        runtime.mkdir(mode=0o700)
        self._variables = {
            "HOME": str(self.path),
            "XDG_CONFIG_HOME": str(self.path / ".config"),
            "XDG_DATA_HOME": str(self.path / ".local/share"),
            "XDG_STATE_HOME": str(self.path / ".local/state"),
            "XDG_CACHE_HOME": str(self._cache),
            "XDG_RUNTIME_DIR": str(runtime),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "QT_QPA_PLATFORM": "offscreen",
            "QT_API": "pyside6",  # qtpy would set it on import
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self._cache / "hypothesis"),
        }

    def move_in(self) -> None:
        """Point the environment of this process and its children here."""
        for name in _UNWANTED:
            os.environ.pop(name, None)
            os.environ.pop(name.lower(), None)
        os.environ.update(self._variables)
        time.tzset()

    def files(self) -> list[Path]:
        """What was written here, except what libraries cache."""
        return [path for path in self.path.rglob("*") if path.is_file() and not path.is_relative_to(self._cache)]

    def remove(self) -> None:
        """Delete the folder with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)


class SurroundingsGuard:
    """Finds changed variables, a changed current folder, and files in the current folder or in the home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._environment = dict(os.environ)
        self._folder = Path.cwd()
        self._entries = _entries(self._folder)

    def leftovers(self) -> list[str]:
        """One sentence per change; all but files in the current folder are undone for the next test."""
        return [*self._variables(), *self._current_folder(), *self._files()]

    def _variables(self) -> list[str]:
        now = dict(os.environ)
        changed = sorted(
            name
            for name in now.keys() | self._environment.keys()
            if now.get(name) != self._environment.get(name) and name not in _RUNNER_VARIABLES
        )
        for name in changed:
            if name in self._environment:
                os.environ[name] = self._environment[name]
            else:
                del os.environ[name]
        return [f"the changed environment variable {name}" for name in changed]

    def _current_folder(self) -> list[str]:
        sentences: list[str] = []
        if Path.cwd() != self._folder:
            sentences.append(f"the current folder {Path.cwd()}")
            os.chdir(self._folder)
        sentences += [f"the file {name!r} in the current folder" for name in _entries(self._folder) - self._entries]
        return sentences

    def _files(self) -> list[str]:
        found = self._home.files()
        for path in found:
            path.unlink()
        return [f"the file ~/{path.relative_to(self._home.path)}" for path in found]


def _entries(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir() if not entry.name.startswith(_TOOL_PREFIXES)}
