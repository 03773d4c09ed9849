"""Error patterns: the share of messages that are gathered with all of their kind and no other, and how fast."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from quarterdeck.analysis.message_patterns import Miner
from tests.bench.accuracy.corpus import generated_messages, real_messages
from tests.bench.accuracy.figures import Figure

SEED = 42
COUNT, QUICK_COUNT = 20_000, 4_000


def grouping_accuracy(found: Sequence[int], labels: Sequence[str]) -> float:
    """The share of messages whose group holds the very messages of their label (Zhu et al., ICSE-SEIP 2019)."""
    groups, kinds = defaultdict[int, set[int]](set), defaultdict[str, set[int]](set)
    for place, (group, label) in enumerate(zip(found, labels, strict=True)):
        groups[group].add(place)
        kinds[label].add(place)
    right = sum(groups[group] == kinds[label] for group, label in zip(found, labels, strict=True))
    return right / len(labels)


def pattern_figures(samples: Path | None, *, quick: bool) -> Iterator[Figure]:
    """Over the generated corpus, and the labelled lines of real programs."""
    corpora = [("generated", list(generated_messages(SEED, QUICK_COUNT if quick else COUNT)))]
    if samples is not None:
        corpora.append(("real programs", list(real_messages(samples))))
    scored: list[tuple[str, float, int]] = []
    speeds: list[float] = []
    for title, corpus in corpora:
        miner = Miner(0)
        started = time.process_time()
        numbers = [miner.take(message, 0) for message, _ in corpus]
        joined = miner.joined()
        groups = [joined[number] for number in numbers]
        seconds = time.process_time() - started
        scored.append((title, grouping_accuracy(groups, [label for _, label in corpus]), len(corpus)))
        speeds.append(len(corpus) / max(seconds, 1e-9))
    worst = min(accuracy for _, accuracy, _ in scored)
    yield Figure("error patterns, grouping accuracy, worst corpus", worst, low=0.8, key="patterns_grouping")
    for title, accuracy, count in scored:
        yield Figure(f"  {title}, {count} messages", accuracy, low=0.8)
    yield Figure("  messages a second", speeds[0])
