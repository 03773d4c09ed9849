"""How a test ended, in words. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.connector import SettingProblem
from quarterdeck.services.connection_tests import CHECK_SECONDS, ConnectionTest
from quarterdeck.ui.panels.connectors.state import PreviewLine, TestWords

Translate = Callable[[str], str]

_SECOND_MS = 1000.0
_NO_LABELS: Mapping[str, str] = {}


def testing_words(tr: Translate) -> TestWords:
    """A test is under way."""
    words = tr("It takes {seconds} s at most. Nothing is stored.").format(seconds=f"{CHECK_SECONDS:g}")
    return TestWords(HealthState.UNKNOWN, tr("Testing"), words)


def words_of_test(test: ConnectionTest, tr: Translate, labels: Mapping[str, str] = _NO_LABELS) -> TestWords:
    """A test has ended; `labels` are those of the form's fields, by key."""
    took = _took(test.duration_ms)
    if not test.passed:
        title = tr("Test failed after {time}").format(time=took) if test.duration_ms else tr("Test failed")
        title = _with_field(title, test.problems, labels, tr)
        return TestWords(HealthState.DOWN, title, test.words, test.next_step, faults=_faults(test.problems))
    return TestWords(
        HealthState.HEALTHY,
        tr("Test passed in {time}").format(time=took),
        test.words,
        remarks=test.remarks,
        estimate=test.estimate,
        preview=tuple(PreviewLine(row.name, _preview_note(row.meaning, row.count, tr)) for row in test.preview),
    )


def words_of_problems(
    problems: tuple[SettingProblem, ...], tr: Translate, labels: Mapping[str, str] = _NO_LABELS
) -> TestWords:
    """Nothing was stored, for what is wrong with these settings; `labels` as for a test."""
    whole = " ".join(problem.words for problem in problems if not problem.key)
    title = _with_field(tr("Not saved yet"), problems, labels, tr)
    return TestWords(HealthState.DOWN, title, whole or tr("Some settings cannot stand."), faults=_faults(problems))


def words_of_fault(error: OperatorError, tr: Translate) -> TestWords:
    """Nothing was stored, for the world did not let it."""
    return TestWords(HealthState.DOWN, tr("Not saved"), error.message, error.next_step)


def _faults(problems: tuple[SettingProblem, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((problem.key, problem.words) for problem in problems)


def _with_field(title: str, problems: tuple[SettingProblem, ...], labels: Mapping[str, str], tr: Translate) -> str:
    """A title that names the first field at fault, which is the one that gets the keyboard."""
    at_fault = {problem.key for problem in problems}
    field = next((label for key, label in labels.items() if key in at_fault), "")
    return tr("{title}: {field}").format(title=title, field=field) if field else title


def _took(duration_ms: float) -> str:
    return f"{duration_ms:.0f} ms" if duration_ms < _SECOND_MS else f"{duration_ms / _SECOND_MS:.1f} s"


def _preview_note(meaning: str, count: int, tr: Translate) -> str:
    words = tr("as it is") if meaning == Meaning.OTHER else meaning.replace("_", " ")
    return f"{words} · {count:,}" if words else f"{count:,}"
