"""The settings of a place where reports lie, judged and read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from quarterdeck.sdk.access import credential_headers, limits_of
from quarterdeck.sdk.connector import ConnectionSettings, SettingProblem
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.http import HttpLimits
from quarterdeck.sdk.validation import address_problems, entity_problems, header_problems

_CORRECT = "Correct it in the connection's settings."


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """Whom reports are about, and where they lie: at a path or, with an empty path, at an address."""

    entity_key: str
    path: str
    address: str
    settle_seconds: float
    headers: dict[str, str]
    limits: HttpLimits


def read_settings(settings: ConnectionSettings) -> ReportSettings:
    """The settings of one connection. Raises Misconfigured with the first problem."""
    for problem in problems_of(settings):
        raise Misconfigured(f"The reports cannot be read: {problem.words}", _CORRECT)
    return ReportSettings(
        entity_key=settings.text("entity"),
        path=settings.text("path"),
        address=settings.text("address"),
        settle_seconds=settings.number("settle_seconds"),
        headers=credential_headers(settings),
        limits=limits_of(settings),
    )


def problems_of(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    """What is wrong with the settings beyond what the manifest judges."""
    return (
        *entity_problems(settings),
        *_place_problems(settings.text("path"), settings.text("address")),
        *address_problems(settings),
        *header_problems(settings),
    )


def _place_problems(path: str, address: str) -> tuple[SettingProblem, ...]:
    if path and address:
        return (SettingProblem("address", "Give a path or an address, not both."),)
    if not path and not address:
        return (SettingProblem("path", "Give the path of a file or folder, or an address."),)
    if path and not (PurePath(path).is_absolute() and path.isprintable()):
        return (SettingProblem("path", "Give the whole path, from / on."),)
    return ()
