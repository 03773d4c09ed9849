"""Everything the Connectors panel draws, in words: immutable, comparable, without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.tokens import Tone


@dataclass(frozen=True, slots=True)
class Line:
    """A label and its value."""

    label: str
    value: str
    tone: Tone = Tone.TEXT


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One row of the table.

    `state` is None for a connection that is disabled. `age_seconds` and `series_count` sort, and are NaN where there is
    nothing to tell; `tip` says all that `words` may have no room for.
    """

    id: str
    name: str
    state: HealthState | None
    kind: str
    polls: str
    poll_seconds: float
    last_good: str
    last_good_exact: str
    age_seconds: float
    series_count: float
    gaps: str
    gap_count: float
    words: str
    tip: str
    tone: Tone = Tone.SECONDARY

    @property
    def has_gaps(self) -> bool:
        """Whether the gaps are worth a colour."""
        return self.gap_count > 0


class Coverage(StrEnum):
    """What a stretch of the bars says: a gap that is over is dark, one that still lasts is outlined."""

    RECEIVED = "received"
    LATE = "late"
    GAP = "gap"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class CoverageStretch:
    """A stretch of one bar in seconds since the epoch, and its tool tip."""

    start_s: float
    end_s: float
    kind: Coverage
    words: str


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One connection's bar, and the whole of it as a sentence."""

    name: str
    stretches: tuple[CoverageStretch, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One connection by itself.

    `headline` says how it does, `next_step` what to do; `managed` says who declares it and what can be changed here,
    empty for one that was added by hand. `can_edit` is False where nothing of it is set here.
    """

    id: str
    name: str
    kind: str
    state: HealthState | None
    headline: str
    words: str
    next_step: str
    facts: tuple[Line, ...]
    managed: str = ""
    can_edit: bool = True
    is_enabled: bool = True

    @property
    def can_remove(self) -> bool:
        """Whether it can be removed here."""
        return not self.managed


@dataclass(frozen=True, slots=True)
class ConnectorsState:
    """The whole list.

    `remark` is said above it: that nobody collects, or that the play-head is in the past. `attention_count` and `worst`
    are the rail's; `worst` is a HealthState's value, empty when nothing wants attention.
    """

    rows: tuple[SourceLine, ...]
    details: tuple[Detail, ...]
    coverage: tuple[CoverageLine, ...]
    coverage_start_s: float
    coverage_end_s: float
    attention_count: int
    worst: str
    remark: str = ""

    def detail(self, connection_id: str) -> Detail | None:
        """One connection by itself, if it is there."""
        return next((detail for detail in self.details if detail.id == connection_id), None)


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: a sentence, what to do about it, and the verb on the button."""

    sentence: str
    explanation: str
    button: str
    is_failure: bool = False


@dataclass(frozen=True, slots=True)
class KindWords:
    """One kind of connector that can be added."""

    id: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class KindsState:
    """The kinds by title, and a sentence for every installed connector that cannot be read."""

    kinds: tuple[KindWords, ...]
    faults: tuple[str, ...] = ()


FieldValue = str | int | float | bool


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One field of a generated form; `kind` is one of a manifest's kinds of setting.

    `keeps` marks a secret that is kept already and stays as it is while its field is empty. `is_tested` says whether a
    test of the connection tells anything about it.
    """

    key: str
    label: str
    hint: str = ""
    kind: str = "text"
    is_required: bool = False
    is_secret: bool = False
    choices: tuple[str, ...] = ()
    default: FieldValue | None = None
    minimum: float | None = None
    maximum: float | None = None
    placeholder: str = ""
    is_advanced: bool = False
    keeps: bool = False
    is_tested: bool = True


@dataclass(frozen=True, slots=True)
class FormState:
    """A form to add a connection of a kind, or to edit one.

    `key` tells forms apart. `remark` says what cannot be changed here; `fixed` shows that, in words.
    """

    key: str
    connector_id: str
    connection_id: str
    title: str
    summary: str
    fields: tuple[FieldWords, ...]
    values: tuple[tuple[str, FieldValue], ...]
    save_verb: str
    remark: str = ""
    fixed: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line of what would come: a source's own name, and what and how much it is."""

    name: str
    note: str


@dataclass(frozen=True, slots=True)
class TestWords:
    """How a test or an attempt to save ended, or that it is under way (`state` unknown).

    `faults` belong to fields by key. `estimate` is said at the field that asks for history, if there is one.
    """

    __test__ = False

    state: HealthState
    title: str
    words: str = ""
    next_step: str = ""
    remarks: tuple[str, ...] = ()
    estimate: str = ""
    preview: tuple[PreviewLine, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
