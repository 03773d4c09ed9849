"""A software catalogue becomes an estate; what it does not become is told with its place."""

import pytest

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.facts import fact
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.estate_writer import estate_to_yaml
from quarterdeck.services.estate_import import ImportedEstate, read_foreign_estate
from tests.unit.imports.importing import HEAD, imported, sample, told_by

ELSEWHERE = "https://git.bank.example"
ALSO = "import those files as well."
NEITHER = "it is neither Backstage nor OpenSLO."


@pytest.fixture(scope="module")
def bank() -> ImportedEstate:
    return imported(sample("catalog-info.yaml"))


def entity(found: ImportedEstate, key: str) -> Entity:
    return next(each for each in found.declared.entities if each.key == key)


def test_components_apis_and_resources_become_entities_and_nothing_else_does(bank: ImportedEstate) -> None:
    assert [each.key for each in bank.declared.entities] == [
        "service/payments",
        "component/fraud-score",
        "component/api.payments-api",
        "component/api.partners.clearing",
        "component/resource.orders-db",
    ]


def test_a_service_keeps_its_words_its_owner_and_the_domain_of_its_system(bank: ImportedEstate) -> None:
    payments = entity(bank, "service/payments")
    assert (payments.kind, payments.name, payments.domain, payments.owner) == (
        EntityKind.SERVICE,
        "Payment orders",
        "bill_pay",
        "money-movement",
    )
    assert payments.description == "Takes payment orders.\nHands them to the clearing."


def test_annotations_labels_links_and_the_owners_name_are_kept_as_facts(bank: ImportedEstate) -> None:
    assert dict(entity(bank, "service/payments").facts) == {
        "catalogue_kind": "Component",
        "type": "service",
        "lifecycle": "production",
        "system": "payment-platform",
        "owner_name": "Money movement",
        "owner_email": "money@bank.example",
        "tags": "java, pci",
        "backstage.io/techdocs-ref": "dir:.",
        "pagerduty.com/integration-key": "${{ env.KEY }}",
        "github.com/project-slug": "bank/payments",
        "label bank.example/cost-centre": "4711",
        "link Runbook": "https://runbooks.bank.example/payments",
        "link 2": "https://dash.bank.example/payments",
    }


def test_whoever_owns_may_be_a_person_and_a_namespace_stays_with_the_name(bank: ImportedEstate) -> None:
    assert entity(bank, "component/fraud-score").owner == "j.visser"
    clearing = entity(bank, "component/api.partners.clearing")
    assert (clearing.owner, fact(clearing.facts, "namespace")) == ("partners.clearing-desk", "partners")


def test_every_relation_leads_from_what_depends_to_what_it_depends_on(bank: ImportedEstate) -> None:
    assert {
        (each.source_key, each.target_key, fact(each.facts, "declared_by")) for each in bank.declared.relations
    } == {
        ("component/api.payments-api", "service/payments", "providesApis"),
        ("service/payments", "component/api.partners.clearing", "consumesApis"),
        ("service/payments", "component/resource.orders-db", "dependsOn"),
        ("service/payments", "component/fraud-score", "dependsOn"),
    }


def test_what_is_not_taken_is_told_with_file_line_and_reason(bank: ImportedEstate) -> None:
    told = [each.sentence for each in bank.remarks]
    assert told == [
        "catalog-info.yaml:2:1: the domain is kept as the domain of what is part of it.",
        "catalog-info.yaml:10:1: the system is kept as a fact of what is part of it.",
        "catalog-info.yaml:18:1: the group is no entity here: it stands as the owner of what it owns, with its name.",
        "catalog-info.yaml:29:1: the user is no entity here: it stands as the owner of what it owns, with its name.",
        "catalog-info.yaml:70:7: dependsOn component:default/elsewhere is not taken: none of the files declares it.",
        f"catalog-info.yaml:115:1: the location names “{ELSEWHERE}/cards.yaml”, “{ELSEWHERE}/loans.yaml”; {ALSO}",
        f"catalog-info.yaml:125:1: “scaffolder.backstage.io/v1beta3” “Template” is not taken: {NEITHER}",
        "catalog-info.yaml:133:1: kind “Squad” is not taken: there is nothing overseen that it could become.",
    ]


def test_an_imported_estate_is_a_document_like_any_other(bank: ImportedEstate) -> None:
    assert parse_estate(estate_to_yaml(bank.declared).encode(), "estate.yaml") == bank.declared


def test_references_reach_over_files_and_do_not_mind_capitals() -> None:
    first = HEAD.format(kind="Component", name="Web") + "spec: {type: website, dependsOn: ['COMPONENT:Default/API']}\n"
    second = HEAD.format(kind="Component", name="api") + "spec: {type: service}\n"
    found = imported(("a.yaml", first), ("b.yaml", second))
    assert [each.key for each in found.declared.relations] == ["service_component:component/web>service/api"]
    assert found.remarks == ()


