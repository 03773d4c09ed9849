"""Files chosen in the window are previewed and applied through the path of the command, all or nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.testing import StandingClock
from quarterdeck.services.estate import EstateApplication
from quarterdeck.services.estate_desk import MOST_LINES, EstateDesk, EstatePreview
from tests.support.fakes import MemoryRegistry, MemoryStore
from tests.unit.imports.importing import sample

OWN = "# ours\nquarterdeck: 1\nname: own\nentities: [{key: partner/hub, kind: partner, name: Hub}]\n"


def reading(**files: str) -> Callable[[Path], bytes]:
    """Reads files by their names without an ending."""

    def read(path: Path) -> bytes:
        if path.stem not in files:
            raise Unreachable(f"There is no file {path.name}.", "Choose another.")
        return files[path.stem].encode()

    return read


class Bench:
    """A desk over a memory store."""

    def __init__(self, **files: str) -> None:
        self.store = MemoryStore()
        self.clock = StandingClock()
        self.application = EstateApplication(self.store, self.clock, MemoryRegistry())
        self.desk = EstateDesk(self.application, reading(**files))

    def preview(self, *names: str) -> EstatePreview:
        return self.desk.preview([Path(name) for name in names], "catalogue")


def test_a_document_is_taken_under_its_own_name_and_applied_as_previewed() -> None:
    bench = Bench(own=OWN)
    preview = bench.preview("own.yaml")
    assert preview.lines == ("+ entity partner/hub (Hub, tier 3)", "own: 1 added, 0 changed, 0 removed.")
    assert bench.store.entities == []
    assert preview.declared is not None
    assert bench.desk.apply(preview.declared) == "own: 1 added, 0 changed, 0 removed."
    assert [each.source for each in bench.store.entities] == ["own"]
    assert not bench.preview("own.yaml").differs


def test_catalogues_and_objectives_are_taken_together_with_what_is_not_taken_first() -> None:
    bench = Bench(catalogue=sample("catalog-info.yaml")[1], levels=sample("slos.yaml")[1])
    preview = bench.preview("catalogue.yaml", "levels.yaml")
    assert preview.differs
    assert preview.lines[0] == "catalogue.yaml:2:1: the domain is kept as the domain of what is part of it."
    assert any(line.startswith("Read: ") for line in preview.lines)
    assert preview.lines[-1].startswith("catalogue: 11 added")


def test_a_file_with_faults_shows_all_of_them_and_nothing_can_be_applied() -> None:
    preview = Bench(own=OWN.replace("kind: partner", "kind: friend").replace("Hub}", "''}")).preview("own.yaml")
    assert preview.declared is None
    assert not preview.differs
    assert len(preview.lines) == 3
    assert preview.next_step == "Correct the document and apply it again; nothing was changed."


def test_a_document_in_toml_is_known_by_its_ending() -> None:
    preview = Bench(own='quarterdeck = 1\nname = "own"\n').preview("own.toml")
    assert preview.lines == ("own: nothing to change; the store holds what the document declares.",)


def test_an_estate_document_among_others_and_a_file_that_is_not_there_are_refused() -> None:
    bench = Bench(own=OWN, catalogue=sample("catalog-info.yaml")[1])
    with pytest.raises(OperatorError, match=r"own.yaml is an estate document of its own"):
        bench.preview("own.yaml", "catalogue.yaml")
    with pytest.raises(OperatorError, match="There is no file absent"):
        bench.preview("absent.yaml")


def test_a_cut_off_document_is_previewed_with_what_to_say_yes_to_and_refused_without() -> None:
    held = parse_estate(OWN.encode(), "own.yaml")
    bench = Bench(own=OWN[: OWN.index("entities")])
    bench.application.apply(held)
    bench.clock.advance(1)
    preview = bench.preview("own.yaml")
    assert preview.differs
    assert preview.withdrawal.startswith("The document withdraws 1 of 1 thing it declared before: 1 entity.")
    assert preview.declared is not None
    with pytest.raises(OperatorError, match="cut off"):
        bench.desk.apply(preview.declared)
    assert bench.desk.apply(preview.declared, withdraw=True) == "own: 0 added, 0 changed, 1 removed."


def test_a_long_preview_is_cut_but_for_its_sum() -> None:
    text = EstatePreview(tuple(str(number) for number in range(2 * MOST_LINES))).text
    lines = text.splitlines()
    assert lines[-2:] == ["… and 500 lines more", "999"]
    assert len(lines) == MOST_LINES + 1
