"""How large the database grows, how long a week takes to add and how fast it answers, at the size of a large organisation.

    uv run python -m tests.benchmarks.scale [--repositories 10000] [--weeks 104] [--changes 0.02] [--database DIR]

Writes made-up weeks of the whole catalogue through the store as a collection does (findings with evidence, standings, owners, moves;
no signals), then asks what the pages ask. Prints each answer's median beside that of the bare SQL that reads the same rows, the file's
size and what a week took. Asserts nothing. A full run takes about half an hour.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rungwise.catalogue import Catalogue, load
from rungwise.causes import Cause, Change
from rungwise.ladder import standing
from rungwise.model import Assessment, Component, Evidence, Fact, Finding, Kind, Snapshot, Status
from rungwise.store import Looks, Reader, RunReceipt, Week, open_reader, record_weeks
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
    parser.add_argument("--database", type=Path, help="where to keep it; otherwise it is thrown away")
    options = parser.parse_args()
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
    chance, catalogue = random.Random(1), load()
    fleet = [_first(chance, catalogue, number) for number in range(repositories)]
    owners = Ownership({a.repository: Owner(f"team-{int(TEAMS * chance.random() ** 2):03}", "teams file") for a in fleet}, {})
    committed = [datetime.combine(FIRST.starts, datetime.min.time(), UTC)] * repositories
    took = []
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
        run = RunReceipt(when, when, "made up")
        start, worked = time.perf_counter(), time.process_time()
        record_weeks(database, [Looks(week.label, assessments, snapshots, run, moved)], owners)
        took.append((time.perf_counter() - start, time.process_time() - worked))
        print(f"{week.label}: {took[-1][0]:.1f} s, {took[-1][1]:.1f} s of processor time", flush=True)
    return took


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


def _ask(reader: Reader) -> None:
    weeks = reader.weeks()
    newest, middle, before = weeks[0].id, weeks[len(weeks) // 2].id, weeks[min(1, len(weeks) - 1)].id
    name, team = "acme/repository-00007", "team-007"
    cursor = reader._connection.cursor()

    def bare(*queries: str) -> Callable[[], object]:
        return lambda: [cursor.execute(sql).df() for sql in queries]

    rows = f"select * from stage_week join share using (share_id) where week_id = {newest}"
    questions: Sequence[tuple[str, Callable[[], object], Callable[[], object]]] = (
        (
            "overview, latest week",
            lambda: reader.team_stages(newest),
            bare(f"select * from team_stage_week where week_id = {newest}"),
        ),
        (
            "overview, a past week",
            lambda: reader.team_stages(middle),
            bare(f"select * from team_stage_week where week_id = {middle}"),
        ),
        ("all standings, latest week", lambda: reader.stages(newest), bare(rows)),
        (
            "one repository's history",
            lambda: (reader.trend_of_repository(name), reader.history(name)),
            bare(
                f"""
                select w.week_id, s.stage, s.state from repository_week w join stage_week s using (repository_id, week_id)
                where repository_id = (select repository_id from repository where name = '{name}')
                """,
                f"select * from move where repository_id = (select repository_id from repository where name = '{name}')",
            ),
        ),
        (
            "trend by team and stage",
            reader.trend_of_teams,
            bare("select * from team_stage_week order by week_id, team_id, stage"),
        ),
        (
            "what moved since last week",
            lambda: reader.changes(newest, before),
            bare(
                f"""
                select a.repository_id, a.practice_id, b.status, a.status from observation a
                join observation b using (repository_id, practice_id)
                where a.week_id = {newest} and b.week_id = {before} and a.status <> b.status
                """
            ),
        ),
        (
            "a team's gaps",
            lambda: reader.findings(newest, team=team, evidence=False),
            bare(
                f"""
                select o.repository_id, o.practice_id, o.status, f.reason from observation o
                join finding f using (repository_id, practice_id)
                join owner w on w.repository_id = o.repository_id join team t using (team_id)
                where o.week_id = {newest} and f.from_week <= {newest} and f.to_week > {newest} and t.name = '{team}'
                """
            ),
        ),
    )
    for what, ours, theirs in questions:
        (passed, worked), (plain, plainly_worked) = _median(ours), _median(theirs)
        print(
            f"{what:30} {passed:7.1f} ms (limit {LIMIT_ANSWER}), {worked:7.1f} of processor time  x{passed / plain:4.1f} of bare SQL "
            f"(limit {LIMIT_RATIO:.0f}), x{worked / plainly_worked:4.1f} of its processor time"
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
