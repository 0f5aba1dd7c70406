"""How large the database grows, how long a week takes to add and how fast it answers, at the size of a large organisation.

    uv run python -m tests.benchmarks.scale [--repositories 10000] [--weeks 104] [--changes 0.02] [--database DIR]

Writes made-up weeks of the whole catalogue through the store as a collection does (findings with evidence, standings, owners, moves;
no signals), then asks what the pages ask. Prints each answer's median beside that of the plainest SQL that gives the same rows on the same
connection, turned into a frame in the same way, the file's size and what a week took. It ends where the two do not give the same rows, and
asserts nothing else. A full run takes a quarter of an hour, on busy cores half an hour; a database that is kept is gone on with, or only asked.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pandas import DataFrame
from pandas.testing import assert_frame_equal

from rungwise.catalogue import Catalogue, load
from rungwise.causes import Cause, Change
from rungwise.ladder import standing
from rungwise.model import Assessment, Component, Evidence, Fact, Finding, Kind, Snapshot, Status
from rungwise.store import Looks, Reader, RunReceipt, Week, database_exists, open_reader, record_weeks
from rungwise.store.frames import framed
from rungwise.teams import Owner, Ownership

FIRST = Week.parse("2024-W48")
TEAMS = 200
STATUSES = (Status.PRESENT, Status.PARTIAL, Status.ABSENT, Status.NOT_SEEN, Status.NOT_APPLICABLE)
LIMIT_SIZE, LIMIT_WEEK, LIMIT_ANSWER, LIMIT_RATIO = 250, 5.0, 60, 2.0
"""MB; seconds; milliseconds; times the bare SQL."""


def main() -> None:
    """Write the weeks, ask the questions, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repositories", type=int, default=10_000)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--changes", type=float, default=0.02, help="the share of all findings that change each week")
    parser.add_argument("--database", type=Path, help="where to keep it, or where it was kept; otherwise it is thrown away")
    options = parser.parse_args()
    # Millions of rows are made up, and none refers back: looking for cycles among them takes longer than writing them.
    gc.disable()
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or Path(folder)
        took = _write(database, options.repositories, options.weeks, options.changes)
        size = max(path.stat().st_size for path in database.glob("*.duckdb")) / 1e6
        print(f"{options.repositories} repositories x {options.weeks} weeks: {size:.0f} MB (limit {LIMIT_SIZE})")
        if took:
            later = took[1:] or took
            for what, seconds in (("passed", [each for each, _ in later]), ("of processor time", [each for _, each in later])):
                print(
                    f"a week is added in {statistics.median(seconds):.1f} s {what} at the median, {max(seconds):.1f} s at most "
                    f"(limit {LIMIT_WEEK:.0f} s)"
                )
        _ask(open_reader(database))


def _write(database: Path, repositories: int, weeks: int, share: float) -> list[tuple[float, float]]:
    """Adds the weeks that are not there yet; says what each took, in seconds that pass and in those of the processor."""
    catalogue = load()
    there = {week.label for week in open_reader(database).weeks()} if database_exists(database) else set()
    if there >= {Week.of_id(FIRST.id + number).label for number in range(weeks)}:
        return []
    took = []
    for looks, owners in _made_up(catalogue, repositories, weeks, share):
        if looks.week in there:
            continue
        start, worked = time.perf_counter(), time.process_time()
        record_weeks(database, [looks], owners)
        took.append((time.perf_counter() - start, time.process_time() - worked))
        print(f"{looks.week}: {took[-1][0]:.1f} s, {took[-1][1]:.1f} s of processor time", flush=True)
    return took


def _made_up(catalogue: Catalogue, repositories: int, weeks: int, share: float) -> Iterator[tuple[Looks, Ownership]]:
    """The same weeks every time."""
    chance = random.Random(1)
    fleet = [_first(chance, catalogue, number) for number in range(repositories)]
    owners = Ownership({a.repository: Owner(f"team-{int(TEAMS * chance.random() ** 2):03}", "teams file") for a in fleet}, {})
    committed = [datetime.combine(FIRST.starts, datetime.min.time(), UTC)] * repositories
    for number in range(weeks):
        week = Week.of_id(FIRST.id + number)
        moved: dict[str, list[Change]] = {}
        when = datetime.combine(week.starts, datetime.min.time(), UTC)
        if number:
            times = Counter(chance.randrange(repositories) for _ in range(int(repositories * len(catalogue.practices) * share)))
            for index, moves in times.items():
                one, moved[fleet[index].repository] = _changed(chance, fleet[index], moves, when)
                fleet[index], committed[index] = _judged(one, catalogue), when
        assessments = [replace(a, week=week.label) for a in fleet]
        snapshots = [Snapshot(a.repository, a.commit, at, (), "github.com") for a, at in zip(fleet, committed, strict=True)]
        yield Looks(week.label, assessments, snapshots, RunReceipt(when, when, "made up"), moved), owners


