"""The commands of the estate as data, as they are typed."""

import json
from pathlib import Path

import pytest

from quarterdeck.demo.estate import estate_document
from quarterdeck.domain.instants import from_ms
from quarterdeck.sdk.estate_document import parse_estate
from tests.demo.worlds import ADDRESSES, OPENED_MS
from tests.e2e.console_process import run
from tests.unit.imports.importing import SAMPLES

CATALOGUE, LEVELS = str(SAMPLES / "catalog-info.yaml"), str(SAMPLES / "slos.yaml")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where a store will be."""
    return tmp_path / "store.db"


def test_the_demo_estate_is_exported_and_makes_no_difference_to_an_empty_store(store: Path, tmp_path: Path) -> None:
    document = tmp_path / "bank.yaml"
    document.write_text(estate_document(ADDRESSES, from_ms(OPENED_MS)), encoding="utf-8")
    assert run(store, "apply", str(document)).returncode == 0
    exported = tmp_path / "exported.yaml"
    told = run(store, "export", str(exported))
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("exported.yaml: ")
    again, bank = parse_estate(exported.read_bytes(), "a.yaml"), parse_estate(document.read_bytes(), "b.yaml")
    assert again.since_at == bank.since_at
    assert run(tmp_path / "other.db", "apply", str(exported)).returncode == 0
    for path, file in ((tmp_path / "other.db", document), (store, exported)):
        dry = run(path, "apply", str(file), "--dry-run")
        assert dry.stdout.endswith("nothing to change; the store holds what the document declares.\n")


def test_files_are_imported_after_their_difference_and_change_nothing_the_second_time(store: Path) -> None:
    dry = run(store, "import", CATALOGUE, LEVELS, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert not store.exists()
    assert f"{CATALOGUE}:133:1: kind “Squad” is not taken" in dry.stdout
    assert "+ entity service/payments (Payment orders, bill_pay, tier 3)" in dry.stdout
    assert run(store, "import", CATALOGUE, LEVELS).stdout == dry.stdout
    assert run(store, "import", CATALOGUE, LEVELS).stdout.splitlines()[-1].startswith("imported: nothing to change")


def test_a_file_that_was_cut_off_withdraws_nothing_until_that_is_said(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    head = "quarterdeck: 1\nname: t\n"
    file.write_text(head + "entities: [{key: partner/a, kind: partner, name: A}]\n", encoding="utf-8")
    assert run(store, "apply", str(file)).returncode == 0
    file.write_text(head, encoding="utf-8")
    told = run(store, "apply", str(file))
    assert (told.returncode, told.stdout) == (4, "")
    assert "withdraws 1 of 1 thing it declared before: 1 entity." in told.stderr
    assert "--withdraw" in told.stderr
    assert run(store, "apply", str(file), "--dry-run").stdout.endswith("Only --withdraw applies it.\n")
    assert "partner/a" in run(store, "export").stdout
    assert run(store, "apply", str(file), "--withdraw").stdout.endswith("t: 0 added, 0 changed, 1 removed.\n")


def test_files_can_be_written_as_a_document_instead_of_applied(store: Path, tmp_path: Path) -> None:
    told = run(store, "import", CATALOGUE, "--document", "catalogue", "--as-document")
    assert told.returncode == 0, told.stderr
    declared = parse_estate(told.stdout.encode(), "catalogue.yaml")
    assert (declared.source, len(declared.entities)) == ("catalogue", 5)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_file_among_good_ones_changes_nothing(store: Path, tmp_path: Path) -> None:
    assert run(store, "import", CATALOGUE).returncode == 0
    before = run(store, "export").stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text("apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a b}\nspec: {service: payments}\n")
    refused = run(store, "import", LEVELS, str(broken))
    assert refused.returncode == 4
    assert f"{broken}:3:18: “a b” cannot be a name" in refused.stderr
    assert refused.stderr.splitlines()[-1] == "Correct the files and import them again; nothing was changed."
    assert run(store, "export").stdout == before


def test_several_documents_are_exported_into_a_folder(store: Path, tmp_path: Path) -> None:
    assert run(store, "import", CATALOGUE, "--document", "catalogue").returncode == 0
    own = tmp_path / "own.yaml"
    own.write_text("quarterdeck: 1\nname: own\nentities: [{key: partner/hub, kind: partner, name: Hub}]\n")
    assert run(store, "apply", str(own)).returncode == 0
    refused = run(store, "export")
    assert refused.returncode == 4
    assert "2 documents declare this estate." in refused.stderr
    folder = tmp_path / "documents"
    folder.mkdir()
    assert run(store, "export", str(folder)).returncode == 0
    assert sorted(path.name for path in folder.iterdir()) == ["catalogue.yaml", "own.yaml"]


def test_an_export_of_nothing_and_an_import_of_nothing_are_refused_in_words(store: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.yaml"
    empty.write_text("# nothing\n")
    assert run(store, "import", str(empty)).stderr.startswith("quarterdeck: The files declare nothing")
    absent = run(store, "import", str(tmp_path / "absent.yaml"))
    assert absent.returncode == 4
    run(store, "apply", str(_document(tmp_path)))
    run(store, "apply", str(_document(tmp_path, entities="[]")), "--withdraw")
    assert "No document declares anything yet." in run(store, "export").stderr


def test_drift_of_an_estate_that_nobody_looks_at_is_not_known_and_no_drift(store: Path, tmp_path: Path) -> None:
    assert run(store, "apply", str(_document(tmp_path))).returncode == 0
    told = run(store, "drift", "--all")
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[-1] == (
        "1 not known: no source would see it, 0 declared and seen. No source looks."
    )
    as_csv, as_json = run(store, "drift", "--format", "csv"), run(store, "drift", "--format", "json")
    assert as_csv.stdout.splitlines()[1].startswith("no_source,partner/hub,Hub,partner,")
    assert json.loads(as_json.stdout)["drift"] == 0
    past = run(store, "drift", "--at", "2020-01-01", "--all")
    assert past.stdout == "0 declared and seen. No source looks.\n"


def _document(folder: Path, entities: str = "[{key: partner/hub, kind: partner, name: Hub}]") -> Path:
    path = folder / "estate.yaml"
    path.write_text(f"quarterdeck: 1\nname: own\nentities: {entities}\n")
    return path
