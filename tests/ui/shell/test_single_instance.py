"""One window per store: the second start brings the first one to the front."""

from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from quarterdeck.ui.shell.single_instance import SingleInstance, instance_name
from tests.support.windows import Companion

STORE = "/data/bank.db"


@pytest.fixture
def name(tmp_path: Path) -> str:
    return instance_name(str(tmp_path))


def test_the_first_start_of_a_store_claims_it(qapp: QApplication, name: str) -> None:
    first = SingleInstance(name)
    assert first.claim()
    first.release()


def test_a_second_start_raises_the_first_window_and_leaves(qtbot: QtBot, name: str) -> None:
    first = SingleInstance(name)
    assert first.claim()
    with qtbot.waitSignal(first.raise_requested, timeout=5000), Companion(name) as second:
        qtbot.waitUntil(lambda: second.has_ended, timeout=20_000)
    assert second.claimed is False
    first.release()


def test_a_socket_left_by_a_crash_is_taken_over(qapp: QApplication, name: str) -> None:
    crashed = Companion(name, crashes=True)
    with crashed:
        crashed.wait()
    assert crashed.claimed is True
    survivor = SingleInstance(name)
    assert survivor.claim()
    survivor.release()


def test_another_store_has_a_window_of_its_own(qapp: QApplication, name: str) -> None:
    first, other = SingleInstance(name), SingleInstance(instance_name("/another/store"))
    assert first.claim()
    assert other.claim()
    first.release()
    other.release()


def test_a_released_store_can_be_claimed_again(qapp: QApplication, name: str) -> None:
    first = SingleInstance(name)
    first.claim()
    first.release()
    second = SingleInstance(name)
    assert second.claim()
    second.release()


def test_the_name_tells_nothing_of_the_store() -> None:
    assert "bank" not in instance_name(STORE)
    assert instance_name(STORE) == instance_name(STORE)
    assert instance_name(STORE) != instance_name("/data/other.db")


def test_somebody_who_listens_but_does_not_answer_does_not_keep_the_window_from_opening(
    qapp: QApplication, name: str
) -> None:
    stranger = QLocalServer()
    stranger.listen(name)
    instance = SingleInstance(name)
    assert instance.claim()
    instance.release()
    stranger.close()
