"""What the Resources panel says of a report, when it reads again, and what it says where nothing is to be had."""

import math
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from quarterdeck.services.capacity import CapacityReport
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.resources.detail_words import fact_pairs
from quarterdeck.ui.panels.resources.forecast_data import forecast_picture
from quarterdeck.ui.panels.resources.presenter import ResourcesPresenter, read_page
from quarterdeck.ui.panels.resources.state import Page, PageMessage, ResourceLine, ResourcesState, Supposed
from quarterdeck.ui.panels.resources.words import resources_state
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.resources.reports import (
    ALL,
    CORES,
    DISK,
    FULL,
    LIVE,
    LOCKED,
    NOON,
    OLD,
    PENDING,
    UNTOLD,
    YOUNG,
    Source,
    outlook,
    report,
)

PAST = replace(LIVE, live=False)


@dataclass(slots=True)
class Surface:
    """Notes what it is told to show."""

    pages: list[Page] = field(default_factory=list[Page])
    failures: list[PageMessage] = field(default_factory=list[PageMessage])
    old: list[str] = field(default_factory=list[str])

    def show_loading(self) -> None: ...

    def show_page(self, page: Page) -> None:
        self.pages.append(page)

    def show_failed(self, message: PageMessage) -> None:
        self.failures.append(message)

    def show_old(self, since: str) -> None:
        self.old.append(since)


class Desk:
    def __init__(self, source: Source) -> None:
        self.surface, self.background, self.source = Surface(), HeldBackground(), source
        self.presenter = ResourcesPresenter(source, self.background, self.surface, str)

    def show(self) -> None:
        self.presenter.show_moment(LIVE)
        self.background.finish()


def state(told: CapacityReport = ALL) -> ResourcesState:
    return resources_state(told, LIVE, str)


def line(of: CapacityReport) -> ResourceLine:
    return state(of).lines[0]


def test_a_disk_that_fills_says_how_much_how_fast_and_when() -> None:
    disk = line(ALL)
    assert (disk.name, disk.kind_words, disk.mark_words) == ("ledger-db · /data", "Storage", "above 80%")
    assert (disk.used.words, disk.allocated.words, disk.share_words) == ("413 GB", "480 GB", "86%")
    assert (disk.trend.words, disk.full.words) == ("+6.1 GB/d", "10 d")
    assert disk.tip.startswith("Full in 10 d (80% interval 10–11 d). Growth doubled on ")
    assert disk.changed.words.endswith(": +2.9 GB/d → +6.1 GB/d")
    assert disk.proposal.words == "480 → 1,200 GB"


def test_what_has_room_says_so_and_what_it_could_give_back() -> None:
    cores = line(report(CORES))
    assert (cores.used.words, cores.allocated.words, cores.mark_words) == ("1.6 cores", "8 cores", "room left")
    assert (cores.trend.words, cores.full.words, cores.verdict.words) == ("flat", "no date", "over-allocated")
    assert cores.proposal.words == "8 → 3 cores"
    assert cores.tip == "No date: it does not surely grow."


def test_too_little_history_says_how_much_there_is() -> None:
    young = line(report(YOUNG))
    assert (young.trend.words, young.full.words) == ("5 of 14 d", "—")
    assert (young.allocated.words, young.proposal.words) == ("—", "no size is known")
    assert young.tip == "Not enough history to foretell anything: 5 of 14 days."
    assert young.busiest == "—"


def test_what_is_old_unknown_full_or_pending_never_passes_for_room() -> None:
    told = {name: line(report(one)).mark_words for name, one in (("old", OLD), ("untold", UNTOLD), ("full", FULL))}
    assert told == {"old": "old value", "untold": "use not told", "full": "full"}
    assert line(report(FULL)).full.words == "full"
    assert line(report(FULL)).share_words == "112%"
    pending = line(report(PENDING))
    assert (pending.full.words, pending.tip) == ("…", "The forecast is being worked out.")
    assert state(report(PENDING)).figures[0].note == "being worked out"


def test_a_source_without_a_history_is_told_as_such() -> None:
    sized = replace(CORES, subject=replace(CORES.subject, series=()), outlook=None, is_pending=False)
    told = line(report(sized))
    assert (told.trend.words, told.tip) == (
        "no history", "The store holds no history of it, so that nothing is foretold.",
    )  # fmt: skip


def test_a_slow_growth_is_told_as_far_as_it_can_be() -> None:
    slow = line(report(replace(DISK, share=0.2, outlook=outlook(0.2, 0.0005))))
    assert slow.full.words in {"> 354 d", "> 1 y"}
    assert "later than can be told" in slow.tip


def test_the_figures_name_the_first_to_fill_and_count_what_is_spare() -> None:
    first, spare, used, error = state().figures
    assert (first.value, first.note, first.row_id) == ("10 d", "ledger-db · /data", DISK.key.id)
    assert (spare.value, spare.note) == ("1", "reclaim 5 cores")
    assert (used.value, used.note) == ("53%", "median of 2")
    assert error.note == "median of 2"
    assert state(report(OLD)).figures[2].note == "no fresh value"
    nothing = state(report(YOUNG)).figures
    assert nothing[2].note == "no sizes known"
    assert [figure.value for figure in nothing] == ["—", "0", "—", "—"]


def test_proposals_name_sizes_difference_and_the_constraint() -> None:
    told = state()
    assert [(one.name, one.sizes, one.difference) for one in told.proposed] == [
        ("ledger-db · /data, storage", "480 → 1,200 GB", "+720 GB"),
        ("payments-api, processing", "8 → 3 cores", "−5 cores"),
    ]
    assert told.constraint == (
        "Keeps p99 demand of the last 30 days, grown at its present pace, below 80% for 90 days."
    )


