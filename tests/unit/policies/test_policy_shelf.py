"""The files of policies: what stands where, what is refused, and every shipped policy as a text that is the same."""

from pathlib import Path

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.policy_packs import InvalidPolicies, folder_mark, parse_pack, shipped_packs
from quarterdeck.services.policy_shelf import (
    NEW_POLICY,
    PolicyOrigin,
    PolicyShelf,
    ShelvedPolicy,
    check_text,
    shipped_text,
)
from tests.unit.policies.malformed import SOUND_PACK

SHIPPED = {policy.id: policy for pack in shipped_packs() for policy in pack.policies}
OWN = SOUND_PACK.replace("SEC-01", "SEC-90")


def shelf_of(folder: Path, **files: str) -> PolicyShelf:
    """A shelf over files with these texts."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return PolicyShelf(folder)


def on_shelf(shelf: PolicyShelf, policy_id: str) -> ShelvedPolicy:
    """A policy as it is listed, which it is once."""
    (found,) = [each for each in shelf.listed().policies if each.policy.id == policy_id]
    return found


@pytest.mark.parametrize("policy_id", sorted(SHIPPED))
def test_every_shipped_policy_is_the_same_as_a_file_of_its_own(policy_id: str) -> None:
    (policy,) = parse_pack(shipped_text(policy_id).encode(), "own.yaml").policies
    assert policy.digest == SHIPPED[policy_id].digest


def test_what_a_new_file_begins_with_is_sound() -> None:
    assert [policy.id for policy in check_text(NEW_POLICY, "own.yaml").policies] == ["SEC-900"]


def test_without_a_folder_the_shipped_policies_stand(tmp_path: Path) -> None:
    listed = PolicyShelf(tmp_path / "nowhere").listed()
    assert {each.policy.id for each in listed.policies} == SHIPPED.keys()
    assert {each.origin for each in listed.policies} == {PolicyOrigin.SHIPPED}


def test_an_own_policy_shadows_the_shipped_one(tmp_path: Path) -> None:
    found = on_shelf(shelf_of(tmp_path, own=SOUND_PACK), "SEC-01")
    assert (found.file, found.origin, found.shadows) == ("own.yaml", PolicyOrigin.OWN, True)


def test_a_refused_file_is_listed_with_every_reason_and_the_others_stay(tmp_path: Path) -> None:
    wrong = SOUND_PACK.replace("high", "hgh").replace("24h", "soon")
    listed = shelf_of(tmp_path, wrong=wrong, own=OWN).listed()
    (refused,) = listed.refused
    assert refused.file == "wrong.yaml"
    assert len(refused.faults) >= 2
    assert "line 10" in refused.faults[0]
    assert "SEC-90" in {each.policy.id for each in listed.policies}


def test_two_own_files_with_the_same_policy_are_told_at_the_second(tmp_path: Path) -> None:
    (refused,) = shelf_of(tmp_path, a=OWN, b=OWN).listed().refused
    assert refused.faults == ("b.yaml, line 1: the policy SEC-90 stands in a.yaml already.",)


def test_a_link_among_the_files_is_refused_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").symlink_to("/etc/hostname")
    (refused,) = PolicyShelf(tmp_path).listed().refused
    assert "symbolic link" in refused.faults[0]


def test_a_shipped_policy_opens_as_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    opened = PolicyShelf(tmp_path).open("SEC-01")
    assert (opened.file, opened.digest, opened.origin) == ("sec-01.yaml", "", PolicyOrigin.SHIPPED)


def test_an_own_policy_opens_as_the_file_that_holds_it(tmp_path: Path) -> None:
    opened = shelf_of(tmp_path, own=OWN).open("SEC-90")
    assert (opened.file, opened.text, len(opened.digest)) == ("own.yaml", OWN, 64)


def test_a_policy_that_is_in_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="There is no policy 'SEC-99'"):
        PolicyShelf(tmp_path).open("SEC-99")


def test_a_program_without_such_a_policy_says_so() -> None:
    with pytest.raises(OperatorError, match="carries no policy"):
        shipped_text("SEC-99")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"#" * 70_000, "larger than 64 KiB"),
        (b"# " + b"x" * 1_001, "more than 1,000 characters"),
        (b"\xff\xfe", "not UTF-8"),
    ],
    ids=["large", "long-line", "no-text"],
)
def test_a_file_that_no_editor_here_can_show_is_left_to_others(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "own.yaml").write_bytes(data)
    with pytest.raises(OperatorError, match=words):
        PolicyShelf(tmp_path).open_file("own.yaml")


@pytest.mark.parametrize("name", ["../sec.yaml", "own.yml", "", ".yaml", "a/b.yaml", "x" * 90 + ".yaml"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OperatorError, match="cannot be the name of a file"):
        PolicyShelf(tmp_path).path(name)


def test_faults_of_a_text_carry_their_places() -> None:
    (fault,) = check_text(SOUND_PACK.replace("tls.version", "tls.versio"), "own.yaml").faults
    assert (fault.line, fault.column) == (9, 11)


def test_a_text_that_no_file_can_hold_is_refused() -> None:
    assert check_text("title: \ud800", "own.yaml").faults


def test_the_mark_of_a_folder_tells_a_change(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, own=OWN)
    before = folder_mark(tmp_path)
    assert folder_mark(tmp_path) == before
    shelf_of(tmp_path, other=SOUND_PACK)
    assert folder_mark(shelf.folder) != before
    assert folder_mark(tmp_path / "nowhere") == ()


def test_the_places_of_several_faults_are_in_order() -> None:
    with pytest.raises(InvalidPolicies) as refused:
        parse_pack(SOUND_PACK.replace("high", "hgh").replace("24h", "soon").encode(), "own.yaml")
    lines = [fault.line for fault in refused.value.placed]
    assert lines == sorted(lines)
