"""Every broken document is refused with its line and its reason, and the store holds afterwards what it held before."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.testing import StandingClock
from quarterdeck.services.estate import EstateApplication
from quarterdeck.storage.opening import open_store
from tests.support.fakes import MemoryRegistry
from tests.unit.hostile.estate_corpus import Broken, corpus
from tests.unit.sdk.estates import DECLARED

CORPUS = corpus()
OWN_NOTES = ('"store_size"', '"writer_mark"')


class Filled:
    """A store that holds an estate, what applies to it, and all that its file says."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.store = open_store(str(path))
        self.applied = EstateApplication(self.store, StandingClock(), MemoryRegistry())
        self.applied.apply(DECLARED)

    def content(self) -> list[str]:
        """Every row of the file, but what the store notes of itself: how large it is, and when it last wrote."""
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as connection:
            return [line for line in connection.iterdump() if not any(note in line for note in OWN_NOTES)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    opened = Filled(tmp_path_factory.mktemp("hostile") / "console.db")
    yield opened
    opened.store.close()


def test_the_corpus_is_of_some_hundred_documents_without_one_twice() -> None:
    assert len(CORPUS) >= 130
    assert len({broken.data for broken in CORPUS}) == len({broken.name for broken in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("broken", CORPUS, ids=lambda broken: broken.name)
def test_a_broken_document_is_refused_with_line_and_reason_and_changes_nothing(broken: Broken, filled: Filled) -> None:
    before = filled.content()
    with pytest.raises(InvalidEstate) as caught:
        filled.applied.apply(parse_estate(broken.data, f"estate{broken.ending}"))
    told = caught.value.lines or (caught.value.message,)
    start = f"Line {broken.line}: " if broken.line else "The document is"
    assert any(line.startswith(start) and broken.words in line for line in told), told
    assert filled.content() == before
