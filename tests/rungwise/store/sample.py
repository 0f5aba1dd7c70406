"""Made-up weeks of made-up repositories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rungwise.ladder import standing
from rungwise.model import (
    Assessment,
    Component,
    Evidence,
    Fact,
    Finding,
    Kind,
    Role,
    Signal,
    SignalKind,
    Snapshot,
    Stage,
    Status,
)
from rungwise.store import Outcome, RunReceipt, record
from rungwise.teams import Owner, Ownership

MOMENT = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
RUN = RunReceipt(started=MOMENT, finished=MOMENT, source="local")
STATUSES = {"unit-tests": Status.PRESENT, "metrics": Status.ABSENT, "error-tracking": Status.UNKNOWN}
STAGES = {"unit-tests": Stage.TESTING, "metrics": Stage.OBSERVING, "error-tracking": Stage.OBSERVING}

Look = tuple[Assessment, Snapshot]


def commit(number: int) -> str:
    """A commit id that shows its number."""
    return f"{number:040x}"


def look(
    repository: str = "acme/shop",
    number: int = 1,
    statuses: dict[str, Status] | None = None,
    *,
    line: int = 12,
    signals: Sequence[Signal] | None = None,
    catalogue: str = "rules-1",
) -> Look:
    """One repository at its commit with this number, seen and judged."""
    statuses = STATUSES if statuses is None else statuses
    url = f"https://github.com/{repository}"
    evidence = Evidence("tests/a b.py", line, commit(number), f"{url}/blob/{commit(number)}/tests/a%20b.py#L{line}")
    findings = tuple(
        Finding(
            practice=practice,
            stage=STAGES[practice],
            status=status,
            component=".",
            reason=f"{practice} is {status}.",
            looked_for=f"signs of {practice}",
            evidence=(evidence,) if status is Status.PRESENT else (),
        )
        for practice, status in statuses.items()
    )
    if signals is None:
        signals = (Signal(SignalKind.DEPENDENCY, "pypi:pytest", "development", "pyproject.toml", 7),)
    assessment = Assessment(
        repository=repository,
        commit=commit(number),
        week="2026-W47",
        kind=Kind.APP,
        kind_reason="It serves requests.",
        flags=(),
        components=(Component(".", Kind.APP),),
        findings=findings,
        standing=standing((finding.stage, Role.CORE, 2, finding.status) for finding in findings),
        catalogue=catalogue,
        facts={Fact.HTTP_API: True, Fact.USERS: None, Fact.PAYMENTS: False},
        url=url,
    )
    snapshot = Snapshot(
        repository=repository,
        commit=commit(number),
        committed_at=MOMENT,
        signals=tuple(signals),
        host="github.com",
        notes=("Judged at HEAD.",),
    )
    return assessment, snapshot


def save(
    database: Path,
    week: str,
    looks: Iterable[Look],
    owners: dict[str, str] | None = None,
    run: RunReceipt = RUN,
    ownership: Ownership | None = None,
) -> Outcome:
    """Records looks as one run."""
    assessments, snapshots = [], []
    for assessment, snapshot in looks:
        assessments.append(replace(assessment, week=week))
        snapshots.append(snapshot)
    if ownership is None:
        ownership = Ownership({repository: Owner(team, "teams file") for repository, team in (owners or {}).items()})
    return record(database, week, assessments, snapshots, ownership, run)