def _first(chance: random.Random, catalogue: Catalogue, number: int) -> Assessment:
    name = f"acme/repository-{number:05}"
    commit = f"{chance.getrandbits(160):040x}"
    findings = tuple(
        Finding(
            p.id,
            p.stage,
            status := chance.choice(STATUSES),
            ".",
            _reason(chance, status),
            p.looked_for,
            _evidence(chance, status, commit),
        )
        for p in catalogue
    )
    facts = {fact: chance.choice((True, False, None)) for fact in Fact}
    url = f"https://github.com/{name}"
    assessment = Assessment(
        name, commit, "", Kind.APP, "It serves requests.", (), (Component(".", Kind.APP),), findings, standing(()), catalogue.hash, facts, url
    )  # fmt: skip
    return _judged(assessment, catalogue)


def _judged(assessment: Assessment, catalogue: Catalogue) -> Assessment:
    rows = ((f.stage, catalogue[f.practice].role, catalogue[f.practice].weight, f.status) for f in assessment.findings)
    return replace(assessment, standing=standing(rows))


def _changed(chance: random.Random, assessment: Assessment, moves: int, week: datetime) -> tuple[Assessment, list[Change]]:
    """The repository after a commit that turned so many of its practices. All evidence is shown as of that commit, as a collection does."""
    commit = f"{chance.getrandbits(160):040x}"
    when = week + timedelta(minutes=chance.randrange(7 * 24 * 60))
    author, subject = (
        f"Person {chance.randrange(500)}",
        f"Merge pull request #{chance.randrange(20_000)} from acme/topic-{chance.randrange(999)}",
    )
    findings = [replace(f, evidence=tuple(replace(e, commit=commit) for e in f.evidence)) for f in assessment.findings]
    changes = []
    for place in chance.sample(range(len(findings)), moves):
        was = findings[place]
        status = chance.choice([each for each in STATUSES if each is not was.status])
        findings[place] = replace(was, status=status, reason=_reason(chance, status), evidence=_evidence(chance, status, commit))
        changes.append(
            Change(was.practice, was.status, status, Cause.COMMIT, (), _path(chance), "changed", commit, author, when, subject)
        )
    return replace(assessment, commit=commit, findings=tuple(findings)), changes


def _path(chance: random.Random) -> str:
    return f"src/{chance.choice(('app', 'web', 'core', 'jobs'))}/{chance.getrandbits(24):06x}.py"


def _evidence(chance: random.Random, status: Status, commit: str) -> tuple[Evidence, ...]:
    if status not in (Status.PRESENT, Status.PARTIAL):
        return ()
    return tuple(Evidence(_path(chance), chance.randrange(1, 900), commit, None) for _ in range(chance.randint(1, 5)))


def _reason(chance: random.Random, status: Status) -> str:
    return (
        f"Seen in {_path(chance)} and {chance.randrange(20)} more."
        if status is Status.PRESENT
        else "We looked for it and found none."
    )


@dataclass(frozen=True)
class _Question:
    """What a page asks, and the plainest SQL with the same rows, in the same order, of data in which every week collected every repository."""

    what: str
    ours: Callable[[], Sequence[DataFrame]]
    bare: Sequence[str]


def _ask(reader: Reader) -> None:
    cursor = reader._connection.cursor()
    for question in _questions(reader):

        def bare(queries: Sequence[str] = question.bare) -> list[DataFrame]:
            return [framed(cursor.sql(sql).to_arrow_table()) for sql in queries]

        for ours, theirs in zip(question.ours(), bare(), strict=True):
            # Which way a status moved is decided in Python, for all pairs of statuses beforehand.
            assert_frame_equal(ours.drop(columns="direction", errors="ignore"), theirs, check_dtype=False)
        (passed, worked), (plain, plainly_worked) = _median(question.ours), _median(bare)
        print(
            f"{question.what:30} {passed:7.1f} ms (limit {LIMIT_ANSWER}), {worked:7.1f} of processor time  x{passed / plain:4.1f} of bare SQL "
            f"(limit {LIMIT_RATIO:.0f}), x{worked / plainly_worked:4.1f} of its processor time"
        )


