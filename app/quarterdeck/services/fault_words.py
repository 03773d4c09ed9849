"""Whose fault an outage is, in sentences: the class and how sure, what speaks for and against it, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from quarterdeck.domain.fault_class import Certainty, Clue, FaultClass, FaultVerdict, Missing, Reason

_SHOWN = 3
_NAMED = 2
_WHOSE = {
    FaultClass.OURS: "ours",
    FaultClass.PARTNER: "{partner}'s",
    FaultClass.INSTITUTION: "an institution's behind {partner}",
    FaultClass.CLIENT: "the clients'",
}
_HOW_SURE = {
    Certainty.STRONG: "The fault is clearly {whose}",
    Certainty.LIKELY: "The fault is likely {whose}",
    Certainty.WEAK: "The fault may be {whose}",
}
_CLUES = {
    Clue.INTERNAL: "no partner stands behind it",
    Clue.OWN_PART_FAILED: "{names} of ours failed before it or at once",
    Clue.OWN_PARTS_WELL: "our components on the way were well",
    Clue.FELLOWS_FAIL: "{names} with other partners over the same components failed at once",
    Clue.FELLOWS_WELL: "integrations with other partners over the same components were well",
    Clue.ALL_PROBES_FAIL: "our probes of {names} failed at once as well",
    Clue.OTHER_PROBES_WELL: "our probes of other partners were answered",
    Clue.MACHINE_UNWELL: "the machine that watches was unwell itself",
    Clue.OWN_CHANGE: "we made a change shortly before: {names}",
    Clue.COULD_NOT_ASK: "this machine could not even ask",
    Clue.REFUSED_US: "the partner refuses us: {names}",
    Clue.WRONG_REQUEST: "the partner calls our request wrong: {names}",
    Clue.PROBE_FAULTY: "our probe gets a faulty answer: {names}",
    Clue.PROBE_NO_ANSWER: "our probe gets no answer: {names}",
    Clue.PROBE_WELL: "our probe of the partner was answered well",
    Clue.CLAIM_ADMITS: "the partner's page admits trouble",
    Clue.CLAIM_PLANNED: "the partner's page announces maintenance",
    Clue.CLAIM_FINE: "the partner's page says that all is well",
    Clue.SIBLINGS_FAIL: "{names} with the same partner failed at once",
    Clue.SIBLINGS_WELL: "the partner's other integrations were well",
    Clue.INSTITUTION_NAMED: "the partner's page names {names}",
    Clue.BEHIND_AGGREGATOR: "the partner itself answers and institutions stand behind it",
    Clue.ERRORS_OURS: "most failing requests are classed as ours",
    Clue.ERRORS_PARTNER: "most failing requests are classed as the partner's",
    Clue.ERRORS_INSTITUTION: "most failing requests are classed as an institution's",
    Clue.ERRORS_CLIENT: "most failing requests are classed as the clients'",
}
_MISSING = {
    Missing.PROBE: "a probe of the partner",
    Missing.CLAIM: "what the partner claims",
    Missing.SIBLINGS: "other integrations of the partner",
    Missing.FELLOWS: "other partners over the same components",
    Missing.OWN_PARTS: "our own components",
    Missing.ERROR_CLASSES: "how the errors are classed",
}
_CLASS_WORDS = {
    FaultClass.OURS: "ours",
    FaultClass.PARTNER: "partner",
    FaultClass.INSTITUTION: "institution",
    FaultClass.CLIENT: "client",
    FaultClass.NOT_KNOWN: "not known",
}


def class_words(verdict: FaultVerdict) -> str:
    """The class with its certainty, as a table says it: `partner, likely`."""
    words = _CLASS_WORDS[verdict.fault]
    return words if verdict.certainty is Certainty.NONE else f"{words}, {_CERTAINTIES[verdict.certainty]}"


_CERTAINTIES = {Certainty.STRONG: "clear", Certainty.LIKELY: "likely", Certainty.WEAK: "a suspicion"}


def fault_words(verdict: FaultVerdict, partner: str = "", followed: str = "") -> str:
    """A verdict in sentences. `followed` names the root that was judged where that is another entity."""
    if verdict.fault is FaultClass.NOT_KNOWN:
        known = _clauses(verdict.reasons)
        told = "Whose fault it is, is not known" + (f"; seen was that {known}." if known else ".")
        return " ".join(part for part in (told, _missing_words(verdict)) if part)
    whose = _WHOSE[verdict.fault].format(partner=partner or "the partner")
    behind = f"It follows {followed}. " if followed else ""
    head = f"{behind}{_HOW_SURE[verdict.certainty].format(whose=whose)}: {_clauses(verdict.supporting)}."
    against = _clauses(verdict.opposing)
    parts = (head, f"Against that: {against}." if against else "", _missing_words(verdict))
    return " ".join(part for part in parts if part)


def reason_words(reason: Reason) -> str:
    """One piece of evidence as a clause."""
    return _CLUES[reason.clue].format(names=_names(reason.names))


def missing_words(missing: Missing) -> str:
    """What nothing tells, in a few words."""
    return _MISSING[missing]


def _clauses(reasons: Sequence[Reason]) -> str:
    return "; ".join(reason_words(reason) for reason in reasons[:_SHOWN])


def _names(names: Sequence[str]) -> str:
    shown = [name.rstrip(".") for name in names[:_NAMED]]
    more = len(names) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else " and ".join(shown)


def _missing_words(verdict: FaultVerdict) -> str:
    """What is missing, told only where it would make a difference."""
    if verdict.certainty is Certainty.STRONG or not verdict.missing:
        return ""
    return f"Nothing tells of {', '.join(missing_words(each) for each in verdict.missing)}."
