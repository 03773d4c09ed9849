"""Whatever a catalogue says, it is refused in words, or makes an estate that is a document like any other."""

import contextlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.estate_writer import estate_to_yaml
from quarterdeck.services.estate_import import ForeignFile, read_foreign_estate
from tests.unit.imports.importing import sample

_texts = st.one_of(st.sampled_from(["", "1.10", "true", "null", "- a", "x: y", "\u202eevil", "a\tb\nc"]), st.text())
_pool = st.sampled_from(["a", "B", "web.api", "orders_db"])
_names = st.one_of(_pool, _pool, st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,10}[A-Za-z0-9])?", fullmatch=True))
_values = st.one_of(_texts, st.integers(), st.booleans(), st.none())
_references = st.one_of(
    st.builds("{}:{}/{}".format, st.sampled_from(["component", "API", "resource"]), st.just("default"), _pool), _pool
)
_pairs = st.dictionaries(_texts, _texts, max_size=4)
_metadata = st.fixed_dictionaries(
    {"name": _names},
    optional={
        "namespace": st.sampled_from(["default", "a", "a-b"]),
        "title": _values,
        "description": _values,
        "annotations": _pairs,
        "labels": _pairs,
        "tags": st.lists(_texts, max_size=3),
        "links": st.lists(st.fixed_dictionaries({"url": _texts}, optional={"title": _texts}), max_size=2),
    },
)
_spec = st.fixed_dictionaries(
    {"type": st.sampled_from(["service", "website", "database"]), "owner": _references},
    optional={
        "system": _references,
        "dependsOn": st.lists(_references, max_size=3),
        "providesApis": st.lists(_references, max_size=2),
        "consumesApis": _references,
        "subcomponentOf": _references,
        "lifecycle": _values,
    },
)
_overseen = st.sampled_from(["Component", "API", "Resource"])
_kinds = st.one_of(_overseen, _overseen, st.sampled_from(["System", "Domain", "Group", "User", "Location", "Odd"]))
_documents = st.fixed_dictionaries(
    {"apiVersion": st.just("backstage.io/v1alpha1"), "kind": _kinds, "metadata": _metadata, "spec": _spec}
)
SLOS = sample("slos.yaml")[1]


@settings(deadline=None, max_examples=150)
@given(st.lists(_documents, min_size=1, max_size=8, unique_by=lambda it: (it["kind"], it["metadata"]["name"].lower())))
def test_a_catalogue_is_refused_in_words_or_written_and_read_back_as_it_was(documents: list[object]) -> None:
    text = "\n---\n".join(json.dumps(document) for document in documents)
    with contextlib.suppress(InvalidEstate):
        declared = read_foreign_estate([ForeignFile("a.yaml", text.encode("utf-8", "replace"))]).declared
        assert parse_estate(estate_to_yaml(declared).encode(), "estate.yaml") == declared


@settings(deadline=None, max_examples=150)
@given(position=st.integers(0, len(SLOS)), length=st.integers(0, 40), noise=st.text(max_size=8))
def test_damaged_objectives_are_refused_in_words_or_written_and_read_back(
    position: int, length: int, noise: str
) -> None:
    damaged = SLOS[:position] + noise + SLOS[position + length :]
    with contextlib.suppress(InvalidEstate):
        declared = read_foreign_estate([ForeignFile("a.yaml", damaged.encode("utf-8", "replace"))]).declared
        assert parse_estate(estate_to_yaml(declared).encode(), "estate.yaml") == declared


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_in_words(data: bytes) -> None:
    with contextlib.suppress(InvalidEstate):
        read_foreign_estate([ForeignFile("a.yaml", data)])
