"""Trying a connection out: the connector is asked once, within a limit, and whatever comes of it is said in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.connector import CheckReport, ConnectorContext, PreviewRow, SettingProblem
from quarterdeck.sdk.errors import Denied, UnexpectedReply, Unreachable
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.sdk.setting_kinds import SettingKind
from quarterdeck.sdk.texts import one_line, plain_text
from quarterdeck.services.connector_boundary import connector_boundary

if TYPE_CHECKING:
    from quarterdeck.sdk.manifest import Manifest

CHECK_SECONDS = 15.0
_LONGEST_WORDS = 1000
_LONGEST_NAME = 200
_MOST_ROWS = 200
_MS = 1000.0


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """What a test found. Not passed: `words` say what is wrong, `next_step` what to do, `problems` at which setting.

    Of a fault of the world the setting is the one to look at first: where the source is, or who asks.

    Passed: `words` say what was found, `preview` what would come, `remarks` what is worth knowing, `estimate` how much
    history would be fetched. `duration_ms` is how long the connector took.
    """

    passed: bool
    words: str
    next_step: str = ""
    duration_ms: float = 0.0
    preview: tuple[PreviewRow, ...] = ()
    remarks: tuple[str, ...] = ()
    estimate: str = ""
    problems: tuple[SettingProblem, ...] = ()


def run_check(
    loaded: LoadedConnector, context: ConnectorContext, *, seconds: float, stopwatch: Callable[[], float]
) -> ConnectionTest:
    """Ask a connector to check, for at most `seconds`; never raises. Must not be called inside a running loop."""
    started = stopwatch()
    try:
        with connector_boundary(loaded.manifest.id):
            report = asyncio.run(_bounded_check(loaded, context, seconds))
    except OperatorError as fault:
        failed = failed_test(fault, (stopwatch() - started) * _MS)
        key = setting_to_look_at(fault, loaded.manifest)
        return replace(failed, problems=(SettingProblem(key, failed.words),)) if key else failed
    return _passed_test(report, (stopwatch() - started) * _MS)


def failed_test(fault: OperatorError, duration_ms: float = 0.0) -> ConnectionTest:
    """A test that ended with a fault of the world."""
    return ConnectionTest(
        False, plain_text(fault.message, _LONGEST_WORDS), plain_text(fault.next_step, _LONGEST_WORDS), duration_ms
    )


def setting_to_look_at(fault: OperatorError, manifest: Manifest) -> str:
    """The key of the setting that a source's answer speaks of; empty where it speaks of none."""
    if isinstance(fault, Denied):
        return next((spec.key for spec in manifest.settings if spec.secret), "")
    if isinstance(fault, Unreachable | UnexpectedReply):
        places = (spec for spec in manifest.settings if spec.kind in {SettingKind.TEXT, SettingKind.FILE})
        return next((spec.key for spec in places if spec.required and not spec.secret), "")
    return ""


async def _bounded_check(loaded: LoadedConnector, context: ConnectorContext, seconds: float) -> CheckReport:
    checking = asyncio.ensure_future(loaded.connector.check(context))
    done, _ = await asyncio.wait({checking}, timeout=seconds)
    if not done:
        checking.cancel()
        message = f"No result within {seconds:g} s."
        raise Unreachable(message, "See whether the source is overloaded or the network is slow.")
    return checking.result()


def _passed_test(report: CheckReport, duration_ms: float) -> ConnectionTest:
    rows = tuple(
        PreviewRow(one_line(row.name, _LONGEST_NAME), one_line(row.meaning, _LONGEST_NAME), row.count)
        for row in report.preview[:_MOST_ROWS]
    )
    remarks = tuple(plain_text(remark, _LONGEST_WORDS) for remark in report.remarks)
    words, estimate = plain_text(report.words, _LONGEST_WORDS), plain_text(report.estimate, _LONGEST_WORDS)
    return ConnectionTest(True, words, "", duration_ms, rows, remarks, estimate)
