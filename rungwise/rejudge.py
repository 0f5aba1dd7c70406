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

from rungwise.assess import judge_again, names_wanted
from rungwise.catalogue import Catalogue
from rungwise.causes import Change, Judged, changes
from rungwise.model import Assessment, Snapshot, Stage, Status
from rungwise.store import Looks, Reader, Week, open_reader, record_rule_change, record_weeks
from rungwise.teams import Owner, Ownership, Target

BATCH = 100
"""Repositories that are judged again, over all their weeks, before they are stored."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One status that the rules of now see in another way than those of then; ``None`` where only one of them has the practice."""

    week: Week
    repository: str
    practice: str
    was: Status | None
    now: Status | None


@dataclass(frozen=True, slots=True)
class Held:
    """How many stages of how many one repository holds by the rules of then and of now, where that differs."""

    week: Week
    repository: str
    was: tuple[int, int]
    now: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the rules of now make of the past, oldest week first."""

    flips: tuple[Flip, ...]
    held: tuple[Held, ...]

    @classmethod
    def of(cls, rows: Iterable[_Row]) -> Difference:
        """What some rows differ in."""
        flips: list[Flip] = []
        held: list[Held] = []
        for row in rows:
            flips += row.flips()
            held += row.holds()
        return cls.together([cls(tuple(flips), tuple(held))])

    @classmethod
    def together(cls, several: Iterable[Difference]) -> Difference:
        """Several as one, oldest week first."""
        parts = list(several)
        flips = sorted(
            (flip for part in parts for flip in part.flips), key=lambda flip: (flip.week, flip.repository, flip.practice)
        )
        held = sorted((held for part in parts for held in part.held), key=lambda held: (held.week, held.repository))
        return cls(tuple(flips), tuple(held))


@dataclass(frozen=True, slots=True)
class _Row:
    """One repository in one week, as it is stored, and as it would be judged now."""

    week: Week
    assessment: Assessment
    snapshot: Snapshot
    owner: Owner | None
    target: Target | None
    before: Mapping[str, Status]
    held: tuple[int, int]

    def flips(self) -> Iterator[Flip]:
        after = {finding.practice: finding.status for finding in self.assessment.findings}
        for practice in dict.fromkeys([*self.before, *after]):
            was, now = self.before.get(practice), after.get(practice)
            if was is not now:
                yield Flip(self.week, self.assessment.repository, practice, was, now)

    def holds(self) -> Iterator[Held]:
        now = (self.assessment.standing.holds, self.assessment.standing.of)
        if now != self.held:
            yield Held(self.week, self.assessment.repository, self.held, now)


def outdated(reader: Reader, catalogue: Catalogue) -> dict[Week, tuple[str, ...]]:
    """The repositories of each week that were judged by other rules, where it is known what was looked for."""
    known = reader.asked()
    found: dict[Week, list[str]] = {}
    for (week, repository), (judged, looked) in reader.judged_by().items():
        if judged != catalogue.hash and looked in known:
            found.setdefault(Week.of_id(week), []).append(repository)
    return {week: tuple(names) for week, names in found.items()}


def preview(reader: Reader, catalogue: Catalogue) -> Difference:
    """What would change, in which weeks, if the past were judged by these rules; nothing is stored."""
    return Difference.of(_judged(reader, catalogue, outdated(reader, catalogue)))


def rejudge(database: Path, catalogue: Catalogue, now: datetime) -> Difference:
    """Judges again what was judged by other rules, and stores it under these; returns what changed."""
    reader = open_reader(database)
    todo = outdated(reader, catalogue)
    names = sorted({name for of_week in todo.values() for name in of_week})
    before = {judged for judged, _ in reader.judged_by().values()} - {catalogue.hash}
    batches: list[Difference] = []
    for start in range(0, len(names), BATCH):
        batch = set(names[start : start + BATCH])
        rows = list(_judged(reader, catalogue, {week: tuple(batch & set(of_week)) for week, of_week in todo.items()}))
        batches.append(Difference.of(rows))
        record_weeks(database, list(_looks(rows, reader)), Ownership({}, {}))
    difference = Difference.together(batches)
    if todo and (difference.flips or difference.held):
        newest = max(todo)
        latest = [(flip.repository, flip.practice, flip.was, flip.now) for flip in difference.flips if flip.week == newest]
        record_rule_change(database, Week.of(now.date()), sorted(before), catalogue.hash, latest)
    return difference


def _judged(reader: Reader, catalogue: Catalogue, todo: Mapping[Week, Iterable[str]]) -> Iterator[_Row]:
    judged_by, wanted = reader.judged_by(), names_wanted(catalogue)
    unasked = {looked: wanted - asked for looked, asked in reader.asked().items()}
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
            again = judge_again(snapshot, catalogue, unasked[judged_by[week.id, row.repository][1]], as_of)
            yield _Row(
                week,
                replace(again, week=week.label),
                snapshot,
                _owner(row),
                _target(row),
                statuses.get(row.repository, {}),
                (int(row.holds), int(row.of)),
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


def said(difference: Difference, catalogue: Catalogue) -> list[str]:
    """What differs as lines for a terminal: each practice with how many repositories it concerns, now and over the past, then the stages."""
    weeks = {flip.week for flip in difference.flips} | {held.week for held in difference.held}
    newest = max(weeks, default=None)
    label = newest.label if newest else ""
    lines = []
    for practice, count in sorted(Counter(flip.practice for flip in difference.flips).items()):
        here = [flip for flip in difference.flips if flip.practice == practice]
        title = catalogue[practice].title if practice in catalogue.by_id else practice
        latest = sum(flip.week == newest for flip in here)
        lines.append(f"{title} ({practice}): {latest} in {label}, {count} over all weeks")
        turns = Counter((flip.was or "not judged", flip.now or "judged no more") for flip in here)
        lines += [f"    {was} -> {now}: {times}" for (was, now), times in sorted(turns.items())]
        lines.append(f"    in {_some(flip.repository for flip in here)}")
    if difference.held:
        latest = sum(held.week == newest for held in difference.held)
        lines.append(f"Stages held: {latest} repositories differ in {label}, {len(difference.held)} over all weeks")
        turned = [held for held in difference.held if held.week == newest][:FEW]
        lines += [f"    {held.repository}: {held.was[0]} of {held.was[1]} -> {held.now[0]} of {held.now[1]}" for held in turned]
    return lines


FEW = 5
"""How many repositories are named in a line."""


def _some(names: Iterable[str]) -> str:
    known = sorted(set(names))
    return ", ".join(known[:FEW]) + (f" and {len(known) - FEW} more" if len(known) > FEW else "")
