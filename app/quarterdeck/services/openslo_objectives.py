"""OpenSLO documents as objectives of services: SLO, SLI, Service and DataSource, version 1 of the specification."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quarterdeck.domain.objectives import Budgeting, Comparison, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.sdk.documents.section import LONGEST_TEXT, Section, did_you_mean
from quarterdeck.sdk.documents.tree import DocumentFault, Node, Scalar, quoted
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.foreign_documents import ForeignDocument, node_at
from quarterdeck.services.openslo_indicators import indicator_of

FORM = "openslo/v1"
_NOT_TAKEN = {
    "AlertPolicy": "no alert follows from an objective yet; its name stays with the objectives that name it",
    "AlertCondition": "no alert follows from an objective yet",
    "AlertNotificationTarget": "no alert follows from an objective yet",
}
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", re.ASCII)
_DURATION = re.compile(r"([1-9][0-9]{0,4})([mhdwMQY])", re.ASCII)
_STARTS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?", re.ASCII)
_UNITS = {
    "m": WindowUnit.MINUTE,
    "h": WindowUnit.HOUR,
    "d": WindowUnit.DAY,
    "w": WindowUnit.WEEK,
    "M": WindowUnit.MONTH,
    "Q": WindowUnit.QUARTER,
    "Y": WindowUnit.YEAR,
}
_SECONDS = {"m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_METHODS = {
    "Occurrences": Budgeting.OCCURRENCES,
    "Timeslices": Budgeting.TIMESLICES,
    "RatioTimeslices": Budgeting.RATIO_TIMESLICES,
}
_LARGEST_BOUND = 1e15
_MINUTE_SECONDS = 60.0


@dataclass(slots=True)
class ServiceLevels:
    """The documents so far, by kind and name; documents of other kinds than are taken are remarked."""

    documents: dict[tuple[str, str], ForeignDocument] = field(default_factory=dict[tuple[str, str], ForeignDocument])

    def add(self, document: ForeignDocument) -> None:
        """Take a document in; what is wrong with it is noted there."""
        if document.form != FORM:
            words = f"{quoted(document.form)} is not read; this console reads {FORM}."
            document.faults.add(DocumentFault(document.node, words, "Rewrite it in version 1, and import again."))
        elif document.kind in _NOT_TAKEN:
            document.remark(document.node, f"kind {document.kind} is not taken: {_NOT_TAKEN[document.kind]}.")
        elif document.kind not in {"Service", "SLO", "SLI", "DataSource"}:
            document.remark(document.node, f"kind {quoted(document.kind)} is not taken: OpenSLO has no such kind.")
        else:
            name = document.metadata.name("name", _NAME.fullmatch, "payments-availability")
            first = self.documents.setdefault((document.kind, name), document) if name else document
            if first is not document:
                words = f"{document.kind} {name} stands a second time; first in {first.file}, line {first.node.line}."
                document.faults.add(DocumentFault(document.node, words))
            if document.kind == "DataSource":
                words = "its address and login are not taken; add a connection under Connectors. Its name is kept."
                document.remark(document.node, words)

    def of_kind(self, kind: str) -> Iterator[tuple[str, ForeignDocument]]:
        """The documents of a kind by their names."""
        return ((name, document) for (found, name), document in self.documents.items() if found == kind)

    def service_of(self, document: ForeignDocument) -> str:
        """The service an SLO is about; empty with a fault noted when it names none."""
        return document.spec.name("service", _NAME.fullmatch, "payments")

    def objectives_of(self, name: str, document: ForeignDocument) -> tuple[Objective, ...]:
        """The objectives that an SLO declares. What is wrong with one is noted in its document."""
        window = _window(document)
        objectives = document.spec.listing("objectives")
        if not objectives:
            document.faults.add(document.spec.fault("an SLO needs objectives.", "objectives"))
        found: list[Objective] = []
        for number, node in enumerate(objectives, start=1):
            with document.faults:
                called = name if len(objectives) == 1 else f"{name}.{number}"
                objective = self._objective(called, node, document, window)
                if objective is not None:
                    found.append(objective)
        return tuple(found)

    def _objective(self, name: str, node: Node, document: ForeignDocument, window: Window | None) -> Objective | None:
        section = Section(node, "an objective", None, document.faults)
        indicator = indicator_of(self._indicator_node(node, document), document, self._sources())
        target, bound = _target(section), section.number("value", -_LARGEST_BOUND, _LARGEST_BOUND)
        comparison = section.choice("op", Comparison) if section.text("op") else None
        if indicator.kind is IndicatorKind.THRESHOLD and (comparison is None or bound is None):
            raise DocumentFault(node, "an objective of a thresholdMetric says op and value.")
        budgeting = _budgeting(document)
        is_sliced = budgeting is not Budgeting.OCCURRENCES
        if window is None or target is None:
            return None
        return Objective(
            name=name,
            target=target,
            window=window,
            indicator=indicator,
            title=_title(section, document),
            budgeting=budgeting,
            comparison=comparison,
            bound=bound,
            slice_target=section.number("timeSliceTarget", 0, 1) if is_sliced else None,
            slice_seconds=_slice_seconds(section) if is_sliced else None,
            alert_policies=tuple(_policies(document)),
        )

    def _indicator_node(self, node: Node, document: ForeignDocument) -> Node:
        """What declares the indicator: the objective itself, the SLO, or the SLI that one of them names."""
        for holder in (node, document.spec.node):
            inline, reference = node_at(holder, "indicator"), node_at(holder, "indicatorRef")
            if inline is not None:
                return node_at(inline, "spec") or inline
            if isinstance(reference, Scalar):
                declared = self.documents.get(("SLI", reference.text))
                if declared is None:
                    known = tuple(name for name, _ in self.of_kind("SLI"))
                    hint = did_you_mean(reference.text, known, document.faults)
                    words = f"the SLI {quoted(reference.text)} is in none of the files.{hint}"
                    raise DocumentFault(reference, words)
                return declared.spec.node
        raise DocumentFault(document.node, "an SLO needs an indicator or an indicatorRef.")

    def _sources(self) -> dict[str, str]:
        return {
            name: one_line(document.kept_text(document.spec, "type", LONGEST_TEXT))
            for name, document in self.of_kind("DataSource")
        }


def _target(section: Section) -> float | None:
    target, percent = section.number("target", 0, 1), section.number("targetPercent", 0, 100)
    told = [node for key in ("target", "targetPercent") if (node := node_at(section.node, key)) is not None]
    if len(told) != 1:
        raise section.fault("an objective has either target or targetPercent.")
    return target if percent is None else round(percent / 100, 12)


def _window(document: ForeignDocument) -> Window | None:
    """The window of an SLO; None with a remark or a fault noted where there is none that can be kept."""
    nodes = document.spec.listing("timeWindow")
    if len(nodes) == 0:
        document.remark(document.node, "its objectives are not taken: it has no timeWindow, so over what is not said.")
        return None
    with document.faults:
        if len(nodes) > 1:
            raise DocumentFault(nodes[1], "timeWindow has exactly one item.")
        section = Section(nodes[0], "a timeWindow", None, document.faults)
        text = section.text("duration", required=True)
        match = _DURATION.fullmatch(text)
        if match is None:
            raise section.fault(f"{quoted(text)} is no duration; one looks like 28d or 1M.", "duration")
        starts, zone = _calendar(section, document)
        return Window(int(match[1]), _UNITS[match[2]], starts, zone)
    return None


def _calendar(section: Section, document: ForeignDocument) -> tuple[str, str]:
    node = node_at(section.node, "calendar")
    is_rolling = section.text("isRolling").lower() == "true"
    if node is None:
        if not is_rolling:
            raise section.fault("a window that is not rolling says its calendar.")
        return "", ""
    if is_rolling:
        raise section.fault("a window is rolling or goes by the calendar, not both.", "isRolling")
    calendar = Section(node, "a calendar", None, document.faults)
    starts = calendar.text("startTime", required=True)
    if not _STARTS.fullmatch(starts):
        words = f"{quoted(starts)} is no startTime; one looks like 2026-01-01 00:00:00."
        raise calendar.fault(words, "startTime")
    return starts, calendar.text("timeZone", required=True)


def _budgeting(document: ForeignDocument) -> Budgeting:
    word = document.spec.text("budgetingMethod")
    if not word:
        return Budgeting.OCCURRENCES
    if word not in _METHODS:
        words = f"{quoted(word)} is no budgetingMethod; it is one of {', '.join(_METHODS)}."
        raise document.spec.fault(words, "budgetingMethod")
    return _METHODS[word]


def _slice_seconds(section: Section) -> float | None:
    """A slice as a number of minutes, or a duration of a fixed length."""
    text = section.text("timeSliceWindow")
    match = _DURATION.fullmatch(text)
    if not text:
        return None
    if match is not None and match[2] in _SECONDS:
        return int(match[1]) * _SECONDS[match[2]]
    minutes = section.number("timeSliceWindow", 1, 500_000)
    return None if minutes is None else minutes * _MINUTE_SECONDS


def _title(section: Section, document: ForeignDocument) -> str:
    own = one_line(document.kept_text(section, "displayName", LONGEST_TEXT))
    return own or one_line(document.kept_text(document.metadata, "displayName", LONGEST_TEXT))


def _policies(document: ForeignDocument) -> Iterator[str]:
    """The names of the alert policies, referred to or written out; a name that cannot be kept is remarked."""
    seen: set[str] = set()
    for node in document.spec.listing("alertPolicies"):
        named = [node, node_at(node, "alertPolicyRef"), node_at(node_at(node, "metadata") or node, "name")]
        text = next((one.text.strip() for one in named if isinstance(one, Scalar) and one.value is not None), "")
        if not _NAME.fullmatch(text):
            document.remark(node, "an alert policy without a name that can be kept is not taken.")
        elif text not in seen:
            seen.add(text)
            yield text
