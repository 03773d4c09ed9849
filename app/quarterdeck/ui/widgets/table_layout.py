"""How wide the columns of a table are and how high its lines."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics

from quarterdeck.ui.theme.measures import ROW_HEIGHT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.columns import (
    ActionCells,
    Cells,
    ColumnSpec,
    NumberCells,
    ShareCells,
    SparkCells,
    StateCells,
    StripCells,
    TagCells,
    TextCells,
)
from quarterdeck.ui.widgets.row_feed import MANY_ROWS
from quarterdeck.ui.widgets.row_order import TableLines
from quarterdeck.ui.widgets.table_paint import CELL_PADDING, LINE_HEIGHT, MARK_ROOM, NOTE_GAP, wrap_two_lines

WRAPPING_ROWS = 400
_SAMPLED_ROWS = 120
_RESAMPLED_ROWS = 12
_WIDEST = 420
_MARK_WIDTH = 26
_SPARK_WIDTH = 102
_BAR_WIDTH = 150
_TAG_ROOM = 12
_ACTION_ROOM = 16
_ROUNDING = 2
_EASY_NAME = 200
_LEAST_NAME = 110
_MEASURED_FIGURES = 3
_WRAPPED_HEIGHT = 2 * LINE_HEIGHT + 5
_HEADING_HEIGHT = 27


def column_widths(
    specs: tuple[ColumnSpec, ...], asked: tuple[int, ...], room: int, chosen: dict[int, int]
) -> tuple[int, ...]:
    """A width for each column: what a person chose, else what was asked for, stretched columns sharing what is left.

    A stretched column is narrower than a quarter of what it asks for only where a person chose so. Names give way until
    stretched columns have half of it. One that gave way, and so asks for nothing, has no share.
    """
    fixed = [chosen.get(at, asked[at] if spec.stretch == 0 or at in chosen else 0) for at, spec in enumerate(specs)]
    over = sum(fixed) + sum(asked[at] // 2 for at, spec in enumerate(specs) if spec.stretch and at not in chosen) - room
    for at, spec in enumerate(specs):
        if over > 0 and spec.cut_in_middle and not spec.stretch and at not in chosen:
            given = min(over, max(0, fixed[at] - _LEAST_NAME))
            fixed[at], over = fixed[at] - given, over - given
    gone = {at for at, spec in enumerate(specs) if spec.yields and not asked[at]}
    shares = [0 if at in chosen or at in gone else spec.stretch for at, spec in enumerate(specs)]
    total = sum(shares)
    if total == 0:
        return tuple(fixed)
    left = max(0, room - sum(fixed))
    stretched = [max(asked[at] // 4, left * share // total) for at, share in enumerate(shares)]
    widths = [stretched[at] if share else fixed[at] for at, share in enumerate(shares)]
    slack = room - sum(widths)
    if slack > 0:
        widths[shares.index(max(shares))] += slack
    return tuple(widths)


def yielding_columns(
    specs: tuple[ColumnSpec, ...], asked: tuple[int, ...], room: int, chosen: dict[int, int]
) -> frozenset[int]:
    """Which columns give way because not all of them have room, the most yielding first.

    A column whose width a person chose stays. A stretched one is content with half of what it asks for, a name with
    what most names need.
    """
    least = [chosen.get(at, _easy_width(spec, asked[at])) for at, spec in enumerate(specs)]
    gone: set[int] = set()
    willing = sorted(
        (at for at, spec in enumerate(specs) if spec.yields and at not in chosen), key=lambda at: -specs[at].yields
    )
    for at in willing:
        if sum(least) - sum(least[at] for at in gone) <= room:
            break
        gone.add(at)
    return frozenset(gone)


def _easy_width(spec: ColumnSpec, asked: int) -> int:
    if spec.stretch:
        return asked // 2
    return min(asked, _EASY_NAME) if spec.cut_in_middle else asked


class CellMeasure:
    """Measures what columns ask for; long tables are judged by a sample.

    Very long ones are judged anew by a few other rows each time and only ever ask for more, so that their columns stay
    where they are while everything in them changes.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._known: dict[str, tuple[Cells, int]] = {}
        self._turn = 0

    def asked_width(self, spec: ColumnSpec, cells: Cells, title_width: int) -> int:
        """The width a column asks for: as specified, or to fit its title and what its cells say."""
        if spec.width is not None:
            is_figure = is_right_aligned(spec, cells) and not isinstance(cells, ActionCells)
            return max(spec.width, self._content(spec, cells)) if is_figure else spec.width
        return max(title_width, min(_WIDEST, self._content(spec, cells)))

    def _content(self, spec: ColumnSpec, cells: Cells) -> int:
        known = self._known.get(spec.key)
        if known is not None and known[0] is cells:
            return known[1]
        if known is None or min(_count(cells), _count(known[0])) < MANY_ROWS:
            content = self._sampled(spec, cells, _SAMPLED_ROWS, 0)
        else:
            self._turn += 1
            content = max(known[1], self._sampled(spec, cells, _RESAMPLED_ROWS, self._turn))
        self._known[spec.key] = (cells, content)
        return content

    def text_width(self, spec: ColumnSpec, text: str) -> int:
        """How wide a text is in a column, in pixels."""
        return self._metrics(spec).horizontalAdvance(text)

    def line_height(self, specs: tuple[ColumnSpec, ...], widths: tuple[int, ...], lines: TableLines, line: int) -> int:
        """How high a line is, given the widths of the columns."""
        if lines.group_at(line) is not None:
            return _HEADING_HEIGHT
        if len(lines.rows) > WRAPPING_ROWS:
            return ROW_HEIGHT
        row = lines.row_of(line)
        for at, spec in enumerate(specs):
            cells = lines.data.cells[at]
            if spec.wraps and isinstance(cells, TextCells):
                metrics = self._metrics(spec)
                if len(wrap_two_lines(metrics, cells.text(row), widths[at] - 2 * CELL_PADDING)) > 1:
                    return _WRAPPED_HEIGHT
        return ROW_HEIGHT

    def _sampled(self, spec: ColumnSpec, cells: Cells, wanted: int, turn: int) -> int:
        if isinstance(cells, SparkCells):
            return _SPARK_WIDTH
        if isinstance(cells, (ShareCells, StripCells)):
            return _BAR_WIDTH
        if isinstance(cells, StateCells) and not cells.words:
            return _MARK_WIDTH
        metrics = self._metrics(spec)
        step = max(1, _count(cells) // wanted)
        texts = [cells.text(row) for row in range(turn % step, _count(cells), step)]
        if is_right_aligned(spec, cells):
            # All digits are equally wide, so that few of the longest tell the widest.
            texts = sorted(texts, key=len)[-_MEASURED_FIGURES:]
        widest = max(map(metrics.horizontalAdvance, texts), default=0)
        return widest + 2 * CELL_PADDING + self._extra(cells) + _ROUNDING

    @staticmethod
    def _extra(cells: Cells) -> int:
        if isinstance(cells, ActionCells):
            return _ACTION_ROOM
        if isinstance(cells, TagCells):
            return _TAG_ROOM
        if isinstance(cells, TextCells) and cells.notes:
            return NOTE_GAP
        return MARK_ROOM if isinstance(cells, StateCells) else 0

    def _metrics(self, spec: ColumnSpec) -> QFontMetrics:
        return QFontMetrics(self._theme.fonts.medium if spec.is_strong else self._theme.fonts.body)


def _count(cells: Cells) -> int:
    if isinstance(cells, StateCells):
        return len(cells.states)
    if isinstance(cells, StripCells):
        return len(cells.strips)
    return len(cells.lines if isinstance(cells, SparkCells) else cells.values)


def is_right_aligned(spec: ColumnSpec, cells: Cells) -> bool:
    """Whether a column stands at the right: numbers do, and what is specified so."""
    return spec.is_right or isinstance(cells, (NumberCells, ActionCells))
