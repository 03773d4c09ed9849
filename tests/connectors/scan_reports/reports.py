"""What the tests of scan reports share: polls of a folder, and small reports to put there."""

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

from quarterdeck.connectors.scan_reports.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.connector import ConnectorContext
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.testing import MOMENT, Collected, StandingClock, collect_all, context_for, settings_for

MANIFEST = load_manifest(files("quarterdeck.connectors.scan_reports") / "manifest.toml")
ENTITY = "service/payments-api"


def result(rule: str = "R1", text: str = "Found.", **more: Any) -> dict[str, Any]:
    """A result of a SARIF report."""
    return {"ruleId": rule, "message": {"text": text}, **more}


def run(*results: dict[str, Any], rules: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    """A run of a made-up scanner."""
    return {"tool": {"driver": {"name": "Scanner", "rules": list(rules)}}, "results": list(results), **more}


def sarif(*runs: dict[str, Any]) -> dict[str, Any]:
    """A whole SARIF report."""
    return {"version": "2.1.0", "runs": list(runs)}


def write(path: Path, content: object, *, age_seconds: float = 3600.0) -> Path:
    """Write a report that was left alone for so long; what is no bytes is written as JSON."""
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    written = MOMENT.timestamp() - age_seconds
    os.utime(path, (written, written))
    return path


def context(path: object, clock: StandingClock | None = None, **settings: SettingValue) -> ConnectorContext:
    """A context in which reports are read from a path."""
    return context_for(settings_for(MANIFEST, {"path": str(path), "entity": ENTITY, **settings}), clock=clock)


async def polled(path: object, *, cursor: str | None = None, **settings: SettingValue) -> Collected:
    """One poll of a path."""
    return await collect_all(Source(), context(path, None, **settings), cursor=cursor)
