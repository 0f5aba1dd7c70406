"""The weekly pack, made from real repositories and from the demonstration data."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rungwise import export
from rungwise.__main__ import BAD_INPUT, DONE, main
from rungwise.assess import assess
from rungwise.catalogue import load
from rungwise.causes import Judged, changes
from rungwise.export.digest import plain
from rungwise.export.tables import harmless
from rungwise.model import Snapshot
from rungwise.store import Reader, RunReceipt, open_reader, record
from rungwise.teams import ownership

SERVICE = {
    ".gitignore": "node_modules\n",
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8"}}',
    "server.js": "const app = require('express')()\napp.listen(3000)\n",
    "Dockerfile": "FROM node:22\n",
}
SENTRY = {
    **SERVICE,
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8", "@sentry/node": "10"}}',
    "errors.js": "Sentry.init({ dsn: process.env.SENTRY_DSN })\n",
}
ADA: dict[str, Any] = {
    "path": "errors.js", "how": "added", "commit": "0123456789abcdef", "author": "Ada <b>", "committed_at": datetime(2026, 5, 19, tzinfo=UTC),
    "subject": "Hear of errors [x](y)",
}  # fmt: skip


@pytest.fixture
def reader(look: Callable[..., Snapshot], tmp_path: Path) -> Reader:
    """Two weeks of two repositories: in the second, one of them reports its errors, and a commit is known to be why."""
    catalogue = load()
    earlier: dict[str, Judged] = {}
    for week, files in (("2026-W20", SERVICE), ("2026-W21", SENTRY)):
        snapshots = [look(files, f"{week}/acme+shop"), look(SERVICE, f"{week}/acme+=cmd|x")]
        snapshots = [
            Snapshot(name, one.commit, one.committed_at, one.signals, one.host, one.notes, one.incomplete, owners)
            for one, name, owners in zip(snapshots, ("acme/shop", "acme/=cmd|x"), ("* @acme/web\n", None), strict=True)
        ]
        owners = ownership({snapshot.repository: snapshot.codeowners for snapshot in snapshots})
        now = datetime(2026, 5, 20, tzinfo=UTC)
        receipt = RunReceipt(
            now, now, "local clones", incomplete=("acme/lost was left out: it is damaged.",) if week == "2026-W21" else ()
        )
        assessments = [assess(snapshot, catalogue) for snapshot in snapshots]
        judged = {one.repository: Judged.of(one) for one in assessments}
        why = {name: [replace(one, **ADA) for one in changes(earlier[name], judged[name])] for name in earlier}
        record(tmp_path / "db", week, assessments, snapshots, owners, receipt, why)
        earlier = judged
    return open_reader(tmp_path / "db")


def test_everything_is_there_and_the_manifest_vouches_for_it(reader: Reader, tmp_path: Path) -> None:
    written = export.write(reader, export.week_to_export(reader, None), tmp_path / "out", load())
    assert written.name == "2026-W21"
    manifest = json.loads((written / "manifest.json").read_text())
    assert manifest["catalogue"] == load().hash
    assert {path.name for path in written.iterdir()} == {*manifest["files"], "manifest.json"}
    for name, said in manifest["files"].items():
        assert hashlib.sha256((written / name).read_bytes()).hexdigest() == said["sha256"]
    findings = pd.read_parquet(written / "findings.parquet")
    assert len(findings) == manifest["files"]["findings.parquet"]["rows"] == 2 * 76
    assert list(pd.read_csv(written / "findings.csv").columns) == list(findings.columns)
    assert len(pd.read_parquet(written / "standings.parquet")) == 2 * 6


def test_the_same_week_gives_the_same_bytes_and_replaces_itself(reader: Reader, tmp_path: Path) -> None:
    week = export.week_to_export(reader, "2026-W20")
    first = {path.name: path.read_bytes() for path in export.write(reader, week, tmp_path / "out", load()).iterdir()}
    second = {path.name: path.read_bytes() for path in export.write(reader, week, tmp_path / "out", load()).iterdir()}
    assert first == second
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["2026-W20"], "no leftovers"
    assert export.snapshot_zip(reader, week, load()) == export.snapshot_zip(reader, week, load())


def test_the_digest_says_where_we_stand_what_moved_and_what_to_do(reader: Reader) -> None:
    digest = export.pack(reader, export.week_to_export(reader, None), load())["digest.md"].decode()
    assert "Two repositories in one team, 1 of them unowned." in digest
    assert "## What moved since 2026-W20" in digest
    assert (
        "[shop](<https://github.com/acme/shop>): Errors in production reach a person with their context, not there before, now there; "
        "commit [`01234567`](<https://github.com/acme/shop/commit/0123456789abcdef>) of 19 May 2026 by Ada \\<b\\> added `errors.js`: "
        "“Hear of errors \\[x\\](y)”" in digest
    )
    assert "### acme/web (one repository)" in digest
    assert "### Unowned repositories (one repository)" in digest
    assert "acme/lost was left out" in digest


def test_the_first_week_has_nothing_to_compare_with(reader: Reader) -> None:
    assert (
        "This is the first week" in export.pack(reader, export.week_to_export(reader, "2026-W20"), load())["digest.md"].decode()
    )


def test_one_team_gets_its_own_rows_only(reader: Reader) -> None:
    archive = zipfile.ZipFile(io.BytesIO(export.snapshot_zip(reader, export.week_to_export(reader, None), load(), "acme/web")))
    assert sorted(archive.namelist())[0].startswith("2026-W21/")
    rows = pd.read_csv(archive.open("2026-W21/repositories.csv"))
    assert list(rows["repository"]) == ["acme/shop"]
    assert set(pd.read_csv(archive.open("2026-W21/findings.csv"))["repository"]) == {"acme/shop"}
    digest = archive.read("2026-W21/digest.md").decode()
    assert digest.startswith("# How acme/web stands in 2026-W21")
    assert "[shop]" in digest
    assert "=cmd" not in digest
    assert "acme/lost" not in digest, "that is another's"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    frame = harmless(pd.DataFrame({"a": [text, "fine"], "b": [-1, 2]}))
    assert list(frame["a"]) == [f"'{text}", "fine"]
    assert list(frame["b"]) == [-1, 2]


def test_names_from_elsewhere_are_only_text() -> None:
    assert plain("a|b [x](y) <i> `c`") == r"a\|b \[x\](y) \<i\> \`c\`"
    assert plain("use `x_y` and a_b", keeps_code=True) == r"use `x_y` and a\_b"


def test_the_command_exports_the_demonstration_data_where_there_is_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--database", str(tmp_path / "none"), "--to", str(tmp_path / "out")]) == DONE
    assert "Demonstration data" in capsys.readouterr().out
    (week,) = (tmp_path / "out").iterdir()
    assert "*Demonstration data, made on" in (week / "digest.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--week", "2020-W01"], "There is data of"), (["--week", "soon"], "not a week"), (["--to", "{file}"], "cannot be written")],
)
def test_bad_input_gets_one_sentence(arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    given = [argument.format(file=tmp_path / "file") for argument in arguments]
    assert (
        main(
            [
                "export",
                "--database",
                str(tmp_path / "none"),
                *(given if "--to" in given else ["--to", str(tmp_path / "out"), *given]),
            ]
        )
        == BAD_INPUT
    )
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.err.count("\n") == 1
