"""Whose fault an outage is: the class, how sure that is, and the evidence for and against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quarterdeck.domain.health import HealthState


class FaultClass(StrEnum):
    """Who has to act: we, the partner, an institution behind the partner, the client, or it is not known."""

    OURS = "ours"
    PARTNER = "partner"
    INSTITUTION = "institution"
    CLIENT = "client"
    NOT_KNOWN = "not_known"


class Certainty(StrEnum):
    """How sure a class is; `none` goes with not known and with nothing else."""

    NONE = "none"
    WEAK = "weak"
    LIKELY = "likely"
    STRONG = "strong"


class ProbeEnd(StrEnum):
    """How our own probe of the partner ended at the onset; `not_run` where nobody probes it or the result is old."""

    NOT_RUN = "not_run"
    WELL = "well"
    FAULTY = "faulty"
    NO_ANSWER = "no_answer"
    REFUSED_US = "refused_us"
    WRONG_REQUEST = "wrong_request"
    COULD_NOT_ASK = "could_not_ask"


class ErrorSide(StrEnum):
    """Where a source that classes errors sees them."""

    OURS = "ours"
    PARTNER = "partner"
    INSTITUTION = "institution"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Others:
    """How others did at the onset, by name; those of whom nothing is known are in neither."""

    well: tuple[str, ...] = ()
    unwell: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is known of any of them."""
        return bool(self.well or self.unwell)


@dataclass(frozen=True, slots=True)
class OutageFacts:
    """What the signals told around the onset of one outage. What nothing tells is empty, unknown or None.

    `own_parts` are our services and components on its way, of which those count as unwell that were so before it or at
    once. `siblings` are other integrations of the same partner, `fellows` integrations with other partners over the
    same parts of ours, `probed` the other partners that we probe. `claim` is the worst that the partner's page has said
    since the onset, `institutions` those behind the partner that its page calls unwell; `has_institutions` says that
    some are declared. `own_change` is what we changed on its way shortly before. `error_shares` are shares (0 to 1) of
    the failing requests.
    """

    partner: str = ""
    is_internal: bool = False
    probe: ProbeEnd = ProbeEnd.NOT_RUN
    probe_words: str = ""
    claim: HealthState = HealthState.UNKNOWN
    institutions: tuple[str, ...] = ()
    has_institutions: bool = False
    siblings: Others = Others()
    fellows: Others = Others()
    probed: Others = Others()
    own_parts: Others = Others()
    machine: HealthState = HealthState.UNKNOWN
    own_change: str = ""
    error_shares: tuple[tuple[ErrorSide, float], ...] = ()


class Clue(StrEnum):
    """One kind of evidence."""

    INTERNAL = "internal"
    OWN_PART_FAILED = "own_part_failed"
    OWN_PARTS_WELL = "own_parts_well"
    FELLOWS_FAIL = "fellows_fail"
    FELLOWS_WELL = "fellows_well"
    ALL_PROBES_FAIL = "all_probes_fail"
    OTHER_PROBES_WELL = "other_probes_well"
    MACHINE_UNWELL = "machine_unwell"
    OWN_CHANGE = "own_change"
    COULD_NOT_ASK = "could_not_ask"
    REFUSED_US = "refused_us"
    WRONG_REQUEST = "wrong_request"
    PROBE_FAULTY = "probe_faulty"
    PROBE_NO_ANSWER = "probe_no_answer"
    PROBE_WELL = "probe_well"
    CLAIM_ADMITS = "claim_admits"
    CLAIM_PLANNED = "claim_planned"
    CLAIM_FINE = "claim_fine"
    SIBLINGS_FAIL = "siblings_fail"
    SIBLINGS_WELL = "siblings_well"
    INSTITUTION_NAMED = "institution_named"
    BEHIND_AGGREGATOR = "behind_aggregator"
    ERRORS_OURS = "errors_ours"
    ERRORS_PARTNER = "errors_partner"
    ERRORS_INSTITUTION = "errors_institution"
    ERRORS_CLIENT = "errors_client"


class Missing(StrEnum):
    """Evidence that would have helped and that no signal gives."""

    PROBE = "probe"
    CLAIM = "claim"
    SIBLINGS = "siblings"
    FELLOWS = "fellows"
    OWN_PARTS = "own_parts"
    ERROR_CLASSES = "error_classes"


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: what it is about, and how much it weighs for (above zero) or against that class."""

    clue: Clue
    about: FaultClass
    weight: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultVerdict:
    """Whose fault an outage most likely is.

    `reasons` are ranked: those for the class, then those against it, then those for others, the heaviest first. With
    not known they are all that is known. `missing` is what nothing tells.
    """

    fault: FaultClass
    certainty: Certainty
    reasons: tuple[Reason, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def supporting(self) -> tuple[Reason, ...]:
        """The reasons for the class."""
        return tuple(each for each in self.reasons if each.about is self.fault and each.weight > 0)

    @property
    def opposing(self) -> tuple[Reason, ...]:
        """The reasons against the class, and those for another."""
        return tuple(each for each in self.reasons if (each.about is self.fault) is (each.weight < 0))

    @property
    def excluding(self) -> tuple[Reason, ...]:
        """The reasons against other classes, which are none for this one."""
        return tuple(each for each in self.reasons if each.about is not self.fault and each.weight < 0)
