"""A chart over time: title and legend above, the plot below; it moves with the other charts of its group."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QVBoxLayout

from quarterdeck.ui.charts.chart_drawing import ChartDrawing
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.chart_head import ChartHead
from quarterdeck.ui.charts.chart_keys import ChartKeys
from quarterdeck.ui.charts.chart_layers import ChartLayers
from quarterdeck.ui.charts.chart_paint import PlotMap, on_whole_pixels
from quarterdeck.ui.charts.describe import describe_chart, span_words
from quarterdeck.ui.charts.legend import LegendEntry
from quarterdeck.ui.charts.line_board import LineBoard
from quarterdeck.ui.charts.line_data import (
    MOST_LINES,
    Band,
    ChartContent,
    LineData,
    Span,
    Stale,
    extent_within,
    value_at,
)
from quarterdeck.ui.charts.quantities import quantity
from quarterdeck.ui.charts.span_labels import (
    SpanLabel,
    Strip,
    most_rows,
    paint_labels,
    place_labels,
    rows_needed,
    spans_at,
    strip_height,
)
from quarterdeck.ui.charts.ticks import value_axis
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.looks import FixedLooks
from quarterdeck.ui.theme.measures import CARD_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line, safe_text

if TYPE_CHECKING:
    from quarterdeck.ui.charts.plot_surface import PlotSurface

_GUTTER = 46
_GUTTER_PADDING = 22
_TOP = 13
_BOTTOM = 9
_TIMES_HEIGHT = 26
_PIXELS_PER_INTERVAL = 54
_LEAST_HEIGHT = 96


@dataclasses.dataclass(frozen=True, slots=True)
class ChartStyle:
    """How a chart is set up.

    `unit` is that of the values until lines bring their own. With `zero_based` the axis begins at zero. `is_card` puts
    the chart into a card of its own; leave it out inside another one. `has_times` writes times below the plot.
    """

    unit: str = "1"
    zero_based: bool = True
    has_times: bool = True
    is_card: bool = True


class TimeChart(QFrame):
    """Up to six lines over the range of their group.

    The legend shows the values under the cross-hair, else at the play-head, else the last ones; `write` turns a value
    and its unit into words. Times are those of `zone`, or of this computer. `head_grown` carries how many pixels more
    than a line its head takes.
    """

    head_grown = Signal(int)

    def __init__(
        self,
        theme: Theme,
        group: ChartGroup,
        title: str,
        *,
        subtitle: str = "",
        style: ChartStyle | None = None,
        zone: tzinfo | None = None,
        write: Callable[[float, str], str] = quantity,
    ) -> None:
        super().__init__()
        self._theme, self._group, self._zone, self._write = theme, group, zone, write
        self._style = style or ChartStyle()
        self._content = ChartContent()
        self._plot: PlotMap | None = None
        self._described: tuple[ChartContent, tuple[float, float]] | None = None
        self._label_rows = 0
        self._labels: tuple[SpanLabel, ...] = ()
        self._board = LineBoard(self, self._repaint)
        self._layers = ChartLayers(theme, zone, self._board, has_times=self._style.has_times)
        self._keys = ChartKeys(group)
        self._title, self._subtitle = title, subtitle
        self._head = ChartHead(theme, title, subtitle, side=CARD_PADDING if self._style.is_card else 0)
        self._surface = self._make_surface()
        self._build()
        self._connect()

    @property
    def legend_entries(self) -> tuple[LegendEntry, ...]:
        """What the legend says now."""
        return self._head.entries

    def draw_in(self, background: Background) -> None:
        """From now on have large pictures of the lines made there; without it they are made when they are painted."""
        self._board.work_in(background)

    def show_content(self, content: ChartContent) -> None:
        """Show all at once; raises ValueError for more than six lines that are no ghosts."""
        if sum(not line.is_ghost for line in content.lines) > MOST_LINES:
            message = f"a chart shows at most {MOST_LINES} lines"
            raise ValueError(message)
        self._content = content
        self._lay_out()

    def set_lines(self, lines: tuple[LineData, ...], band: Band | None = None) -> None:
        """Show these lines and the expected range; raises ValueError for more than six lines that are no ghosts."""
        self.show_content(dataclasses.replace(self._content, lines=lines, band=band))

    def set_spans(self, spans: tuple[Span, ...], *, labelled: bool = True) -> None:
        """Show incidents, maintenance and changes as spans; labels stand above the plot of a page's first chart."""
        self.show_content(dataclasses.replace(self._content, spans=spans, labels_spans=labelled))

    def set_stale(self, stale: Stale | None) -> None:
        """Hatch what lies after an instant and dim the lines; None says that the data is fresh."""
        self.show_content(dataclasses.replace(self._content, stale=stale))

    def set_subtitle(self, subtitle: str) -> None:
        """Change the small words beside the title."""
        self._subtitle = subtitle
        self._head.set_subtitle(subtitle)

    def show_times(self, *, shown: bool) -> None:
        """Write the times below the plot, or leave that to a chart further down."""
        if shown != self._style.has_times:
            self._style = dataclasses.replace(self._style, has_times=shown)
            self._layers = ChartLayers(self._theme, self._zone, self._board, has_times=shown)
            self._set_margins()

    def describe(self) -> str:
        """The chart in words."""
        content = self._content
        words = describe_chart(
            safe_line(self._title), self._group.range_s, content.lines, content.spans, zone=self._zone
        )
        return f"{words} {safe_line(content.stale.words)}." if content.stale else words

    def drawing(self) -> ChartDrawing | None:
        """The chart as it is now, to be painted elsewhere; None where it has no lines."""
        if self._plot is None or not self._content.lines:
            return None
        return ChartDrawing(
            title=self._title,
            subtitle=self._subtitle,
            entries=self.legend_entries,
            content=self._content,
            plot=self._plot,
            strip=self._strip,
            labels=self._labels,
            looks=FixedLooks(self._theme.tokens, self._theme.fonts),
            zone=self._zone,
            width=self._surface.width() + (0 if self._style.is_card else CARD_PADDING),
            height=self._surface.height() + _TIMES_HEIGHT - self._foot,
        )

    def _make_surface(self) -> PlotSurface:
        from quarterdeck.ui.charts.plot_surface import PlotSurface

        return PlotSurface(self._paint_data, self._paint_marks, self._tell)

    def _build(self) -> None:
        if self._style.is_card:
            self.setProperty("kind", "card")
        self.setAccessibleName(safe_line(self._title))
        self._surface.setAccessibleName(safe_line(self._title))
        self.setFocusProxy(self._surface)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 10 if self._style.is_card else 0, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._surface, 1)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._group.ask_gutter(_GUTTER)
        self._set_margins()

    def _set_margins(self) -> None:
        right = CARD_PADDING if self._style.is_card else 2
        top = max(_TOP, strip_height(self._label_rows))
        self._surface.set_margins(self._group.gutter, top, right, self._foot)

    @property
    def _foot(self) -> int:
        return _TIMES_HEIGHT if self._style.has_times else _BOTTOM

    @property
    def _strip(self) -> Strip:
        area = self._surface.plot_area
        return Strip(area.left(), area.right(), area.top(), *self._range_s)

    @property
    def _range_s(self) -> tuple[float, float]:
        pixels = self._surface.plot_area.width() * self._surface.devicePixelRatioF()
        return on_whole_pixels(*self._group.range_s, pixels)

    @property
    def _labelled(self) -> tuple[Span, ...]:
        return self._content.spans if self._content.labels_spans else ()

    def _lay_out(self) -> None:
        """Take the rows that the labels need. While the range moves they stay, so that the plot does not jump."""
        metrics = QFontMetrics(self._theme.fonts.small)
        most = most_rows(self._surface.height() - self._foot)
        rows = rows_needed(self._strip, self._labelled, metrics, most=most)
        if rows != self._label_rows:
            self._label_rows = rows
            self._set_margins()
        else:
            self._refresh()

    def _repaint(self) -> None:
        self._surface.update_data()

    def _make_room(self, extra_height: int) -> None:
        self.setMinimumHeight(_LEAST_HEIGHT + extra_height)
        self.head_grown.emit(extra_height)

    def _connect(self) -> None:
        group, surface = self._group, self._surface
        self._head.grown.connect(self._make_room)
        surface.pointed.connect(group.point)
        surface.clicked.connect(group.play_head_requested)
        surface.zoomed.connect(group.zoom)
        surface.panned.connect(group.pan)
        surface.boxed.connect(group.draw_box)
        surface.reset_requested.connect(group.reset)
        surface.key_pressed.connect(self._on_key)
        surface.laid_out.connect(self._lay_out)
        group.view_changed.connect(self._refresh)
        group.gutter_changed.connect(self._set_margins)
        group.marks_changed.connect(self._refresh_marks)
        group.pointer_moved.connect(self._refresh_marks)
        self._theme.changed.connect(self._refresh)

    def _refresh(self) -> None:
        start, end = self._range_s
        area = self._surface.plot_area
        lines = self._content.lines
        low, high = extent_within(lines, start, end)
        if self._content.extent is not None:
            low, high = np.fmin(low, self._content.extent[0]), np.fmax(high, self._content.extent[1])
        axis = value_axis(
            float(low),
            float(high),
            lines[0].unit if lines else self._style.unit,
            intervals=max(1, round(area.height() / _PIXELS_PER_INTERVAL)),
            zero_based=self._style.zero_based,
        )
        words = QFontMetrics(self._theme.fonts.small)
        self._group.ask_gutter(_GUTTER_PADDING + max(words.horizontalAdvance(tick.words) for tick in axis.ticks))
        self._plot = PlotMap(self._surface.plot_area, start, end, axis)
        self._labels = place_labels(self._strip, self._labelled, words, rows=self._label_rows)
        self._surface.setBackground(QColor(self._theme.tokens.raised))
        self._surface.set_range(start, end, axis)
        self._put_into_words()
        self._refresh_marks()

    def _put_into_words(self) -> None:
        """Describe the chart where it shows something else than before, and not at each change of its size."""
        shown = (self._content, self._group.range_s)
        if shown != self._described:
            self._described = shown
            self._surface.setAccessibleDescription(safe_text(self.describe()))

    def _refresh_marks(self) -> None:
        lines = self._content.lines
        marks = self._group.marks
        at = marks.play_head_s if marks.pointer_s is None else marks.pointer_s
        self._head.set_entries(
            tuple(
                LegendEntry(
                    line.label,
                    self._value_words(line, at),
                    self._content.slot(number),
                    is_faint=line.is_ghost or self._content.stale is not None or self._content.is_faded(number),
                    is_chosen=line.is_chosen,
                )
                for number, line in enumerate(lines)
                if self._content.is_named(number)
            )
        )
        self._surface.marks.update()

    def _value_words(self, line: LineData, at_s: float | None) -> str:
        if line.is_ghost or len(line.times_s) == 0:
            return ""
        return self._write(value_at(line, float(line.times_s[-1]) if at_s is None else at_s), line.unit)

    def _paint_data(self, painter: QPainter) -> None:
        if self._plot is not None:
            self._layers.paint_data(painter, self._plot, self._content)
            paint_labels(painter, self._strip, self._labels, self._theme)

    def _paint_marks(self, painter: QPainter) -> None:
        if self._plot is not None:
            self._layers.paint_marks(painter, self._plot, self._content, self._group.marks)
            if self._surface.shows_focus:
                self._layers.paint_focus(painter, self._plot)

    def _tell(self, position: QPointF) -> str:
        told = spans_at(self._strip, self._content.spans, self._labels, position)
        return "\n".join(span_words(span, self._zone) for span in told)

    def _on_key(self, event: QKeyEvent) -> None:
        is_wide = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._keys.press(event.key(), self._content.lines, is_wide=is_wide):
            event.accept()
