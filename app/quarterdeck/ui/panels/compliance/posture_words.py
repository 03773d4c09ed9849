"""Security, data and partners in words: pure functions from an answer of the services to what is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.services.moments import Moment
from quarterdeck.services.posture import Figure, PostureRow, PostureTable, PostureView
from quarterdeck.services.posture_reader import FigureEvidence
from quarterdeck.ui.panels.compliance.chart_words import chart_offer
from quarterdeck.ui.panels.compliance.finding_words import evidence_words
from quarterdeck.ui.panels.compliance.posture_state import PostureCell, PostureDetail, PostureLine, PostureState
from quarterdeck.ui.panels.compliance.state import EvidenceWords, FactWords, PageMessage
from quarterdeck.ui.panels.compliance.words import Translate
from quarterdeck.ui.theme.tokens import Tone

_SHORT = frozenset({"Criticality", "Findings"})
_TONES = {HealthState.DOWN: Tone.DOWN, HealthState.DEGRADED: Tone.DEGRADED}


def posture_page(table: PostureTable, moment: Moment, tr: Translate) -> PostureState | PageMessage:
    """One view as of a moment, or what would stand there where nothing is declared."""
    if not table.rows:
        return PageMessage(*_nothing(table.view, tr))
    local = moment.at.astimezone().strftime("%Y-%m-%d %H:%M")
    rows = tr("{count} rows") if len(table.rows) != 1 else tr("{count} row")
    counted = tr("{unknown} of {total} figures not known")
    return PostureState(
        shape=(table.view, table.subject),
        subject=subject_words(table.view, table.subject, tr),
        columns=tuple(column_words(column, tr) for column in table.columns),
        lines=tuple(_line(row, tr) for row in table.rows),
        summary=" · ".join(
            (
                rows.format(count=len(table.rows)),
                counted.format(unknown=table.unknown_count, total=table.figure_count),
            )
        ),
        short=frozenset(number for number, column in enumerate(table.columns) if column in _SHORT),
        as_of="" if moment.live else tr("As of {time}").format(time=local),
    )


def subject_words(view: PostureView, subject: str, tr: Translate) -> str:
    """What a row is, as the title of its column."""
    if view is PostureView.PARTNERS:
        return tr("Partner")
    if view is PostureView.DATA:
        return tr("Relation")
    return tr("Integration") if subject == "Integration" else tr("Service")


def column_words(column: str, tr: Translate) -> str:
    """The title of a column."""
    return {
        "Certificate": tr("Certificate"),
        "Chain": tr("Chain"),
        "Protocol": tr("Protocol"),
        "Keys": tr("Keys"),
        "Exposure": tr("Exposure"),
        "Scanners": tr("Scanners"),
        "Data class": tr("Data class"),
        "Protected by": tr("Protected by"),
        "Kept for": tr("Kept for"),
        "Who may see": tr("Who may see"),
        "Access reviewed": tr("Access reviewed"),
        "Known by": tr("Known by"),
        "Criticality": tr("Criticality"),
        "Substitutable": tr("Substitutable"),
        "Findings": tr("Findings"),
        "Risks": tr("Risks"),
        "Ends next": tr("Ends next"),
        "Falls with it": tr("Falls with it"),
        "Claims right": tr("Claims right"),
    }[column]


def posture_detail(row: PostureRow, told: Sequence[FigureEvidence], at: datetime, tr: Translate) -> PostureDetail:
    """One subject with the evidence behind each figure; evidence that several rest on stands under the first."""
    mark = _worst(figure.state for figure in row.figures)
    blocks: list[EvidenceWords] = []
    shown: set[int] = set()
    for each in told:
        figure = each.figure
        numbers = ", ".join(str(record.id) for record in each.records)
        facts = [FactWords(tr("Found"), figure.words or tr("not known"), _tone(figure))]
        facts += [FactWords(tr("Judged by"), "\n".join(one.words for one in figure.judged_by))]
        facts += [FactWords(tr("Known by"), figure.told_by), FactWords(tr("Evidence"), numbers or tr("none on record"))]
        blocks.append(EvidenceWords(column_words(figure.label, tr), tuple(fact for fact in facts if fact.value)))
        blocks += _new_evidence(each, shown, at, tr)
    unknown = sum(not figure.is_known for figure in row.figures)
    words = tr("{unknown} of {total} figures not known").format(unknown=unknown, total=len(row.figures))
    return PostureDetail(row.id, row.entity_key, row.name, mark, words, tuple(blocks))


def _new_evidence(each: FigureEvidence, shown: set[int], at: datetime, tr: Translate) -> Iterator[EvidenceWords]:
    for record, chart in zip(each.records, each.charts, strict=True):
        if record.id not in shown:
            shown.add(record.id)
            words = evidence_words(record, at, tr)
            subject = FactWords(tr("About"), record.entity_key)
            yield EvidenceWords(words.title, (subject, *words.facts), chart_offer(chart, record, at, tr))


def _nothing(view: PostureView, tr: Translate) -> tuple[str, str]:
    if view is PostureView.PARTNERS:
        return tr("No partner is declared"), tr(
            "Here stands how critical each partner is, what is open about it and what falls with it. Declare partners "
            "in an estate document."
        )
    if view is PostureView.DATA:
        return tr("No relation is declared or seen"), tr(
            "Here stands which data each relation carries, how long they are kept and who may see them."
        )
    return tr("Nothing of this kind is declared"), tr(
        "Here stand certificates, protocols, keys, exposure and what scanners found, with the evidence of each."
    )


def _line(row: PostureRow, tr: Translate) -> PostureLine:
    return PostureLine(
        id=row.id,
        entity_key=row.entity_key,
        name=row.name,
        group=row.group or tr("No domain"),
        mark=_worst(figure.state for figure in row.figures),
        cells=tuple(_cell(figure, tr) for figure in row.figures),
    )


def _cell(figure: Figure, tr: Translate) -> PostureCell:
    judged = "\n".join(one.words for one in figure.judged_by)
    return PostureCell(
        words=figure.words or tr("not known"),
        mark=figure.state if figure.is_known or figure.state is not None else HealthState.UNKNOWN,
        is_known=figure.is_known,
        tip="\n".join(part for part in (figure.words, figure.told_by, judged) if part),
        rank=figure.rank,
    )


def _worst(states: Iterable[HealthState | None]) -> HealthState:
    known = [state for state in states if state is not None]
    return max(known, key=SEVERITY.__getitem__, default=HealthState.UNKNOWN)


def _tone(figure: Figure) -> Tone:
    if not figure.is_known:
        return Tone.SECONDARY
    return Tone.TEXT if figure.state is None else _TONES.get(figure.state, Tone.TEXT)
