"""How a test ended, in words. Pure functions."""

from __future__ import annotations

from collections.abc import Callable

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.sdk.connector import SettingProblem
from quarterdeck.services.connection_tests import CHECK_SECONDS, ConnectionTest
from quarterdeck.ui.panels.connectors.state import PreviewLine, TestWords

Translate = Callable[[str], str]

_SECOND_MS = 1000.0


def testing_words(tr: Translate) -> TestWords:
    """A test is under way."""
    words = tr("It takes {seconds} s at most. Nothing is stored.").format(seconds=f"{CHECK_SECONDS:g}")
    return TestWords(HealthState.UNKNOWN, tr("Testing"), words)


def words_of_test(test: ConnectionTest, tr: Translate) -> TestWords:
    """A test has ended."""
    took = _took(test.duration_ms)
    if not test.passed:
        title = tr("Test failed after {time}").format(time=took) if test.duration_ms else tr("Test failed")
        faults = tuple((problem.key, problem.words) for problem in test.problems)
        return TestWords(HealthState.DOWN, title, test.words, test.next_step, faults=faults)
    return TestWords(
        HealthState.HEALTHY,
        tr("Test passed in {time}").format(time=took),
        test.words,
        remarks=test.remarks,
        estimate=test.estimate,
        preview=tuple(PreviewLine(row.name, _preview_note(row.meaning, row.count)) for row in test.preview),
    )


def words_of_problems(problems: tuple[SettingProblem, ...], tr: Translate) -> TestWords:
    """Nothing was stored, for what is wrong with these settings."""
    faults = tuple((problem.key, problem.words) for problem in problems)
    whole = " ".join(problem.words for problem in problems if not problem.key)
    return TestWords(HealthState.DOWN, tr("Not saved yet"), whole or tr("Some settings cannot stand."), faults=faults)


def words_of_fault(error: OperatorError, tr: Translate) -> TestWords:
    """Nothing was stored, for the world did not let it."""
    return TestWords(HealthState.DOWN, tr("Not saved"), error.message, error.next_step)


def _took(duration_ms: float) -> str:
    return f"{duration_ms:.0f} ms" if duration_ms < _SECOND_MS else f"{duration_ms / _SECOND_MS:.1f} s"


def _preview_note(meaning: str, count: int) -> str:
    words = meaning.replace("_", " ")
    return f"{words} · {count:,}" if words else f"{count:,}"
