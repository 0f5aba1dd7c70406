"""The app as a visitor meets it, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.rungwise.pages.fleet import make_database

ROOT = Path(__file__).parents[3]

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a small organisation in it."""
    database = tmp_path_factory.mktemp("fleet") / "database"
    make_database(database)
    return database


@pytest.fixture
def open_page(fleet: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A function that opens a page at an address."""
    monkeypatch.setenv("RUNGWISE_DATABASE", str(fleet))

    def visit(page: str, **address: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
        for name, value in address.items():
            app.query_params[name] = value
        return app.switch_page(f"rungwise/pages/{page}.py").run()

    return visit
