"""The window as it is started from a terminal: one per store, and nothing left when it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PySide6.QtNetwork import QLocalSocket

from quarterdeck.ui.shell.single_instance import instance_name
from quarterdeck.ui.shell.window_memory import decode
from tests.e2e.torn_window import TORN
from tests.support.waiting import wait_until

START_SECONDS = 60.0

pytestmark = pytest.mark.slow


def command(store: Path) -> list[str]:
    return [sys.executable, "-m", "quarterdeck", "--profile", "window-test", "--store", str(store)]


def start(store: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command(store), env=environment(store.parent), stdout=subprocess.DEVNULL)


def told_by_another_start(store: Path) -> str:
    """What a start prints that ends well by itself."""
    second = subprocess.run(
        command(store),
        env=environment(store.parent),
        stdout=subprocess.PIPE,
        text=True,
        timeout=START_SECONDS,
        check=True,
    )
    return second.stdout


def environment(folder: Path) -> dict[str, str]:
    """What a window needs to keep everything in a folder."""
    folders = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"), str(folder))
    return {**os.environ, **folders}


def is_listening(store: Path) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(instance_name(str(store)))
    return socket.waitForConnected(100)


def test_a_second_start_says_where_its_window_is_and_the_first_takes_its_collector_along(tmp_path: Path) -> None:
    store = tmp_path / "console.db"
    first = start(store)
    try:
        wait_until(lambda: is_listening(store), "the window claims its store", within_seconds=START_SECONDS)
        children = psutil.Process(first.pid)
        wait_until(lambda: bool(children.children()), "its collector runs", within_seconds=START_SECONDS)
        collectors = children.children()
        assert told_by_another_start(store) == "The window is open already; it was brought to the front.\n"
        assert first.poll() is None
        first.send_signal(signal.SIGTERM)
        assert first.wait(START_SECONDS) == 0
        wait_until(lambda: not any(child.is_running() for child in collectors), "the collector ended with it")
    finally:
        first.kill()
        first.wait()
    assert (tmp_path / "quarterdeck" / "window-test" / "window.json").exists()


def test_a_torn_off_panel_is_still_open_when_the_window_has_quit(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.e2e.torn_window", str(tmp_path / "console.db")]
    subprocess.run(command, env=environment(tmp_path), stdout=subprocess.DEVNULL, timeout=START_SECONDS, check=True)
    memory = (tmp_path / "quarterdeck" / "torn-test" / "window.json").read_text()
    assert decode(memory).layout.open_panels == ("overview", TORN)


def test_a_killed_collector_is_reaped_and_another_takes_its_place(tmp_path: Path) -> None:
    window = start(tmp_path / "console.db")
    try:
        family = psutil.Process(window.pid)
        wait_until(lambda: bool(family.children()), "its collector runs", within_seconds=START_SECONDS)
        killed = family.children()[0].pid
        os.kill(killed, signal.SIGKILL)
        wait_until(
            lambda: [child.pid for child in family.children()] not in ([], [killed]),
            "another collector runs",
            within_seconds=START_SECONDS,
        )
        assert not psutil.pid_exists(killed)
        window.send_signal(signal.SIGTERM)
        assert window.wait(START_SECONDS) == 0
    finally:
        window.kill()
        window.wait()


def test_without_a_display_the_window_says_so_in_words(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    command = [sys.executable, "-m", "quarterdeck", "--store", str(tmp_path / "console.db")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=START_SECONDS)
    assert done.returncode == 4
    assert "There is no display to open a window on." in done.stderr
    assert "quarterdeck status" in done.stderr


@pytest.mark.parametrize(("kind", "code", "told"), [("closed", 0, ""), ("broken", 1, "ValueError: a part is missing")])
def test_a_window_that_ends_before_it_is_whole_leaves_nothing_running(
    tmp_path: Path, kind: str, code: int, told: str
) -> None:
    command = [sys.executable, "-m", "tests.e2e.early_window", kind, str(tmp_path / "console.db")]
    ended = subprocess.run(
        command, env=environment(tmp_path), capture_output=True, text=True, timeout=START_SECONDS, check=False
    )
    assert (ended.returncode, ended.stderr.strip().endswith(told)) == (code, True)
    assert not is_listening(tmp_path / "console.db")
