"""What we ask is what GitHub offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest
from graphql import build_schema, parse, validate, validate_schema

from collectors.github import planning, queries
from tests.collectors.github.schemas.make import GRAPHQL, QUERIES
from tests.collectors.github.stand_in import points

SCHEMA = build_schema(GRAPHQL.read_text())


def test_the_slice_is_a_schema() -> None:
    assert validate_schema(SCHEMA) == []


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_valid(name: str) -> None:
    assert validate(SCHEMA, parse(QUERIES[name])) == []


PARTS = [
    (part, parts, document)
    for parts, document in (
        (queries.LISTING, queries.listing), (queries.DETAIL, queries.details), (queries.WORKFLOW, queries.workflows)
    )
    for part in parts
]  # fmt: skip


@pytest.mark.parametrize(("part", "parts", "document"), PARTS, ids=[part for part, _, _ in PARTS])
def test_a_query_stays_valid_without_a_part(
    part: str, parts: Mapping[str, queries.Part], document: Callable[[Iterable[queries.Part]], str]
) -> None:
    """Each part can be left out, for a token that may not see it."""
    assert validate(SCHEMA, parse(document(one for name, one in parts.items() if name != part))) == []
    assert validate(SCHEMA, parse(document([parts[part]]))) == []


def test_the_slice_can_tell_a_wrong_query() -> None:
    wrong = queries.listing(queries.LISTING.values()).replace("requiredApprovingReviewCount", "approvals")
    assert validate(SCHEMA, parse(wrong))


def test_the_plan_knows_what_queries_cost() -> None:
    def cost(query: str, **variables: object) -> int:
        return points(parse(query).definitions[0].selection_set, variables)  # type: ignore[attr-defined]

    assert cost(QUERIES["listing"], first=queries.PAGE) == planning.POINTS_PER_PAGE
    assert cost(QUERIES["details"], ids=["x"] * queries.DETAILS) == planning.POINTS_PER_DETAILS
    assert cost(QUERIES["heads"], first=100) == 1
    assert cost(QUERIES["workflows"], ids=["x"] * queries.WORKFLOWS) == planning.POINTS_PER_WORKFLOWS


def test_a_part_is_blamed_for_its_own_errors_only() -> None:
    parts = queries.LISTING
    blamed = {
        "environments": {"path": ["organization", "repositories", "nodes", 3, "environments"]},
        "rules": {"path": ["query", "organization"], "extensions": {"code": "undefinedField", "fieldName": "rules"}},
        "alerts": {"message": "The 'hasVulnerabilityAlertsEnabled' field requires one of the following scopes: ['repo']"},
    }
    for name, error in blamed.items():
        found = queries.part_of(error, parts)
        assert found is not None and found.name == name
    assert queries.part_of({"path": ["organization"], "message": "rules environments"}, parts) is None
