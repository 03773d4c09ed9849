"""The interpreter under the window: garbage is collected in its thread, and a binding that loses None is refused."""

import ctypes
import gc
import sys
import threading
from collections.abc import Iterator
from types import ModuleType

import pytest
from PySide6.QtWidgets import QApplication

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.tasks.garbage import GuiGarbage
from quarterdeck.ui.tasks.none_count import check_none_refcount


class Node:
    """One half of a cycle."""

    def __init__(self, deaths: list[int]) -> None:
        self._deaths = deaths
        self.other: Node | None = None

    def __del__(self) -> None:
        self._deaths.append(threading.get_ident())


@pytest.fixture
def garbage(qapp: QApplication) -> Iterator[GuiGarbage]:
    collector = GuiGarbage()
    collector.start()
    yield collector
    collector.stop()
    collector.deleteLater()


def make_cycles(count: int, deaths: list[int]) -> None:
    for _ in range(count):
        first, second = Node(deaths), Node(deaths)
        first.other, second.other = second, first


def test_a_worker_that_makes_cycles_collects_none_of_them(garbage: GuiGarbage) -> None:
    deaths: list[int] = []
    worker = threading.Thread(target=make_cycles, args=(5000, deaths))
    worker.start()
    worker.join()
    assert deaths == []
    while garbage.collect_due():
        pass
    gc.collect()
    assert set(deaths) == {threading.get_ident()}


def test_nothing_is_collected_before_it_is_due(garbage: GuiGarbage) -> None:
    gc.collect()
    assert garbage.collect_due() == 0


def test_what_came_with_new_modules_is_set_aside_instead_of_looked_through(
    garbage: GuiGarbage, request: pytest.FixtureRequest
) -> None:
    made = [[number] for number in range(50_000)]
    sys.modules["made_up_for_a_test"] = ModuleType("made_up_for_a_test")
    request.addfinalizer(lambda: sys.modules.pop("made_up_for_a_test"))
    set_aside = gc.get_freeze_count()
    assert garbage.collect_due() == 0
    assert gc.get_freeze_count() >= set_aside + len(made)


def test_the_interpreter_collects_again_after_the_end(qapp: QApplication) -> None:
    collector = GuiGarbage()
    collector.start()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    collector.deleteLater()


def test_the_binding_in_use_loses_no_references(qapp: QApplication) -> None:
    check_none_refcount()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from 3.12 on")
def test_a_binding_that_loses_references_to_none_is_refused_in_words(qapp: QApplication) -> None:
    lost: list[int] = []
    none = ctypes.py_object(None)

    def lossy() -> None:
        ctypes.pythonapi.Py_DecRef(none)
        lost.append(1)

    with pytest.raises(OperatorError, match="loses references"):
        check_none_refcount(lossy)
    for _ in lost:
        ctypes.pythonapi.Py_IncRef(none)
