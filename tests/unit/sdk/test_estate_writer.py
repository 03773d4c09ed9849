"""An estate survives being written as a document and read again."""

from hypothesis import given, settings

from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.estate_writer import estate_to_yaml
from tests.unit.sdk.estates import DECLARED, declared_estates


@settings(deadline=None, max_examples=40)
@given(declared_estates())
def test_whatever_is_written_is_read_back_as_it_was(declared: DeclaredEstate) -> None:
    assert parse_estate(estate_to_yaml(declared).encode(), "estate.yaml") == declared


def test_writing_what_was_read_changes_nothing() -> None:
    text = estate_to_yaml(DECLARED)
    assert estate_to_yaml(parse_estate(text.encode(), "estate.yaml")) == text
