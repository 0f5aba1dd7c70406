"""Judges the stored past again after the rules changed, so that a trend is drawn under one set of rules.

Nothing is collected: signals are stored. What a new rule looks for and nobody looked for then stays a question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from rungwise.assess import judge_again
from rungwise.catalogue import Catalogue
from rungwise.causes import Change, Judged, changes
from rungwise.model import Assessment, Snapshot, Stage, Status
from rungwise.store import Looks, Reader, Week, open_reader, record_rule_change, record_weeks
from rungwise.teams import Owner, Ownership, Target

BATCH = 100
"""Repositories that are judged again, over all their weeks, before they are stored."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One status that the rules of now see in another way than those of then."""

    week: Week
    repository: str
    practice: str
    was: Status
    now: Status


@dataclass(frozen=True, slots=True)
class _Row:
    """One repository in one week, as it is stored, and as it would be judged now."""

    week: Week
    assessment: Assessment
    snapshot: Snapshot
    owner: Owner | None
    target: Target | None
    before: Mapping[str, Status]

    def flips(self) -> Iterator[Flip]:
        for finding in self.assessment.findings:
            was = self.before.get(finding.practice)
            if was is not None and was is not finding.status:
                yield Flip(self.week, self.assessment.repository, finding.practice, was, finding.status)


def outdated(reader: Reader, catalogue: Catalogue) -> dict[Week, tuple[str, ...]]:
    """The repositories of each week that were judged by other rules, where it is known what was looked for."""
    known = reader.asked()
    found: dict[Week, list[str]] = {}
    for (week, repository), (judged, looked) in reader.judged_by().items():
        if judged != catalogue.hash and looked in known:
            found.setdefault(Week.of_id(week), []).append(repository)
    return {week: tuple(names) for week, names in found.items()}


def preview(reader: Reader, catalogue: Catalogue) -> list[Flip]:
    """Whose statuses would change, in which weeks, if the past were judged by these rules; nothing is stored. Oldest week first."""
    return [flip for row in _judged(reader, catalogue, outdated(reader, catalogue)) for flip in row.flips()]


def rejudge(database: Path, catalogue: Catalogue, now: datetime) -> list[Flip]:
    """Judges again what was judged by other rules, and stores it under these; returns what changed, oldest week first."""
    reader = open_reader(database)
    todo = outdated(reader, catalogue)
    names = sorted({name for of_week in todo.values() for name in of_week})
    before = {judged for judged, _ in reader.judged_by().values()} - {catalogue.hash}
    flips: list[Flip] = []
    for start in range(0, len(names), BATCH):
        batch = set(names[start : start + BATCH])
        rows = list(_judged(reader, catalogue, {week: tuple(batch & set(of_week)) for week, of_week in todo.items()}))
        flips += [flip for row in rows for flip in row.flips()]
        record_weeks(database, list(_looks(rows, reader)), Ownership({}, {}))
    if todo:
        newest = max(todo)
        latest = [(flip.repository, flip.practice, flip.was, flip.now) for flip in flips if flip.week == newest]
        record_rule_change(database, Week.of(now.date()), sorted(before), catalogue.hash, latest)
    return sorted(flips, key=lambda flip: (flip.week, flip.repository, flip.practice))


def _judged(reader: Reader, catalogue: Catalogue, todo: Mapping[Week, Iterable[str]]) -> Iterator[_Row]:
    asked, judged_by = reader.asked(), reader.judged_by()
    for week in sorted(todo):
        names = set(todo[week])
        if not names:
            continue
        end = datetime.combine(week.starts + timedelta(weeks=1), time(), UTC) - timedelta(seconds=1)
        run = reader.run(week.id)
        as_of = min(end, run["started"].replace(tzinfo=UTC)) if run else end
        statuses: dict[str, dict[str, Status]] = {}
        findings: list[Any] = list(reader.findings(week.id, evidence=False).itertuples(index=False))
        for finding in findings:
            statuses.setdefault(finding.repository, {})[finding.practice] = Status(finding.status)
        rows: list[Any] = list(reader.repositories(week.id).itertuples(index=False))
        for row in rows:
            if row.repository not in names:
                continue
            snapshot = Snapshot(
                row.repository,
                row.commit,
                row.committed_at.to_pydatetime().replace(tzinfo=UTC),
                reader.signals(week.id, row.repository),
                urlsplit(row.url).netloc if isinstance(row.url, str) and row.url else None,
                tuple(row.notes),
            )
            again = judge_again(snapshot, catalogue, asked[judged_by[week.id, row.repository][1]], as_of)
            yield _Row(
                week, replace(again, week=week.label), snapshot, _owner(row), _target(row), statuses.get(row.repository, {})
            )


def _owner(row: Any) -> Owner | None:
    return Owner(row.team, row.owner_source) if pd.notna(row.team) else None


def _target(row: Any) -> Target | None:
    if pd.isna(row.target):
        return None
    review = row.target_review_on
    return Target(
        Stage(int(row.target)), row.target_reason, row.target_source, None if pd.isna(review) else pd.Timestamp(review).date()
    )


def _looks(rows: Sequence[_Row], reader: Reader) -> Iterator[Looks]:
    """What is to be stored, a week at a time; who made a commit is known only from when its week was collected."""
    by_week: dict[Week, list[_Row]] = {}
    for row in rows:
        by_week.setdefault(row.week, []).append(row)
    told: dict[tuple[int, str, str], Change] = {}
    for name in {row.assessment.repository for row in rows}:
        told |= {(week, name, change.practice): change for week, change in reader.causes(name)}
    before: dict[str, Judged] = {}
    for week, of_week in sorted(by_week.items()):
        why: dict[str, list[Change]] = {}
        earlier = reader.judged_before(
            week.id, [row.assessment.repository for row in of_week if row.assessment.repository not in before]
        )
        for row in of_week:
            name, after = row.assessment.repository, Judged.of(row.assessment)
            was = before.get(name) or earlier.get(name)
            if was:
                why[name] = [_as_told(change, told.get((week.id, name, change.practice))) for change in changes(was, after)]
            before[name] = after
        owners = {row.assessment.repository: row.owner for row in of_week if row.owner}
        targets = {row.assessment.repository: row.target for row in of_week if row.target}
        yield Looks(
            week.label,
            [row.assessment for row in of_week],
            [row.snapshot for row in of_week],
            None,
            why,
            Ownership(owners, targets),
        )


def _as_told(change: Change, told: Change | None) -> Change:
    """A change with the commit that was found for it when its files could be looked at."""
    if told is None or told.cause is not change.cause:
        return change
    return replace(told, was=change.was, now=change.now)


def said(flips: Iterable[Flip], catalogue: Catalogue) -> list[str]:
    """The flips as lines for a terminal: each practice with how many repositories it concerns, now and over the past."""
    flips = list(flips)
    newest = max((flip.week for flip in flips), default=None)
    lines = []
    for practice, count in sorted(Counter(flip.practice for flip in flips).items()):
        here = [flip for flip in flips if flip.practice == practice]
        repositories = sorted({flip.repository for flip in here})
        title = catalogue[practice].title if practice in catalogue.by_id else practice
        latest = sum(flip.week == newest for flip in here)
        lines.append(f"{title} ({practice}): {latest} in {newest.label if newest else ''}, {count} over all weeks")
        turns = Counter((flip.was, flip.now) for flip in here)
        lines += [f"    {was} -> {now}: {times}" for (was, now), times in sorted(turns.items())]
        shown = ", ".join(repositories[:5]) + (f" and {len(repositories) - 5} more" if len(repositories) > 5 else "")
        lines.append(f"    in {shown}")
    return lines
