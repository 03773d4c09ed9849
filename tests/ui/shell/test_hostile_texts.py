"""Markup and endless lines from outside are plain, short text everywhere in the frame."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.console import ConsoleServices
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, StateChange
from quarterdeck.storage.opening import open_store
from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.widgets.notices import Notice
from tests.support.consoles import ConsoleBench, FixedClock, open_bank
from tests.support.markup import (
    HostileText,
    faults_below,
    hostile_text,
    remove_tool_tips,
    shows_the_image,
    tip_faults_below,
)
from tests.support.pictured_bank import NOON
from tests.ui.shell.conftest import Benches

KEY = "integration/hostile"
LONGEST = 3000


def hostile_store(folder: Path, texts: HostileText) -> Path:
    """A store in which every text is hostile."""
    path = folder / "hostile.db"
    markup, long_line = texts.markup, texts.long_line[:LONGEST]
    facts = ((markup[:200], long_line), ("protocol", markup))
    partner = Entity("partner/hostile", EntityKind.PARTNER, long_line, markup, markup, facts=facts)
    entity = Entity(KEY, EntityKind.INTEGRATION, markup, long_line, long_line, description=markup, facts=facts)
    relation = Relation(RelationKind.EXTERNAL_INTERNAL, partner.key, entity.key, facts)
    store = open_store(str(path))
    writer = store.writer
    writer.change_estate(
        EstateChange(
            changed_at=NOON.replace(hour=1),
            source=markup,
            put_entities=(partner, entity),
            put_relations=(relation,),
            put_connections=(Connection("hostile", "openmetrics", markup),),
        )
    )
    state = StateInterval(KEY, HealthState.DOWN, markup, NOON.replace(hour=2), None, markup)
    writer.change_states([StateChange(KEY, TimeRange(NOON.replace(hour=1), NOON), (state,), open_ended=True)])
    series = SeriesIdentity(KEY, markup, Meaning.OTHER, "1", markup[:40])
    batch = Batch(
        Samples.at(NOON.replace(minute=31), {series: 1.0}),
        checks=(CheckResult(KEY, long_line, NOON.replace(minute=31), CheckOutcome.FAILED, markup),),
        claimed=(ClaimedStatus(partner.key, NOON.replace(minute=30), HealthState.HEALTHY, long_line),),
    )
    writer.ingest(Ingest("hostile", batch, NOON, Cursors())).result(30)
    store.leases.acquire("a test", NOON, 11.0)
    store.close()
    return path


def hostile_console(benches: Benches, folder: Path, texts: HostileText, **wishes: Any) -> ConsoleBench:
    path, clock = hostile_store(folder, texts), FixedClock()

    def open_it() -> ConsoleServices:
        return replace(open_bank(path, clock), title=texts.markup, subtitle=texts.long_line)

    return benches.started(open_services=open_it, clock=clock, **wishes)


def faults(root: QWidget) -> list[str]:
    remove_tool_tips()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    found = faults_below(root) + tip_faults_below(root)
    return [*found, "the image is shown"] if shows_the_image(root) else found


def test_rail_palette_and_inspector_show_hostile_texts_as_they_are(benches: Benches, tmp_path: Path) -> None:
    bench = hostile_console(benches, tmp_path, hostile_text(tmp_path))
    window = bench.console.window
    bench.console.conductor.select(KEY)
    bench.settle()
    for page in ("why", "signals", "facts", "history"):
        window.inspector.show_page(page)
        assert faults(window) == []
    bench.console.registry.trigger("palette.open")
    assert faults(window) == []


@pytest.mark.parametrize("panel", [spec.id for spec in PANELS])
def test_every_panel_shows_hostile_texts_as_they_are(benches: Benches, tmp_path: Path, panel: str) -> None:
    bench = hostile_console(benches, tmp_path, hostile_text(tmp_path), panels=PANELS)
    bench.console.conductor.open_panel(panel)
    bench.settle()
    bench.console.conductor.select(KEY)
    bench.settle()
    assert faults(bench.console.window) == []


def test_an_absent_entity_with_a_hostile_key_is_named_plainly(benches: Benches, tmp_path: Path) -> None:
    texts = hostile_text(tmp_path)
    bench = benches.started()
    bench.console.conductor.select(texts.long_line)
    bench.settle()
    assert faults(bench.console.window) == []


def test_hostile_errors_and_notices_are_plain(benches: Benches, tmp_path: Path) -> None:
    texts = hostile_text(tmp_path)

    def refuse() -> ConsoleServices:
        raise StoreUnavailable(texts.markup, texts.long_line)

    bench = benches.make(open_services=refuse)
    bench.console.start()
    bench.until(bench.console.window.banner.isVisible, "the banner says what is wrong")
    bench.console.window.notices.show_notice(Notice(texts.markup))
    assert faults(bench.console.window) == []


def test_hostile_names_in_menus_are_neither_markup_nor_keys(benches: Benches, tmp_path: Path) -> None:
    bench = hostile_console(benches, tmp_path, hostile_text(tmp_path))
    bench.console.layouts.save_as("<img src='x'>&File")
    bench.console.registry.trigger("palette.open")
    bench.settle()
    for menu in bench.console.window.findChildren(QMenu):
        assert all("<" not in action.text() for action in menu.actions())
    field = bench.console.window.palette_sheet.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("<img src='file:///etc/passwd'>")
    assert faults(bench.console.window) == []
    remove_tool_tips()
