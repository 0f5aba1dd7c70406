"""A monorepo on the repository's page: the weakest part is named, and each can be opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rungwise.assess import assess
from rungwise.catalogue import load
from rungwise.model import Snapshot
from rungwise.store import RunReceipt, record
from rungwise.teams import Ownership
from tests.rungwise.pages.conftest import Open
from tests.rungwise.pages.test_pages import said
from tests.rungwise.test_components import TWO


@pytest.fixture
def monorepo(look: Callable[..., Snapshot], tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A function that opens a page on a database with one repository of two services."""
    snapshot = look(TWO)
    now = datetime(2026, 11, 18, tzinfo=UTC)
    assessment = assess(snapshot, load(), as_of=now)
    record(tmp_path / "database", "2026-W47", [assessment], [snapshot], Ownership({}, {}), RunReceipt(now, now, "local"))
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path / "database"))
    return open_page


def test_the_weakest_part_is_named_with_what_only_it_lacks(monorepo: Open) -> None:
    app = monorepo("repository", repository="acme/shop")
    assert not app.exception
    text = said(app)
    assert "2 parts of it are deployed. The weakest is `services/mailer`" in text
    assert f"“{load()['error-tracking'].title}”" in text


def test_a_part_is_opened_by_choice_and_by_address(monorepo: Open) -> None:
    app = monorepo("repository", repository="acme/shop", part="services/api")
    assert "services/api/main.py" in said(app)
    choice = next(box for box in app.selectbox if box.label == "Look at")
    assert choice.value == "services/api"
    choice.select("services/mailer").run()
    assert app.query_params["part"] in ("services/mailer", ["services/mailer"])
    assert "services/api/main.py" not in said(app)


def test_an_unknown_part_shows_the_whole(monorepo: Open) -> None:
    app = monorepo("repository", repository="acme/shop", part="nowhere")
    assert not app.exception
    assert next(box for box in app.selectbox if box.label == "Look at").value is None