def _questions(reader: Reader) -> Iterator[_Question]:
    weeks = reader.weeks()
    newest, middle, before = weeks[0].id, weeks[len(weeks) // 2].id, weeks[min(1, len(weeks) - 1)].id
    name, team = "acme/repository-00007", "team-007"

    def then(table: str, week: int = newest) -> str:
        return f"{table}.from_week <= {week} and {table}.to_week > {week}"

    owned = f"left join owner o on o.repository_id = r.repository_id and {then('o')} left join team t using (team_id)"
    yield _overview("overview, latest week", reader, newest)
    yield _overview("overview, a past week", reader, middle)
    yield _Question(
        "all standings, latest week",
        lambda: [reader.stages(newest)],
        [
            f"""
            select r.name as repository, t.name as team, s.stage, e.name as state, h.coverage, h.confidence
            from stage_week s join state e using (state) join share h using (share_id) join repository r using (repository_id) {owned}
            where s.week_id = {newest} order by r.name, s.stage
            """
        ],
    )
    yield _Question(
        "one repository's history",
        lambda: [reader.trend_of_repository(name), reader.history(name)],
        [
            f"""
            select w.week_id as week, s.stage, e.name as state, h.coverage, w.holds, w.at_least, w.could_be, w."of"
            from repository_week w join stage_week s using (repository_id, week_id) join state e using (state) join share h using (share_id)
            join repository r using (repository_id)
            where r.name = '{name}' order by w.week_id, s.stage
            """,
            f"""
            select m.week_id as week, n.name as practice, was.name as was, "now".name as "now", c.name as cause, m.path, m.how, m."commit",
                m.author, m.committed_at, m.subject
            from move m join practice n using (practice_id) join cause c using (cause) join repository r using (repository_id)
            join status was on was.status = m.was join status "now" on "now".status = m."now"
            where r.name = '{name}' order by m.week_id desc, n.name
            """,
        ],
    )
    yield _Question(
        "trend by team and stage",
        lambda: [reader.trend_of_teams()],
        [
            """
            select s.week_id as week, t.name as team, s.stage, s.repositories, s.held, s.sure, s."open", s.coverage
            from team_stage_week s left join team t using (team_id) order by s.week_id, t.name nulls last, s.stage
            """
        ],
    )
    yield _Question(
        "what moved since last week",
        lambda: [reader.changes(newest, before)],
        [
            f"""
            select r.name as repository, t.name as team, n.name as practice, u.stage, was.name as was, "now".name as "now",
                case when m.week_id is null then 0 else 1 end as moves, m.week_id as week, c.name as cause, m.path,
                m.how, m."commit", m.author, m.committed_at, m.subject, p.url
            from observation b join observation a using (repository_id, practice_id)
            join repository_week w on w.repository_id = b.repository_id and w.week_id = b.week_id
            join rule u on u.catalogue_id = w.catalogue_id and u.practice_id = b.practice_id
            join repository r on r.repository_id = b.repository_id join practice n on n.practice_id = b.practice_id
            join status was on was.status = a.status join status "now" on "now".status = b.status
            join profile p on p.repository_id = b.repository_id and {then("p")}
            left join move m on m.repository_id = b.repository_id and m.practice_id = b.practice_id and m.week_id = {newest}
            left join cause c using (cause) {owned}
            where b.week_id = {newest} and a.week_id = {before} and a.status <> b.status
            order by m.week_id desc nulls last, r.name, u.stage, n.name
            """
        ],
    )
    yield _Question(
        "a team's gaps",
        lambda: [reader.findings(newest, team=team, evidence=False)],
        [
            f"""
            select r.name as repository, t.name as team, n.name as practice, u.stage, s.name as status, f.reason, f.looked_for, f.component
            from observation b join repository r using (repository_id) {owned}
            join finding f on f.repository_id = b.repository_id and f.practice_id = b.practice_id and {then("f")}
            join repository_week w on w.repository_id = b.repository_id and w.week_id = b.week_id
            join rule u on u.catalogue_id = w.catalogue_id and u.practice_id = b.practice_id
            join practice n on n.practice_id = b.practice_id join status s on s.status = b.status
            where b.week_id = {newest} and t.name = '{team}' order by r.name, u.stage, n.name
            """
        ],
    )


def _overview(what: str, reader: Reader, week: int) -> _Question:
    return _Question(
        what,
        lambda: [reader.team_stages(week)],
        [
            f"""
            select t.name as team, s.stage, s.repositories, s.held, s.sure, s."open", s.not_held, s.coverage, s.confidence
            from team_stage_week s left join team t using (team_id)
            where s.week_id = {week} order by t.name nulls last, s.stage
            """
        ],
    )


def _median(ask: Callable[[], object], times: int = 15) -> tuple[float, float]:
    """What it takes at the median, in milliseconds that pass and in those of the processor, of which two cores have two at a time."""
    ask()
    passed, worked = zip(*_timed(ask, times), strict=True)
    return statistics.median(passed), statistics.median(worked)


def _timed(ask: Callable[[], object], times: int) -> Iterator[tuple[float, float]]:
    for _ in range(times):
        start, worked = time.perf_counter(), time.process_time()
        ask()
        yield (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000


if __name__ == "__main__":
    main()
