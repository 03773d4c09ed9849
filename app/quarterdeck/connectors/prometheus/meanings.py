"""From a metric's name to what it tells, by the naming conventions that exporters follow.

The first rule whose pattern is found in the name decides. A name nothing is known of keeps its value and unit, with
the meaning `other`: better no meaning than a wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quarterdeck.domain.series import Meaning


@dataclass(frozen=True, slots=True)
class Reading:
    """What a metric's value is: meaning, unit, and the expression around it that brings it into that unit.

    `around` holds `{}` where the metric's own expression goes.
    """

    meaning: Meaning
    unit: str
    around: str = "{}"


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    reading: Reading


def _rule(pattern: str, meaning: Meaning, unit: str, around: str = "{}") -> _Rule:
    return _Rule(re.compile(pattern), Reading(meaning, unit, around))


_ASKED = (
    r"(requests?|responses?|calls?|rpc|http|grpc|quer(y|ies)|probe|round_?trip|transactions?|payments?|messages?|"
    r"notifications?|operations?|orders|jobs?|commands?|handler)"
)
_TOOK = r"(duration|latency|response_time|request_time|elapsed|time_taken)"
_ANSWER_TIME = rf"({_ASKED}.*_{_TOOK}|(^|_)(latency|response_time|request_time))"
_QUEUE_WORDS = r"(queue_(depth|length|size)|queued|backlog|pending|inflight|in_flight|messages_ready|consumer_lag)"
_WORK_WORDS = r"(requests?|calls|transactions|payments|messages|events|notifications|operations|orders|jobs|commands)"
_DONE_WORDS = r"(processed|completed|received|sent|handled|published|delivered|started|submitted|consumed|count|total)"
_ERROR_WORDS = r"(errors?|failures?|failed|exceptions?|rejected|rejections?)"
_MACHINERY = re.compile(r"^(node|go|process|promhttp|net_conntrack|scrape)_")

_GAUGE_RULES = (
    _rule(r"(cert|tls|ssl|x509).*(expiry|not_after|expiration)", Meaning.EXPIRY, "d", "({} - time()) / 86400"),
    _rule(r"last_(success|update|event|sample|sync).*_timestamp_seconds$", Meaning.FRESHNESS, "s", "time() - {}"),
    _rule(r"_timestamp_seconds$", Meaning.OTHER, "s"),
    _rule(rf"{_ERROR_WORDS}_ratio$|^error_rate$", Meaning.ERROR_RATE, "ratio"),
    _rule(rf"{_ERROR_WORDS}_percent$", Meaning.ERROR_RATE, "ratio", "{} / 100"),
    _rule(r"(availability|success)_ratio$", Meaning.AVAILABILITY, "ratio"),
    _rule(r"(disk|storage|filesystem|volume).*(_used|_usage)?_ratio$", Meaning.STORAGE, "ratio"),
    _rule(r"(cpu|processor|processing).*_ratio$", Meaning.PROCESSING, "ratio"),
    _rule(r"(saturation|utili[sz]ation|usage|used)_ratio$|^saturation$", Meaning.SATURATION, "ratio"),
    _rule(r"(saturation|utili[sz]ation|usage|used)_percent$", Meaning.SATURATION, "ratio", "{} / 100"),
    _rule(rf"{_QUEUE_WORDS}(_total|_count)?$", Meaning.QUEUE_DEPTH, "1"),
    _rule(rf"{_ANSWER_TIME}(_.*)?_seconds$", Meaning.RESPONSE_TIME, "s"),
    _rule(rf"{_ANSWER_TIME}(_.*)?_(milliseconds|millis|ms)$", Meaning.RESPONSE_TIME, "s", "{} / 1000"),
    _rule(rf"{_WORK_WORDS}_per_second$", Meaning.THROUGHPUT, "1/s"),
    _rule(r"(memory|heap).*_(used|usage|inuse)_bytes$|(resident|rss|working_set).*_bytes$", Meaning.MEMORY, "By"),
)
_UNIT_RULES = (
    _rule(r"_bytes_per_second$", Meaning.OTHER, "By/s"),
    _rule(r"_per_second$", Meaning.OTHER, "1/s"),
    _rule(r"_bytes$", Meaning.OTHER, "By"),
    _rule(r"_ratio$", Meaning.OTHER, "ratio"),
    _rule(r"_celsius$", Meaning.OTHER, "Cel"),
    _rule(r"_(milliseconds|millis|ms)$", Meaning.OTHER, "s", "{} / 1000"),
    _rule(r"_seconds$", Meaning.OTHER, "s"),
)
_MACHINERY_GAUGE_RULES = (_rule(r"^process_resident_memory_bytes$", Meaning.MEMORY, "By"), *_UNIT_RULES)
_COUNTER_UNIT_RULES = (
    _rule(r"(network|receive|transmit|received|sent).*_bytes(_total)?$", Meaning.NETWORK, "By/s"),
    _rule(r"_bytes(_.*)?_total$|_bytes$", Meaning.OTHER, "By/s"),
    _rule(r"^(process|container)_cpu_(usage_)?seconds(_total)?$", Meaning.PROCESSING, "1"),
    _rule(r"_seconds(_total)?$", Meaning.OTHER, "1"),
)
_COUNTER_RULES = (
    *_COUNTER_UNIT_RULES,
    _rule(_ERROR_WORDS, Meaning.OTHER, "1/s"),
    _rule(rf"(^|_){_WORK_WORDS}(_{_DONE_WORDS})*$", Meaning.THROUGHPUT, "1/s"),
)
_PLAIN = Reading(Meaning.OTHER, "1")
_PLAIN_RATE = Reading(Meaning.OTHER, "1/s")
_NOT_A_SIGNAL = re.compile(r"(_info|_created)$")
_ERRORS_OF = re.compile(rf"^(?P<stem>.*?)_?{_ERROR_WORDS}(?:_total)?$")


def gauge_reading(name: str) -> Reading:
    """What a gauge of this name tells."""
    if _MACHINERY.search(name):
        return _first(_MACHINERY_GAUGE_RULES, name) or _PLAIN
    return _first((*_GAUGE_RULES, *_UNIT_RULES), name) or _PLAIN


def counter_reading(name: str) -> Reading:
    """What the rate of a counter of this name tells."""
    return _first(_COUNTER_UNIT_RULES if _MACHINERY.search(name) else _COUNTER_RULES, name) or _PLAIN_RATE


def distribution_reading(name: str) -> Reading:
    """What the values counted by a histogram or summary of this name are: response times, or just a quantity."""
    reading = gauge_reading(name)
    if reading.meaning in {Meaning.RESPONSE_TIME, Meaning.OTHER}:
        return reading
    return Reading(Meaning.OTHER, reading.unit)


def is_signal(name: str) -> bool:
    """Whether a metric's value says anything over time; build information and creation times do not."""
    return not _NOT_A_SIGNAL.search(name)


def is_work(name: str) -> bool:
    """Whether a counter of this name counts what an entity does, so that its total over all labels is throughput."""
    return counter_reading(name).meaning is Meaning.THROUGHPUT


def work_of_errors(name: str, known: frozenset[str]) -> str:
    """The counter of all work of which an error counter counts the failed part, among the names known; else empty."""
    match = _ERRORS_OF.match(name)
    if not match or not match["stem"]:
        return ""
    stem = match["stem"].rstrip("_")
    candidates = (f"{stem}_total", stem, f"{stem}_requests_total", f"{stem}s_total", f"{stem}_count")
    return next((each for each in candidates if each in known and each != name and is_work(each)), "")


def _first(rules: tuple[_Rule, ...], name: str) -> Reading | None:
    return next((rule.reading for rule in rules if rule.pattern.search(name)), None)
