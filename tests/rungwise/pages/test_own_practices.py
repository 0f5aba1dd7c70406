"""The dashboard with people's own practices, and with some that make no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rungwise.pages import fleet
from tests.rungwise.pages.conftest import Open
from tests.rungwise.pages.test_pages import said

OWN = 'title = "In the *catalogue*"\nstage = "observing"\nwhy = "W."\nadvice = "A."\nlooked_for = "L"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "in-catalogue.toml").write_text(OWN)
    (tmp_path / "error-tracking.toml").write_text('off = true\nreason = "No <b>errors</b>."\n')
    (tmp_path / "secret-scanning.toml").write_text('stage = "protecting"\nreason = "Early."\n')
    monkeypatch.setenv("RUNGWISE_PRACTICES", str(tmp_path))
    return tmp_path


def test_they_are_shown_and_what_they_change_is_said(open_page: Open, folder: Path) -> None:
    text = said(open_page("practices"))
    assert "76 habits" in text
    assert r"1 practice is your own: In the \*catalogue\*." in text
    assert "is switched off: No" in text
    assert "is moved from Hardening to Protecting: Early" in text
    app = open_page("practices", practice="in-catalogue")
    assert not app.exception
    assert "It is one of your own practices." in said(app)
    assert "There is no practice called" in said(open_page("practices", practice="error-tracking"))


@pytest.mark.parametrize(
    ("page", "where"),
    [("overview", {}), ("team", {"team": fleet.PLATFORM}), ("repository", {"repository": fleet.SHOP}), ("moved", {})],
)
def test_every_page_opens_with_them(open_page: Open, folder: Path, page: str, where: dict[str, str]) -> None:
    app = open_page(page, **where)
    assert not app.exception
    assert app.title


@pytest.mark.parametrize("page", ["overview", "team", "repository", "practices", "moved", "collection"])
def test_a_malformed_one_is_told_in_a_sentence(open_page: Open, folder: Path, page: str) -> None:
    (folder / "in-catalogue.toml").write_text(OWN.replace("why", "wy"))
    app = open_page(page)
    assert not app.exception
    assert "The practices cannot be read" in said(app)
    assert "has the unknown key" in said(app)
    (folder / "in-catalogue.toml").write_text(OWN)
    assert "The practices cannot be read" not in said(open_page(page))
