"""What is selected anywhere stands out in the charts, and only what that changes is drawn."""

from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.services.moments import Moment
from tests.ui.panels.performance.desk import Bench
from tests.ui.panels.performance.reports import NOON, SERVICES, chart, line, report


def test_the_selected_entity_is_marked_in_every_chart(bench: Bench) -> None:
    bench.view.show_selection(SERVICES[1])
    bench.settle()
    assert [[entry.is_chosen for entry in one.legend_entries] for one in bench.charts] == [[False, True, False]] * 3


def test_a_selection_draws_no_chart_anew_whose_lines_stay_as_they_were(bench: Bench) -> None:
    only_there = [line(SERVICES[0]), line(SERVICES[1])]
    charts = [
        chart(Meaning.RESPONSE_TIME, *only_there),
        chart(Meaning.THROUGHPUT, line(SERVICES[0], Meaning.THROUGHPUT)),
    ]
    bench.source.answer = report(*SERVICES[:2], charts=charts)
    bench.show()
    shown_charts = bench.charts[:2]
    before = [one._content for one in shown_charts]
    bench.view.show_selection(SERVICES[1])
    bench.settle()
    assert [one._content is old for one, old in zip(shown_charts, before, strict=True)] == [False, True]


def test_a_selection_is_in_the_charts_that_were_not_drawn_yet(bench: Bench) -> None:
    bench.view.show_moment(Moment(TimeRange.ending(NOON, 60), NOON))
    bench.background.finish()
    bench.view.show_selection(SERVICES[1])
    bench.settle()
    assert [[entry.is_chosen for entry in one.legend_entries] for one in bench.charts] == [[False, True, False]] * 3
    assert all(one._group.range_s[1] - one._group.range_s[0] == 60 for one in bench.charts)
