"""A status page's settings, judged and read."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

import httpx

from quarterdeck.sdk.access import credential_headers, limits_of
from quarterdeck.sdk.connector import ConnectionSettings, SettingProblem
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.http import HttpLimits
from quarterdeck.sdk.validation import address_problems, entity_problems, header_problems, is_entity_key

SUMMARY_PATH = "/api/v2/summary.json"
INCIDENTS_PATH = "/api/v2/incidents.json"
MAINTENANCES_PATH = "/api/v2/scheduled-maintenances.json"
_API = "/api/v2/"


@dataclass(frozen=True, slots=True)
class ComponentRule:
    """Which components (a name, `*` for anything) tell of which entity."""

    pattern: str
    entity_key: str

    def fits(self, name: str) -> bool:
        """Whether a component of this name is meant; capital letters do not matter."""
        return fnmatchcase(name.lower(), self.pattern.lower())


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Everything a status page is told, in its own types."""

    summary_address: str
    incidents_address: str
    maintenances_address: str
    entity_key: str
    rules: tuple[ComponentRule, ...]
    headers: dict[str, str]
    limits: HttpLimits


def read_settings(settings: ConnectionSettings) -> PageSettings:
    """The settings of one page. Raises Misconfigured with the first problem."""
    for problem in problems_of(settings):
        raise Misconfigured(f"The page cannot be read: {problem.words}", "Correct it in the connection's settings.")
    address = httpx.URL(settings.text("address"))
    return PageSettings(
        summary_address=_api_address(address, SUMMARY_PATH),
        incidents_address=_api_address(address, INCIDENTS_PATH, is_replaced=True),
        maintenances_address=_api_address(address, MAINTENANCES_PATH, is_replaced=True),
        entity_key=settings.text("entity"),
        rules=parse_rules(settings.text("components")),
        headers=credential_headers(settings),
        limits=limits_of(settings),
    )


def problems_of(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    """What cannot stand in the settings beyond what the manifest judges; nothing is connected to."""
    return (
        *address_problems(settings),
        *entity_problems(settings),
        *header_problems(settings),
        *_component_problems(settings),
    )


def parse_rules(text: str) -> tuple[ComponentRule, ...]:
    """Rules from lines `component => entity`. Raises ValueError naming the line."""
    rules: list[ComponentRule] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        pattern, _, key = (part.strip() for part in line.rpartition("=>"))
        if not pattern or not is_entity_key(key):
            message = f"line {number} is not written as: component => entity, such as Payments API => partner/payhub"
            raise ValueError(message)
        rules.append(ComponentRule(pattern, key))
    return tuple(rules)


def _component_problems(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    try:
        parse_rules(settings.text("components"))
    except ValueError as fault:
        words = str(fault)
        return (SettingProblem("components", f"{words[:1].upper()}{words[1:]}."),)
    return ()


def _api_address(address: httpx.URL, path: str, *, is_replaced: bool = False) -> str:
    """The address of an answer of the page's API: as given when it is one already, else below what is given."""
    here = address.path
    if here.endswith(".json") and not is_replaced:
        return str(address)
    before = here.partition(_API)[0] if _API in here else here
    return str(address.copy_with(path=before.rstrip("/") + path))