def test_the_foot_counts_what_there_is_and_what_cannot_be_read() -> None:
    told = state(report(DISK, YOUNG, unreadable=("Ledger: allocated_cores is no number above nought.",)))
    assert told.summary == "2 resources · 1 without a known size · 1 with too little history for a forecast"
    assert told.remarks == ("Ledger: allocated_cores is no number above nought.",)
    assert resources_state(ALL, PAST, str).as_of.startswith("As of ")
    assert state(report(DISK)).summary == "1 resource"


def test_work_is_told_for_each_unit_in_use() -> None:
    assert line(report(replace(CORES, rate=320.0))).work.words == "200 /s per core"
    assert line(report(replace(CORES, rate=320.0, is_old=True))).work.words == "—"
    assert math.isnan(line(report(replace(DISK, rate=320.0))).work.rank)


def test_the_facts_of_a_resource_say_where_each_comes_from() -> None:
    facts = dict(fact_pairs(line(ALL), NOON, str))
    assert facts["Used"] == "413 GB · 86%"
    assert facts["Size"] == "480 GB, declared as allocated_storage_gb"
    assert facts["Model"] == "line with at most one change of pace, chosen by back-test"
    assert facts["Error"].endswith("of the peak over 28 d it had not seen")
    assert facts["History"] == "60 of the last 90 days"
    unknown = dict(fact_pairs(line(report(UNTOLD)), NOON, str))
    assert (unknown["Used"], unknown["Size"], unknown["Proposed"]) == (
        "not told", "not known", "nothing: no size is known",
    )  # fmt: skip
    old = dict(fact_pairs(line(report(OLD)), NOON, str))
    assert old["Told"].endswith("too old to speak for now")
    shares = dict(fact_pairs(line(report(YOUNG)), NOON, str))
    assert shares["Used"] == "40% of a size nobody tells"


def test_the_picture_holds_every_day_the_limit_and_what_is_foretold() -> None:
    picture = forecast_picture(DISK, str)
    assert picture is not None
    past, ahead, limit = picture.content.lines
    assert len(past.times_s) == 60
    assert ahead.is_ghost
    assert limit.value.tolist() == [1.0, 1.0]
    assert picture.content.band is not None
    assert np.all(picture.content.band.low <= picture.content.band.high)
    assert [span.label for span in picture.content.spans] == ["Pace changed"]
    young = forecast_picture(YOUNG, str)
    assert young is not None
    assert len(young.content.lines) == 2
    assert forecast_picture(PENDING, str) is None


def test_what_is_used_comes_first_and_the_forecast_after_it() -> None:
    desk = Desk(Source(ALL, quick=report(PENDING)))
    desk.show()
    desk.background.finish()
    assert desk.source.asked == [False, True]
    assert [isinstance(page, ResourcesState) and page.is_pending for page in desk.surface.pages] == [True, False]


def test_only_what_bears_on_resources_is_read_again() -> None:
    desk = Desk(Source(ALL))
    desk.show()
    for topics, reads in ((frozenset({Topic.COMPLIANCE}), 1), (frozenset({Topic.SERIES}), 2), (frozenset(), 3)):
        desk.presenter.refresh(replace(LIVE, at=NOON + timedelta(minutes=1)), frozenset[Topic](topics))
        desk.background.finish()
        assert len(desk.source.asked) == reads


def test_without_any_resource_it_is_said_what_would_be_here() -> None:
    live = read_page(Source(report(unreadable=("Ledger: x.",))), LIVE, str)
    past = read_page(Source(report()), PAST, str)
    assert isinstance(live, PageMessage)
    assert (live.button, live.explanation.endswith("Ledger: x.")) == ("Add a connection", True)
    assert isinstance(past, PageMessage)
    assert (past.sentence, past.button) == ("No use of any resource was told by then", "")


def test_a_store_that_fails_is_told_and_tried_again() -> None:
    desk = Desk(Source(ALL, fault=LOCKED))
    desk.presenter.retry()
    desk.show()
    assert [message.sentence for message in desk.surface.failures] == ["The store is locked."]
    assert desk.presenter.table_writer() is None
    assert desk.presenter.estate_writer() is None
    desk.source.fault = None
    desk.presenter.retry()
    desk.background.finish()
    assert len(desk.surface.pages) == 1
    desk.source.fault = LOCKED
    desk.presenter.refresh(LIVE, frozenset())
    desk.background.finish()
    assert desk.surface.old == ["The store is locked. Shown as of 12:32"]


def test_what_is_saved_is_what_is_shown() -> None:
    desk = Desk(Source(ALL))
    desk.show()
    table, estate = desk.presenter.table_writer(), desk.presenter.estate_writer()
    assert table is not None
    assert estate is not None
    assert len(table().decode().splitlines()) == 4
    assert "allocated_storage_gb: 1200  # now 480" in estate().decode()


def test_what_is_supposed_is_said_and_counted_and_saved() -> None:
    desk = Desk(Source(ALL))
    desk.presenter.suppose(Supposed.TWICE)
    assert desk.source.asked == []
    desk.show()
    desk.presenter.suppose(Supposed.ONE_OF_TWO)
    desk.background.finish()
    page = desk.surface.pages[-1]
    assert isinstance(page, ResourcesState)
    assert page.constraint.startswith("Supposed: one of two nodes lost. Keeps p99 demand")
    assert page.lines[1].proposal.words == "8 → 6 cores"
    estate = desk.presenter.estate_writer()
    assert estate is not None
    assert "allocated_cores: 6  # now 8" in estate().decode()
    desk.presenter.suppose(Supposed.NOTHING)
    desk.background.finish()
    last = desk.surface.pages[-1]
    assert isinstance(last, ResourcesState)
    assert last.constraint.startswith("Keeps p99")
