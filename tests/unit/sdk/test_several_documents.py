"""Files of several YAML documents are read with the place of everything in the whole file."""

import pytest

from quarterdeck.sdk.documents.section import Section
from quarterdeck.sdk.documents.tree import DocumentFault, DocumentFaults, Mapping
from quarterdeck.sdk.documents.yaml_text import read_yaml_documents

TEXT = "---\nkind: A\n---\n---\nkind: B\nspec:\n  - {x: 1}\n"


def test_empty_documents_are_left_out_and_lines_count_through_the_file() -> None:
    first, second = read_yaml_documents(TEXT, DocumentFaults())
    assert isinstance(first, Mapping)
    assert isinstance(second, Mapping)
    assert [(entry.key, entry.line) for node in (first, second) for entry in node.entries] == [
        ("kind", 2),
        ("kind", 5),
        ("spec", 6),
    ]


def test_a_fault_of_the_form_tells_line_and_column() -> None:
    with pytest.raises(DocumentFault) as caught:
        read_yaml_documents("a: 1\n---\nb: [1, 2\nc: 3\n", DocumentFaults())
    assert (caught.value.line, caught.value.column) == (4, 2)


def test_a_fault_of_a_value_tells_the_column_of_the_value() -> None:
    faults = DocumentFaults()
    (node,) = read_yaml_documents("name: x\n  \nnested: {number: nine}\n", faults)
    assert isinstance(node, Mapping)
    Section(node.entries[1].node, "it", None, faults).number("number", 0, 10)
    assert [(fault.line, fault.column) for fault in faults.found] == [(3, 18)]


def test_a_file_of_nothing_has_no_document() -> None:
    assert read_yaml_documents("# nothing\n---\n---\n", DocumentFaults()) == ()
