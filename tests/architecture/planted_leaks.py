"""Tests that each leave one thing behind; ``test_guards`` runs them apart and expects every one to fail."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

KEPT: list[Any] = []


def test_thread() -> None:
    thread = threading.Thread(target=threading.Event().wait, args=(8,), name="planted")
    thread.start()


def test_own_daemon() -> None:
    threading.Thread(target=lambda: threading.Event().wait(8), name="planted daemon", daemon=True).start()


def test_process() -> None:
    KEPT.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"]))


def test_orphan() -> None:
    child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(31)'])"
    subprocess.run([sys.executable, "-c", child], check=True)


async def test_task() -> None:
    KEPT.append(asyncio.create_task(asyncio.Event().wait(), name="planted task"))


def test_log() -> None:
    logging.getLogger("quarterdeck.planted").warning("something is wrong")


def test_variable() -> None:
    os.environ["QUARTERDECK_PLANTED"] = "1"


def test_folder(tmp_path: Path) -> None:
    os.chdir(tmp_path)


def test_home() -> None:
    Path("~/planted.txt").expanduser().touch()


def test_network_swallowed() -> None:
    with pytest.raises(RuntimeError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_name_swallowed() -> None:
    with pytest.raises(RuntimeError):
        socket.getaddrinfo("example.org", 80)


def test_window(qapp: object) -> None:
    from PySide6.QtWidgets import QLabel

    KEPT.append(label := QLabel("left"))
    label.setObjectName("planted window")


def test_timer(qapp: object) -> None:
    from PySide6.QtCore import QTimer

    KEPT.append(timer := QTimer())
    timer.setObjectName("planted timer")
    timer.start(60_000)


def test_qt_message(qapp: object) -> None:
    from PySide6.QtCore import qWarning

    qWarning("planted message")


def test_warning() -> None:
    import warnings

    warnings.warn("planted warning", UserWarning, stacklevel=1)
