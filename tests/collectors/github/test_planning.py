"""What a collection will cost, when it will be done, and what it says while it runs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collectors.github import Client, Organisation, plan, progress
from collectors.github.governor import Window
from collectors.github.planning import Budget, Plan, Spent
from tests.collectors.github.stand_in import NOW, StandIn

ACME = Organisation("acme", 10_000, 5_000_000, member=True)


@pytest.mark.parametrize(
    ("needed", "waits"), [(0, 0), (400, 0), (401, 600), (5_400, 600), (5_401, 600 + 3_600), (15_400, 600 + 2 * 3_600)]
)
def test_a_budget_is_full_again_every_hour(needed: int, waits: float) -> None:
    assert Budget(left=400, limit=5_000, resets_in=600).waits(needed) == waits


def planned(client: Client, organisation: Organisation = ACME) -> Plan:
    return plan(client, organisation, {})


def test_ten_thousand_repositories_take_hours_with_a_persons_token(github: StandIn, client: Client) -> None:
    found = planned(client)
    assert not found.fits
    assert found.rest_calls == 100 + 20_000
    # 5,000 are left, and 5,000 more come with each of the next four hours.
    assert found.waits == 4 * 3_600
    assert found.done_at == datetime.fromtimestamp(NOW + found.waits + found.seconds, UTC)
    text = " ".join(found.sentences())
    assert "20,100 REST calls (5,000 left)" in text
    assert "started with --wait, it would wait 4.0 h" in text
    assert f"by about {found.done_at:%Y-%m-%d %H:%M} UTC" in text or f"by about {found.done_at:%H:%M} UTC" in text
    assert "cannot finish within what GitHub leaves this token" in found.refusal()


def test_what_fits_says_when_it_is_done(github: StandIn, client: Client) -> None:
    found = planned(client, Organisation("acme", 20, 1_000, member=True))
    assert found.fits
    text = " ".join(found.sentences())
    assert f"Started now, it would be done by about {found.done_at:%H:%M} UTC." in text
    assert "wait" not in text


def test_how_long_it_takes_follows_from_what_the_last_one_took(client: Client) -> None:
    roughly = planned(client)
    took = Spent(roughly.seconds / 4, roughly.graphql_queries, roughly.rest_calls, roughly.clones)
    assert plan(client, ACME, {}, last=took).seconds == pytest.approx(roughly.seconds / 4)
    half = Spent(took.seconds / 2, took.graphql_queries // 2, took.rest_calls // 2, took.clones // 2)
    assert plan(client, ACME, {}, last=half).seconds == pytest.approx(roughly.seconds / 4, rel=0.01)


def test_without_a_last_one_larger_repositories_take_longer(client: Client) -> None:
    small, large = Organisation("acme", 20, 20_000, member=True), Organisation("acme", 20, 4_000_000, member=True)
    assert planned(client, small).seconds < planned(client, large).seconds


def test_receipts_tell_what_a_collection_took_without_its_waits() -> None:
    one = {"seconds": 90.0, "github": {"graphql": 4, "rest": 10, "clones": 5, "waited": 30.0}}
    assert Spent.of([one, one, {"outcomes": {"looked": 1}}]) == Spent(120.0, 8, 20, 10)
    # Receipts from before the seconds were noted.
    assert Spent.of([{"github": {"graphql": 4, "rest": 10, "clones": 5}}]) is None
    assert Spent.of([]) is None


def test_without_limits_everything_fits(github: StandIn, client: Client) -> None:
    found = plan(client, ACME, {}, left={})
    assert found.fits
    assert "no limit known" in " ".join(found.sentences())
    assert github.count("rest") == 0, "what is left was known already"


def test_the_scarcer_limit_decides(github: StandIn, client: Client) -> None:
    github.left = {"core": 5_000, "graphql": 0}
    found = planned(client, Organisation("acme", 20, 1_000, member=True))
    assert found.rest is not None
    assert found.rest.waits(found.rest_calls) == 0
    assert found.waits == pytest.approx(3_600)


def test_the_meter_says_how_far_it_is_and_what_is_left(client: Client) -> None:
    governor = client.governor
    governor.count(rest=1_234, points=1)
    assert progress(governor, 2, 1_000, 10) == "2 of 1,000 repositories, 1,234 REST calls, 1 GraphQL point"
    governor.windows["core"] = Window(5_000, 3_766, NOW)
    assert progress(governor, 250, 1_000, 60) == (
        "250 of 1,000 repositories, 1,234 REST calls (3,766 left), 1 GraphQL point, about 3 min to go"
    )
    assert "to go" not in progress(governor, 1_000, 1_000, 60)
