"""The guards themselves: a guard that catches nothing looks the same as a clean test."""

import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.guards.logs import ExpectedLogs

PLANTED = Path(__file__).with_name("planted_leaks.py")
CAUGHT = {
    "test_thread": "the thread 'planted', now at threading.Event.wait",
    "test_own_daemon": "the thread 'planted daemon', now at tests/architecture/planted_leaks.py:",
    "test_process": "time.sleep(30)",
    "test_orphan": "time.sleep(31)",
    "test_task": "the task 'planted task', now at <coroutine object Event.wait",
    "test_log": "'something is wrong' by quarterdeck.planted, from tests/architecture/planted_leaks.py:",
    "test_variable": "the changed environment variable QUARTERDECK_PLANTED",
    "test_folder": "the current folder",
    "test_home": "the file ~/planted.txt",
    "test_network_swallowed": "an attempt to reach '192.0.2.1'",
    "test_name_swallowed": "an attempt to reach 'example.org'",
    "test_window": "the window QLabel 'planted window'",
    "test_timer": "the running timer QTimer 'planted timer', 60000 ms",
    "test_qt_message": "'planted message' by qt",
    "test_warning": "UserWarning: planted warning",
}


@pytest.fixture(scope="module")
def verdict() -> str:
    """What the runner says about the planted tests."""
    options = ["-q", "-n0", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-cov", "--tb=short"]
    command = [sys.executable, "-m", "pytest", *options, str(PLANTED)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout


@pytest.mark.parametrize("planted", CAUGHT)
def test_a_leftover_fails_its_test_and_is_named(verdict: str, planted: str) -> None:
    assert f"planted_leaks.py::{planted}" in verdict
    assert CAUGHT[planted] in verdict


def test_every_planted_leak_is_expected_here() -> None:
    planted = re.findall(r"^(?:async )?def (test_\w+)\(", PLANTED.read_text(), re.MULTILINE)
    assert sorted(planted) == sorted(CAUGHT)


def test_a_warning_that_was_announced_is_no_leftover(logs: ExpectedLogs) -> None:
    import logging

    logs.expect("quarterdeck.planted", "refused")
    logging.getLogger("quarterdeck.planted.below").warning("the partner refused")


def test_an_announced_warning_that_does_not_come_is_a_complaint() -> None:
    expected = ExpectedLogs()
    expected.expect("quarterdeck", "refused")
    assert expected.complaints([]) == ["no log line by quarterdeck with 'refused', though expected"]


def test_loopback_stays_reachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(("localhost", server.getsockname()[1]), timeout=5)
        client.close()


def test_a_name_below_invalid_is_unknown_without_asking_anyone() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nobody.invalid", 80)


def test_a_thread_that_ends_in_time_is_no_leftover() -> None:
    threading.Thread(target=threading.Event().wait, args=(0.2,)).start()
