"""A scrape's settings, judged and read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from quarterdeck.connectors.openmetrics.rules import Rule, parse_rules
from quarterdeck.connectors.openmetrics.scene import Placed
from quarterdeck.domain.facts import Facts
from quarterdeck.sdk.access import credential_headers, limits_of
from quarterdeck.sdk.connector import ConnectionSettings, SettingProblem
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.http import HttpLimits
from quarterdeck.sdk.validation import address_problems, entity_key, entity_problems, header_problems

_PATTERN = re.compile(r"[A-Za-z0-9_:*?]+")
_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


@dataclass(frozen=True, slots=True)
class ScrapeSettings:
    """Everything a scrape is told, in its own types."""

    address: str
    entity_key: str
    entity_label: str
    entity_kind: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    rules: tuple[Rule, ...]
    take_rest: bool
    series_limit: int
    headers: dict[str, str]
    limits: HttpLimits

    def takes(self, name: str) -> bool:
        """Whether metrics of this name are wanted."""
        wanted = not self.include or any(fnmatchcase(name, pattern) for pattern in self.include)
        return wanted and not any(fnmatchcase(name, pattern) for pattern in self.exclude)

    def place(self, labels: Facts) -> Placed | None:
        """Whose a reading with these labels is, and the labels that remain; None when it is nobody's."""
        if not self.entity_label:
            return Placed(self.entity_key, labels)
        told = next((value for name, value in labels if name == self.entity_label), "")
        key = entity_key(told, self.entity_kind) or self.entity_key
        remaining = tuple(pair for pair in labels if pair[0] != self.entity_label)
        return Placed(key, remaining) if key else None


def read_settings(settings: ConnectionSettings) -> ScrapeSettings:
    """The settings of one scrape. Raises Misconfigured with the first problem."""
    for problem in problems_of(settings):
        raise Misconfigured(f"The scrape cannot run: {problem.words}", "Correct it in the connection's settings.")
    return ScrapeSettings(
        address=settings.text("address"),
        entity_key=settings.text("entity"),
        entity_label=settings.text("entity_label"),
        entity_kind=settings.text("entity_kind"),
        include=_patterns(settings.text("include")),
        exclude=_patterns(settings.text("exclude")),
        rules=parse_rules(settings.text("meanings")),
        take_rest=settings.flag("take_rest"),
        series_limit=int(settings.number("series_limit")),
        headers=credential_headers(settings),
        limits=limits_of(settings),
    )


def problems_of(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    """What cannot stand in the settings beyond what the manifest judges; nothing is connected to."""
    return (
        *address_problems(settings),
        *entity_problems(settings),
        *header_problems(settings),
        *_nobody(settings),
        *_label_problem(settings),
        *_pattern_problems(settings),
        *_rule_problems(settings),
    )


def _nobody(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    if settings.text("entity") or settings.text("entity_label"):
        return ()
    return (SettingProblem("entity", "Say whose series these are: by an entity, or by a label that names it."),)


def _label_problem(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    label = settings.text("entity_label")
    if not label or _LABEL.fullmatch(label):
        return ()
    return (SettingProblem("entity_label", "Write the name of a label, such as service."),)


def _pattern_problems(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    return tuple(
        SettingProblem(key, "Write names of metrics, with * for anything, separated by blanks.")
        for key in ("include", "exclude")
        if not all(_PATTERN.fullmatch(pattern) for pattern in _patterns(settings.text(key)))
    )


def _rule_problems(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    try:
        parse_rules(settings.text("meanings"))
    except ValueError as fault:
        words = str(fault)
        return (SettingProblem("meanings", f"{words[:1].upper()}{words[1:]}."),)
    return ()


def _patterns(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())
