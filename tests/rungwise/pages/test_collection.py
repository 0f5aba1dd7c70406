"""The receipt of a week, what was not collected, what was carried over, and the permission map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rungwise.assess import assess
from rungwise.catalogue import load
from rungwise.model import Signal, SignalKind, Snapshot
from rungwise.pages.elements import words
from rungwise.store import RunReceipt, record
from rungwise.teams import Ownership
from tests.rungwise.pages.conftest import Open
from tests.rungwise.pages.test_pages import said

COSTS = {
    "outcomes": {"looked": 1, "unchanged": 1, "shown": 1},
    "skipped": {"acme/empty": "There is no commit yet."},
    "github": {"rest": 3, "graphql": 2, "points": 8, "retries": 1, "waited": 120.0, "clones": 1, "cloned_bytes": 2_500_000},
}


@pytest.fixture
def organisation(look: Callable[..., Snapshot], tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A function that opens a page on two weeks from GitHub, the second without one of the two repositories."""
    shop = look({"main.py": "x = 1\n"})
    blind = Signal(SignalKind.UNREADABLE, "needs administration:read", "secret-scanning-push-protection")
    shop = replace(shop, signals=(*shop.signals, Signal(SignalKind.SETTING, "visibility", "private"), blind))
    lost = replace(shop, repository="acme/lost")
    for number, batch in enumerate([[shop, lost], [shop]]):
        now = datetime(2026, 11, 11 + 7 * number, tzinfo=UTC)
        run = RunReceipt(
            now, now.replace(minute=3), "GitHub: acme", ("acme/lost was left out: gone.",) if number else (), (), COSTS
        )
        judged = [assess(snapshot, load(), as_of=now) for snapshot in batch]
        record(tmp_path / "database", f"2026-W{46 + number}", judged, batch, Ownership({}, {}), run)
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path / "database"))
    return open_page


def test_the_receipt_is_shown(organisation: Open) -> None:
    app = organisation("collection")
    assert not app.exception
    figures = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert figures["Repositories looked at"] == ("1 of 2", "1 carried over")
    assert figures["It took"][0] == "3 minutes"
    assert figures["Asked of GitHub"] == ("5 requests", "8 GraphQL points")
    assert figures["Not collected"][0] == "1 thing"
    text = said(app)
    assert "**1 clone** of changed repositories, 2.5 MB in all" in text
    assert "1 request had to be repeated, and 2 minutes went by waiting." in text


def test_what_is_missing_carried_over_or_hidden_is_named(organisation: Open) -> None:
    text = said(organisation("collection"))
    assert words.plain("acme/lost was left out: gone.") in text
    assert "as of 2026-W46, 1 week ago" in text
    assert "takes `administration:read`; 2 of 2 repositories" in text
    assert load()["secret-scanning"].title in text


def test_what_was_not_looked_into_is_named_with_its_reason(organisation: Open) -> None:
    text = said(organisation("collection"))
    assert "Not looked into" in text
    assert words.plain("There is no commit yet.") in text
    assert "`acme/empty`" in text
    assert "1 repository had changed, 1 repository had not." in text


def test_an_earlier_week_has_its_own_receipt(organisation: Open) -> None:
    app = organisation("collection", week="2026-W46")
    assert {metric.label: metric.value for metric in app.metric}["Repositories looked at"] == "2 of 2"
    assert "carried over" not in said(app).lower()
