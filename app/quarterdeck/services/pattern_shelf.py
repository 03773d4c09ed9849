"""The patterns at hand: those that the program carries and a person's own, read again when a file changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.patterns import Pattern
from quarterdeck.services.pattern_files import AtHand, InvalidPattern, pattern_paths, read_pattern


@dataclass(frozen=True, slots=True)
class KnownPattern:
    """A pattern and the file it stands in."""

    pattern: Pattern
    path: Path


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns by their files' order, and what is wrong with the files that were left out, a sentence each."""

    known: tuple[KnownPattern, ...] = ()
    faults: tuple[str, ...] = ()

    def by_id(self) -> dict[str, Pattern]:
        """The patterns by id."""
        return {each.pattern.id: each.pattern for each in self.known}


class PatternShelf:
    """Reads the patterns; may be asked from any thread, one at a time.

    A file that is not taken is left out and told of; the others stand, and of two with one id the first, so that no
    file of a person's changes what the program carries.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamps: tuple[tuple[Path, int, int], ...] | None = None
        self._patterns = Patterns()

    def patterns(self) -> Patterns:
        """The patterns as their files are now."""
        paths = pattern_paths(self._folder)
        stamps = tuple(_stamp(path) for path in paths)
        if stamps != self._stamps:
            self._patterns, self._stamps = patterns_at_hand(paths), stamps
        return self._patterns


def patterns_at_hand(paths: list[Path]) -> Patterns:
    """The patterns of some files, without those that are not taken."""
    known: dict[str, KnownPattern] = {}
    faults: list[str] = []
    for path in paths:
        try:
            pattern = read_pattern(path, AtHand(taken={key: one.path.name for key, one in known.items()}))
        except InvalidPattern as fault:
            faults += fault.faults
        except OperatorError as fault:
            faults.append(fault.message)
        else:
            known[pattern.id] = KnownPattern(pattern, path)
    return Patterns(tuple(known.values()), tuple(faults))


def _stamp(path: Path) -> tuple[Path, int, int]:
    try:
        status = path.stat()
    except OSError:
        return path, 0, -1
    return path, status.st_mtime_ns, status.st_size