def test_too_many_and_too_long_annotations_are_shortened_and_told() -> None:
    many = "".join(f"    a{number:03d}: x\n" for number in range(80))
    long = "    description: " + "d" * 1200 + "\n    " + "k" * 90 + ": y\n"
    text = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: web\n  annotations:\n"
        + long
        + many
        + "spec: {type: service}\n"
    )
    found = imported(("a.yaml", text))
    assert len(found.declared.entities[0].facts) == 64
    assert [each.words for each in found.remarks] == [
        "“" + "k" * 59 + "…” of component:default/web is kept under a shorter name.",
        "20 annotations, labels or links of component:default/web are beyond 64.",
        "“description” is 1,200 characters long; its first 1,000 are taken.",
    ]
    assert parse_estate(estate_to_yaml(found.declared).encode(), "estate.yaml") == found.declared


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD.format(kind="Component", name="a b"), "a.yaml:4:9: “a b” cannot be a name; one looks like payments-api."),
        (HEAD.format(kind="Component", name="''"), "a.yaml:4:3: metadata needs a name."),
        ("apiVersion: backstage.io/v1alpha1\nkind: API\n", "a.yaml:1:1: metadata needs a name."),
        ("kind: Component\nmetadata: {name: x}\n", "a.yaml:1:1: a document needs an apiVersion."),
        ("apiVersion: backstage.io/v1alpha1\nmetadata: {name: x}\n", "a.yaml:1:1: a document needs a kind."),
        ("- just\n- a list\n", "a.yaml:1:1: a document must be a set of keys and values."),
        (
            HEAD.format(kind="Component", name="x\n  namespace: a/b"),
            "a.yaml:5:14: “a/b” cannot be a namespace.",
        ),
        (
            HEAD.format(kind="Component", name="x") + "spec:\n  dependsOn:\n    - 'a:b:c'\n",
            "a.yaml:7:7: “a:b:c” is no reference; one looks like component:default/payments.",
        ),
        (
            HEAD.format(kind="Component", name="x") + "spec:\n  dependsOn: [{kind: Component, name: y}]\n",
            "a.yaml:6:15: a list or a set of keys is no reference; one looks like component:default/payments.",
        ),
        (
            HEAD.format(kind="Component", name="x") + "spec:\n  subcomponentOf: x\n",
            "a.yaml:6:19: subcomponentOf leads from component:default/x to itself.",
        ),
        (
            HEAD.format(kind="Component", name="x\n  annotations: [a]"),
            "a.yaml:5:16: annotations must be a set of names and values.",
        ),
        (
            HEAD.format(kind="Component", name="x\n  annotations: {a: {b: c}}"),
            "a.yaml:5:20: annotations: a must be a text.",
        ),
        (HEAD.format(kind="Component", name="x\n  tags: {a: b}"), "a.yaml:5:9: tags must be a list."),
        (HEAD.format(kind="Component", name="x\n  title: [a]"), "a.yaml:5:10: title must be a text."),
        (HEAD.format(kind="Component", name="x") + "spec: nothing\n", "a.yaml:5:7: spec must be a set of keys"),
        (
            "---\n".join([HEAD.format(kind="Component", name="x")] * 2),
            "a.yaml:6:1: component:default/x stands a second time; first in a.yaml, line 1.",
        ),
        (
            HEAD.format(kind="Component", name="a.b")
            + "---\n"
            + HEAD.format(kind="Component", name="b\n  namespace: a"),
            "a.yaml:6:1: component:a/b would be called component/a.b here, and so is component:default/a.b.",
        ),
    ],
    ids=[
        "a name with a space",
        "an empty name",
        "no metadata",
        "no form",
        "no kind",
        "a list",
        "namespace",
        "reference",
        "reference as keys",
        "itself",
        "annotations as list",
        "annotation as keys",
        "tags as keys",
        "title as list",
        "spec as text",
        "twice",
        "one key for two",
    ],
)
def test_a_broken_catalogue_is_refused_with_file_line_column_and_reason(text: str, words: str) -> None:
    assert words in told_by(("a.yaml", text))[0]


def test_all_faults_of_all_files_are_told_at_once() -> None:
    broken = HEAD.format(kind="Component", name="a b") + "---\n" + HEAD.format(kind="API", name="-x")
    lines = told_by(("a.yaml", broken), ("b.yaml", "a: [\n"), ("c.yaml", "\x00"))
    assert lines[0] == "The document has 4 faults."
    assert [line.split(":")[0] for line in lines[1:]] == ["a.yaml", "a.yaml", "b.yaml", "c.yaml"]


def test_files_that_declare_nothing_are_refused() -> None:
    assert told_by(("a.yaml", "# nothing\n")) == ["The files declare nothing that could be overseen."]


def test_a_name_that_cannot_be_a_documents_is_refused() -> None:
    with pytest.raises(InvalidEstate, match="cannot name a document"):
        read_foreign_estate([], name="Not A Name")


def test_more_files_than_anybody_means_are_refused() -> None:
    assert told_by(*[(f"{number}.yaml", "") for number in range(501)]) == ["More than 500 files are not taken at once."]
