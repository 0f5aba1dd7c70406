"""Answers questions about what was recorded, as tables.

A reader looks at one finished generation, so all its answers fit together whatever a writer does meanwhile. Where a question is
about a week, the answer for a repository is its newest at or before that week: what one week did not collect stands for up to
half a year, with the week that it is from.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from rungwise.causes import Cause, Change, Direction, Judged
from rungwise.model import Evidence, Finding, Place, Signal, SignalKind, Stage, Status
from rungwise.store import demo, generations, schema
from rungwise.store.consistency import Flaw, flaws
from rungwise.store.identity import IDENTITY
from rungwise.store.latest import latest, latest_of_any
from rungwise.store.weeks import Week

if TYPE_CHECKING:
    from pandas import DataFrame

UNOWNED = ""
"""Asks for the repositories that no team owns, where a team's name is expected."""

_OWNED = """
    left join owner o on o.repository_id = latest.repository_id and o.from_week <= $week and o.to_week > $week
    left join team t using (team_id)
"""
# Makes up again what the writer left out: the commit of the week, and the address of a path and line at that commit.
_EVIDENCE = """
    list_transform(f.evidence, lambda e: {
        'path': e.path, 'line': e.line, 'commit': coalesce(e."commit", a."commit"),
        'url': case
            when e.url = '' then null
            when e.url is not null then e.url
            else a.url || '/blob/' || coalesce(e."commit", a."commit") || '/' || replace(url_encode(e.path), '%2F', '/')
                || case when e.line > 0 then '#L' || e.line else '' end
        end
    })
"""


# Statuses that differ between two weeks (``now`` and ``was`` stand for the queries of the two), each with which way and why. Most weeks' rows lie
# in the same order, so that side by side they find each other at a tenth of the cost of a join; only those that do not are joined. The latest
# cause is found as the largest of numbers that begin with the week, in a third of the time that its columns would take one by one. What is wide is
# fetched last, by its place in the table.
_MOVED = f"""
    {latest()}, {latest("earlier", "$before")}, beside as materialized (
        select b.repository_id, b.practice_id, b.status as "now", a.repository_id as was_repository, a.practice_id as was_practice, a.status as was,
            coalesce(b.repository_id = a.repository_id and b.practice_id = a.practice_id, false) as same
        from ({{now}}) b positional join ({{was}}) a
        where b.status is distinct from a.status or b.repository_id is distinct from a.repository_id or b.practice_id is distinct from a.practice_id
    ), moved as (
        select repository_id, practice_id, was, "now" from beside where same
        union all
        select b.repository_id, b.practice_id, a.was, b."now"
        from (from beside where not same) b join (from beside where not same) a
            on b.repository_id = a.was_repository and b.practice_id = a.was_practice
        where a.was <> b."now"
    ), why as (
        select repository_id, practice_id, moves, ($before + (last >> 48))::smallint as week_id, (last & 255)::utinyint as cause,
            (last >> 8) & {(1 << 40) - 1} as place
        from (
            select repository_id, practice_id, count(*) as moves, max(((week_id - $before)::bigint << 48) + (rowid << 8) + cause) as last
            from move where week_id > $before and week_id <= $week group by all
        )
    ), way(was, "now", cause, direction) as (
        select unnest($ways_was::utinyint[]), unnest($ways_now::utinyint[]), unnest($ways_cause::utinyint[]), unnest($ways::varchar[])
    ), told as (
        select moved.repository_id, r.name as repository, t.name as team, n.name as practice, u.stage, was.name as was, "now".name as "now",
            d.direction, y.moves, y.week_id as week, c.name as cause, y.place
        from moved
        join latest using (repository_id)
        join repository_week w using (repository_id, week_id)
        join rule u on u.catalogue_id = w.catalogue_id and u.practice_id = moved.practice_id
        join practice n on n.practice_id = moved.practice_id
        join repository r on r.repository_id = moved.repository_id
        join status was on was.status = moved.was
        join status "now" on "now".status = moved."now"
        left join why y on y.repository_id = moved.repository_id and y.practice_id = moved.practice_id
        left join cause c on c.cause = y.cause
        join way d on d.was = moved.was and d."now" = moved."now" and d.cause = coalesce(y.cause, {schema.NO_CAUSE})
        {_OWNED}
    )
"""
# As parameters: to read hundreds of constants would take as long as to find what moved.
_WAYS: dict[str, object] = dict(
    zip(("ways_was", "ways_now", "ways_cause", "ways"), map(list, zip(*schema.directions(), strict=True)), strict=True)
)
_connections: dict[Path, tuple[Path, duckdb.DuckDBPyConnection]] = {}
_opening = threading.Lock()


def open_reader(database: Path | None) -> Reader:
    """A reader of the current generation in the directory ``database``; of the demo data where there is none, or none is named.

    Cheap enough to call for every page: a generation that this process has open already is shared, by any number of threads.
    Raises :class:`~rungwise.store.errors.StoreError` where the database is damaged, foreign, or newer than this program.
    """
    if database is None or not generations.exists(database):
        generation, about = demo.describe(demo.FOLDER)
        return Reader(_demo(generation), demo.FOLDER, generation, about, demo=True)
    path, connection = _current(database.absolute())
    return Reader(connection, path, path.stem, {"source": str(path.parent), "made_on": "", "note": ""}, demo=False)


def _demo(generation: str) -> duckdb.DuckDBPyConnection:
    with _opening:
        known = _connections.get(demo.FOLDER)
        if not known or known[0].name != generation:
            known = _connections[demo.FOLDER] = (Path(generation), demo.load(demo.FOLDER))
        return known[1]


def _current(root: Path) -> tuple[Path, duckdb.DuckDBPyConnection]:
    path = generations.current(root)
    with _opening:
        known = _connections.get(root)
        # An older generation is let go, not closed: readers that were given it may still be at work.
        if not known or known[0] != path:
            known = _connections[root] = generations.open_current(root)
        return known


class Reader:
    """One generation of a database.

    ``generation`` changes whenever anything in the database does: the key of caches. ``about`` says where the data is from
    (source, made_on, note). All tables come as data frames; all methods raise :class:`~rungwise.store.errors.StoreError` where
    the file turns out to be damaged, and take the :attr:`Week.id` of one of :meth:`weeks`.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, generation: str, about: Mapping[str, str], *, demo: bool
    ) -> None:
        self._connection = connection
        self._path = path
        self.generation = generation
        self.about = dict(about)
        self.demo = demo

    def weeks(self) -> list[Week]:
        """The weeks in which something was collected, newest first."""
        return [
            Week.of_id(number) for (number,) in self._rows("select distinct week_id from repository_week order by week_id desc")
        ]

    def answers_from(self, week: int) -> set[int]:
        """The ids of the weeks that a week's answers are from: its own, and earlier ones for what was not collected in it."""
        return {number for (number,) in self._rows(f"with {latest()} select distinct week_id from latest", week=week)}

    def run(self, week: int) -> dict[str, Any] | None:
        """How that week was collected; ``None`` where it was not.

        Keys: started, finished (UTC, without a time zone), source, catalogue, repositories (how many), incomplete and notes
        (lists of sentences), costs (one for each run). Where several runs made up the week, they are added up.
        """
        runs = self._rows(
            """
            select u.started, u.finished, u.source, c.hash, u.incomplete, u.notes, u.receipt, w.repositories
            from (select run_id, count(*) as repositories from repository_week where week_id = $week group by run_id) w
            join run u using (run_id) join catalogue c using (catalogue_id)
            order by u.finished, u.run_id
            """,
            week=week,
        )
        if not runs:
            return None
        started, finished, sources, catalogues, incomplete, notes, receipts, repositories = zip(*runs, strict=True)
        return {
            "started": min(started),
            "finished": max(finished),
            "source": ", ".join(dict.fromkeys(sources)),
            "catalogue": catalogues[-1],
            "repositories": sum(repositories),
            "incomplete": list(dict.fromkeys(sentence for sentences in incomplete for sentence in sentences)),
            "notes": list(dict.fromkeys(sentence for sentences in notes for sentence in sentences)),
            "costs": [json.loads(receipt) for receipt in receipts],
        }

    def repositories(self, week: int) -> DataFrame:
        """A row for each repository, by name.

        Columns: repository, url, team (missing: unowned), owner_source, kind, kind_reason, flags, commit, committed_at (UTC),
        holds, of, at_least, could_be, next, target, target_reason, notes, as_of (the id of the week that the row is from),
        target_source, target_review_on, components (a list of path and kind).
        """
        frame = self._frame(
            f"""
            with {latest()}
            select r.name as repository, p.url, t.name as team, o.source as owner_source, p.kind, p.kind_reason, p.flags,
                h."commit", h.committed_at, w.holds, w."of", w.at_least, w.could_be, w."next", g.stage as target,
                g.reason as target_reason, p.notes, latest.week_id as as_of, g.source as target_source,
                g.review_on as target_review_on, p.components
            from latest
            join repository_week w using (repository_id, week_id)
            join repository r on r.repository_id = latest.repository_id
            join head h on h.repository_id = latest.repository_id and h.from_week <= $week and h.to_week > $week
            join profile p on p.repository_id = latest.repository_id and p.from_week <= $week and p.to_week > $week
            {_OWNED}
            left join target g on g.repository_id = latest.repository_id and g.from_week <= $week and g.to_week > $week
            order by r.name
            """,
            week=week,
        )
        for column in ("flags", "notes", "components"):
            frame[column] = [list(values) for values in frame[column]]
        return frame.astype(dict.fromkeys(("holds", "of", "at_least", "could_be", "next", "target"), "Int8"))

    def standings(self, week: int, team: str | None = None) -> DataFrame:
        """As much of :meth:`repositories` as advice takes: repository, team, flags, next, target; of one team where asked."""
        frame = self._frame(
            f"""
            with {latest()}
            select r.name as repository, t.name as team, p.flags, w."next", g.stage as target
            from latest
            join repository_week w using (repository_id, week_id)
            join repository r on r.repository_id = latest.repository_id
            join profile p on p.repository_id = latest.repository_id and p.from_week <= $week and p.to_week > $week
            {_OWNED}
            left join target g on g.repository_id = latest.repository_id and g.from_week <= $week and g.to_week > $week
            where $team is null or coalesce(t.name, '') = $team
            order by r.name
            """,
            week=week,
            team=team,
        )
        return frame.astype({"next": "Int8", "target": "Int8"})

    def owners(self, week: int) -> dict[str, str | None]:
        """The team of each repository; ``None`` where nobody owns it."""
        rows = self._rows(
            f"with {latest()} select r.name, t.name from latest join repository r using (repository_id) {_OWNED} order by r.name",
            week=week,
        )
        return dict(rows)

    def statuses(self, week: int, team: str | None = None) -> dict[str, dict[str, Status]]:
        """Each repository's status for each practice, by names: :meth:`findings` without the words, and much faster."""
        practices = dict(self._rows("select practice_id, name from practice"))
        rows = self._rows(
            f"""
            with {latest()}
            select r.name, list(b.practice_id), list(b.status)
            from latest join observation b using (repository_id, week_id) join repository r on r.repository_id = latest.repository_id
            {_OWNED}
            where $team is null or coalesce(t.name, '') = $team
            group by r.name order by r.name
            """,
            week=week,
            team=team,
        )
        codes = schema.STATUSES
        return {
            name: dict(zip(map(practices.__getitem__, ids), map(codes.__getitem__, given), strict=True))
            for name, ids, given in rows
        }

    def stages(self, week: int, team: str | None = None, repository: str | None = None) -> DataFrame:
        """A row for each repository and stage, of one team or repository where asked, as in :meth:`findings`.

        Columns: repository, team, stage, state, coverage, confidence (the last two missing where nothing counts).
        """
        asked = {"coalesce(t.name, '') = $team": ("team", team), "r.name = $repository": ("repository", repository)}
        wanted = {condition: given for condition, given in asked.items() if given[1] is not None}
        return self._frame(
            f"""
            with {latest()}
            select r.name as repository, t.name as team, s.stage, e.name as state, h.coverage, h.confidence
            from latest
            join stage_week s using (repository_id, week_id)
            join state e using (state)
            join share h using (share_id)
            join repository r on r.repository_id = latest.repository_id
            {_OWNED}
            where {" and ".join(["true", *wanted])}
            """,
            ("repository", "stage"),
            week=week,
            **dict(wanted.values()),
        )

    def practices(self, week: int) -> DataFrame:
        """How many repositories have each status of each practice: practice, status, repositories."""
        return self._frame(
            f"""
            with {latest()}
            select n.name as practice, s.name as status, count(*) as repositories
            from latest
            join observation b using (repository_id, week_id)
            join status s on s.status = b.status
            join practice n on n.practice_id = b.practice_id
            group by all order by n.name, s.name
            """,
            week=week,
        )

    def findings(
        self,
        week: int,
        repository: str | None = None,
        team: str | None = None,
        practice: str | None = None,
        *,
        evidence: bool = True,
    ) -> DataFrame:
        """A row for each repository and practice, of one repository, one team (:data:`UNOWNED` for none) or one practice where asked.

        Columns: repository, team, practice, stage, status, reason, looked_for, component, evidence (a list of dictionaries with
        path, line, commit and url). The last takes most of the time; it is left out where ``evidence`` is false.
        """
        shown, profile, texts = ("", "", "")
        if evidence:
            shown, texts = f", {_EVIDENCE} as evidence", ", evidence"
            profile = "join head h on h.repository_id = latest.repository_id and h.from_week <= $week and h.to_week > $week "
            profile += "join profile p on p.repository_id = latest.repository_id and p.from_week <= $week and p.to_week > $week"
        parameters: dict[str, object] = {"week": week}
        only, of_practice = "", "true"
        if repository is not None or team is not None:
            parameters["ids"] = self._ids(week, repository, team)
            only = "semi join (select unnest($ids::integer[]) as repository_id) using (repository_id)"
        if practice is not None:
            of_practice = "practice_id = $practice"
            parameters["practice"] = dict(self._rows("select name, practice_id from practice")).get(practice, -1)
        # The wide texts are read on their own, of what was asked for, and never of more.
        frame = self._frame(
            f"""
            with {latest()}, f as materialized (
                select repository_id, practice_id, reason, looked_for, component {texts}
                from finding {only} where {of_practice} and from_week <= $week and to_week > $week
            ), judged as materialized (
                select b.repository_id, b.practice_id, b.status
                from (from latest {only}) latest join observation b using (repository_id, week_id) where {of_practice}
            ), a as materialized (
                select latest.*, w.catalogue_id, r.name as repository, t.name as team {', h."commit", p.url' if evidence else ""}
                from (from latest {only}) latest
                join repository_week w using (repository_id, week_id)
                join repository r on r.repository_id = latest.repository_id
                {profile}
                {_OWNED}
            )
            select a.repository, a.team, n.name as practice, u.stage, s.name as status, f.reason, f.looked_for, f.component {shown}
            from judged b join a using (repository_id)
            join f on f.repository_id = b.repository_id and f.practice_id = b.practice_id
            join status s on s.status = b.status
            join practice n on n.practice_id = b.practice_id
            join rule u on u.catalogue_id = a.catalogue_id and u.practice_id = b.practice_id
            order by a.repository, u.stage, n.name
            """,
            **parameters,
        )
        if evidence:
            frame["evidence"] = [list(found) for found in frame["evidence"]]
        return frame

    def _number(self, repository: str) -> int:
        """What stands for a repository in all other tables; a query that is given it skips the rows of all others at once."""
        [(number,)] = self._rows("select coalesce(max(repository_id), -1) from repository where name = $name", name=repository)
        return int(number)

    def _ids(self, week: int, repository: str | None, team: str | None) -> list[int]:
        """The numbers of one repository, or of a team's in a week."""
        rows = self._rows(
            """
            select r.repository_id from repository r
            left join owner o on o.repository_id = r.repository_id and o.from_week <= $week and o.to_week > $week
            left join team t using (team_id)
            where r.name = coalesce($repository, r.name) and ($team is null or coalesce(t.name, '') = $team)
            """,
            week=week,
            repository=repository,
            team=team,
        )
        return [number for (number,) in rows]

    def judged_before(self, week: int, repositories: Sequence[str]) -> dict[str, Judged]:
        """How some repositories were judged last before a week, whether or not anything was collected in that week yet."""
        rows = self._rows(
            f"""
            with {latest_of_any(week="$week - 1")}
            select r.name, h."commit", c.hash, n.name, u.stage, s.name, f.component, f.reason, f.looked_for,
                list_transform(f.evidence, lambda e: {{'path': e.path, 'line': e.line}}) as evidence
            from latest
            join repository_week w using (repository_id, week_id)
            join repository r on r.repository_id = latest.repository_id
            join catalogue c on c.catalogue_id = w.catalogue_id
            join head h on h.repository_id = latest.repository_id and h.from_week <= $week - 1 and h.to_week > $week - 1
            join observation b using (repository_id, week_id)
            join finding f on f.repository_id = latest.repository_id and f.practice_id = b.practice_id
                and f.from_week <= $week - 1 and f.to_week > $week - 1
            join status s on s.status = b.status
            join practice n on n.practice_id = b.practice_id
            join rule u on u.catalogue_id = w.catalogue_id and u.practice_id = b.practice_id
            where r.name in (select unnest($names::varchar[]))
            order by r.name, n.name
            """,
            week=week,
            names=list(repositories),
        )
        found: dict[str, Judged] = {}
        for name, of_repository in groupby(rows, key=lambda row: str(row[0])):
            group = list(of_repository)
            findings = tuple(
                Finding(
                    practice,
                    Stage(stage),
                    Status(status),
                    component,
                    reason,
                    looked_for,
                    tuple(Evidence(place["path"], place["line"], commit, None) for place in evidence),
                )
                for _, commit, _, practice, stage, status, component, reason, looked_for, evidence in group
            )
            found[name] = Judged(group[0][1], group[0][2], findings)
        return found

    def collected_in(self) -> dict[str, frozenset[str]]:
        """The weeks in which each repository was collected, as labels, by its name."""
        rows = self._rows(
            "select r.name, list(distinct w.week_id) from repository_week w join repository r using (repository_id) group by r.name"
        )
        labels = {week.id: week.label for week in self.weeks()}
        return {name: frozenset(labels[week] for week in weeks) for name, weeks in rows}

    def facts(self, week: int, repository: str) -> DataFrame:
        """What is assumed about one repository: fact, holds (missing where it is not known)."""
        frame = self._frame(
            f"""
            with {latest()}
            select f.fact, f.holds
            from latest join repository r using (repository_id)
            join fact f on f.repository_id = latest.repository_id and f.from_week <= $week and f.to_week > $week
            where r.name = $repository order by f.fact
            """,
            week=week,
            repository=repository,
        )
        return frame.astype({"holds": "boolean"})

    def changes(
        self,
        week: int,
        before: int,
        *,
        team: str | None = None,
        stage: int | None = None,
        cause: str | None = None,
        direction: str | None = None,
        each: int | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> DataFrame:
        """Practices whose status differs between two weeks, where both have one, each with the newest cause that was noted in between.

        The rest narrows it: to one team (:data:`UNOWNED` for none), stage, :class:`~rungwise.causes.Cause` or
        :class:`~rungwise.causes.Direction`. The latest moves come first; ``limit`` of them after the first ``offset``, or the first ``each`` of
        every direction.

        Columns: repository, team, practice, stage, was, now, direction, moves (how many were noted in between), week (the id of the one in
        which it moved to what it is now; missing, as are the columns after it, where no cause is known), cause, path, how, commit, author,
        committed_at (UTC), subject, url (of the repository).
        """
        narrowed, parameters = _narrowed(team, stage, cause, direction)
        first = "order by week desc nulls last, repository, stage, practice limit"
        shown = f"from told where {narrowed}"
        # A few texts are found by their places; many are read as they lie.
        few = "" if each is None and limit is None else "and rowid in (select place from shown)"
        if each is not None:
            shown = " union all ".join(f"({shown} and direction = '{way}' {first} {each:d})" for way in Direction)
        elif limit is not None:
            shown += f" {first} {limit:d} offset {offset:d}"
        return self._frame(
            f"""
            with {self._moved(week, before)}, shown as materialized ({shown})
            select s.repository, s.team, s.practice, s.stage, s.was, s."now", s.direction, coalesce(s.moves, 0) as moves, s.week, s.cause, y.path,
                y.how, y."commit", y.author, y.committed_at, y.subject, p.url
            from shown s
            join profile p on p.repository_id = s.repository_id and p.from_week <= $week and p.to_week > $week
            left join (
                select rowid as place, path, how, "commit", author, committed_at, subject from move
                where week_id > $before and week_id <= $week {few}
            ) y using (place)
            order by s.week desc nulls last, s.repository, s.stage, s.practice
            """,
            week=week,
            before=before,
            **_WAYS,
            **parameters,
        )

    def moves(
        self, week: int, before: int, *, team: str | None = None, stage: int | None = None, cause: str | None = None
    ) -> DataFrame:
        """:meth:`changes` counted: direction, practices (how many statuses differ), repositories (in how many of them)."""
        narrowed, parameters = _narrowed(team, stage, cause, None)
        return self._frame(
            f"""
            with {self._moved(week, before)}
            select direction, count(*) as practices, count(distinct repository_id) as repositories
            from told where {narrowed} group by direction order by direction
            """,
            week=week,
            before=before,
            **_WAYS,
            **parameters,
        )

    def _moved(self, week: int, before: int) -> str:
        return _MOVED.format(now=self._answers(week, "latest"), was=self._answers(before, "earlier"))

    def _answers(self, week: int, latest_rows: str) -> str:
        """A query for a week's statuses: its own, as they lie, then those that stand since a week before, if there are any."""
        own = f"select repository_id, practice_id, status from observation where week_id = {week}"
        [(stand,)] = self._rows("select count(*) from carried where week_id = $week", week=week)
        if not stand:
            return own
        return f"""
            {own} union all
            select b.repository_id, b.practice_id, b.status
            from (from {latest_rows} where week_id <> {week}) l join observation b using (repository_id, week_id)
        """

    def history(self, repository: str) -> DataFrame:
        """Every change of one repository's statuses with its cause, newest first.

        Columns: week (its id), practice, was, now, cause, path, how, commit, author, committed_at (UTC), subject.
        """
        return self._frame(
            """
            select m.week_id as week, n.name as practice, was.name as was, "now".name as "now", c.name as cause, m.path, m.how, m."commit",
                m.author, m.committed_at, m.subject
            from move m join practice n using (practice_id) join cause c using (cause)
            join status was on was.status = m.was join status "now" on "now".status = m."now"
            where m.repository_id = $number order by m.week_id desc, n.name
            """,
            number=self._number(repository),
        )

    def causes(self, repository: str) -> list[tuple[int, Change]]:
        """:meth:`history` as changes, each with the id of its week."""
        rows: list[Any] = list(
            self.history(repository).astype(object).where(lambda frame: frame.notna(), None).itertuples(index=False)
        )
        return [
            (
                int(row.week),
                Change(
                    row.practice,
                    Status(row.was),
                    Status(row.now),
                    Cause(row.cause),
                    (row.path,) if row.path else (),
                    row.path,
                    row.how,
                    row.commit,
                    row.author,
                    row.committed_at and row.committed_at.to_pydatetime().replace(tzinfo=UTC),
                    row.subject,
                ),
            )
            for row in rows
        ]

    def judged_by(self) -> dict[tuple[int, str], tuple[str, str]]:
        """The rules of each repository in each week that it was recorded in, by the week's id and its name.

        Two hashes of catalogues: of the one that it was judged by, and of the one for which it was looked at.
        """
        rows = self._rows(
            """
            select w.week_id, r.name, c.hash, l.hash
            from repository_week w join repository r using (repository_id) join catalogue c on c.catalogue_id = w.catalogue_id
            join run u using (run_id) join catalogue l on l.catalogue_id = u.catalogue_id
            order by w.week_id, r.name
            """
        )
        return {(week, name): (judged, looked) for week, name, judged, looked in rows}

    def asked(self) -> dict[str, frozenset[str]]:
        """What was looked for under each catalogue of which that is known, by its hash."""
        rows = self._rows("select c.hash, list(a.name) from asked a join catalogue c using (catalogue_id) group by c.hash")
        return {catalogue: frozenset(names) for catalogue, names in rows}

    def rule_changes(self) -> DataFrame:
        """When the rules changed, and what that turned in the newest week that was there.

        Columns: week (the id of the first one under the new rules), repository, team, practice, stage, was, now.
        """
        return self._frame(
            """
            select x.week_id as week, r.name as repository, t.name as team, n.name as practice, u.stage, was.name as was, "now".name as "now"
            from rule_change x join repository r using (repository_id) join practice n using (practice_id)
            join status was on was.status = x.was join status "now" on "now".status = x."now"
            join rule u on u.catalogue_id = x."after" and u.practice_id = x.practice_id
            left join owner o on o.repository_id = x.repository_id and o.from_week <= x.week_id and o.to_week > x.week_id
            left join team t using (team_id)
            order by x.week_id, r.name, n.name
            """
        )

    def rule_weeks(self) -> list[int]:
        """The ids of the weeks from which on other rules were in force, also where they turned no status of a practice, oldest first."""
        return [week for (week,) in self._rows("select distinct week_id from rule_change order by week_id")]

    def rules(self) -> DataFrame:
        """By which rules each week was judged: week (its id), catalogue (the hash of those that most of its repositories were judged by)."""
        return self._frame(
            """
            select week_id as week, c.hash as catalogue
            from (select week_id, catalogue_id, count(*) as repositories from repository_week group by all)
            join catalogue c using (catalogue_id)
            qualify row_number() over (partition by week_id order by repositories desc, catalogue_id desc) = 1
            order by week_id
            """
        )

    def decisions(self, week: int, before: int, *, team: str | None = None) -> DataFrame:
        """Targets that differ between two weeks: repository, team, was and now (stages; missing: no target), reason, source.

        Of one team (:data:`UNOWNED` for none) where asked. Repositories that only one of the weeks knows are left out.
        """
        return self._frame(
            f"""
            with {latest()}, {latest("earlier", "$before")}
            select r.name as repository, t.name as team, a.stage as was, b.stage as "now", b.reason, b.source
            from latest join earlier using (repository_id) join repository r using (repository_id)
            left join target a on a.repository_id = latest.repository_id and a.from_week <= $before and a.to_week > $before
            left join target b on b.repository_id = latest.repository_id and b.from_week <= $week and b.to_week > $week
            {_OWNED}
            where a.stage is distinct from b.stage and coalesce(t.name, '') = coalesce($team, t.name, '')
            order by r.name
            """,
            week=week,
            before=before,
            team=team,
        ).astype({"was": "Int8", "now": "Int8"})

    def totals(self, week: int) -> dict[str, int]:
        """How many repositories there are (repositories), and of them: flagged, carried (from an earlier week), aimed (with a target), reached
        (aimed, and nothing left up to the target), judged (not flagged), full (judged, and holding all the stages that apply)."""
        [row] = self._frame(
            f"""
            with {latest()}
            select count(*) as repositories, count(*) filter (len(p.flags) > 0) as flagged,
                count(*) filter (latest.week_id <> $week) as carried, count(g.stage) as aimed,
                count(g.stage) filter (w."next" is null) as reached, count(*) filter (len(p.flags) = 0) as judged,
                count(*) filter (len(p.flags) = 0 and w.holds = w."of") as "full"
            from latest join repository_week w using (repository_id, week_id)
            join profile p on p.repository_id = latest.repository_id and p.from_week <= $week and p.to_week > $week
            left join target g on g.repository_id = latest.repository_id and g.from_week <= $week and g.to_week > $week
            """,
            week=week,
        ).to_dict("records")
        return {str(name): int(number) for name, number in row.items()}

    def needed(self, week: int, team: str | None = None) -> dict[Stage, int]:
        """For each stage, how many repositories that it applies to have a target that reaches it; of one team where asked, as in :meth:`findings`."""
        rows = self._rows(
            f"""
            with {latest()}
            select s.stage, count(*)
            from latest join stage_week s using (repository_id, week_id) join state e using (state)
            join profile p on p.repository_id = latest.repository_id and p.from_week <= $week and p.to_week > $week
            join target g on g.repository_id = latest.repository_id and g.from_week <= $week and g.to_week > $week and g.stage >= s.stage
            {_OWNED}
            where e.name <> 'not_applicable' and len(p.flags) = 0 and coalesce(t.name, '') = coalesce($team, t.name, '')
            group by s.stage
            """,
            week=week,
            team=team,
        )
        return {Stage(stage): number for stage, number in rows}

    def trend_of_stages(self, team: str | None = None) -> DataFrame:
        """:meth:`trend_of_teams` for all teams together, or for one (:data:`UNOWNED` for none).

        Columns: week (its id), stage, repositories, held, sure, open, confidence (the mean over the repositories; missing where nothing counts).
        """
        return self._frame(
            """
            select s.week_id as week, s.stage, sum(s.repositories)::integer as repositories, sum(s.held)::integer as held,
                sum(s.sure)::integer as sure, sum(s."open")::integer as "open",
                sum(s.confidence * s.repositories) / nullif(sum(s.repositories) filter (s.confidence is not null), 0) as confidence
            from team_stage_week s left join team t using (team_id)
            where $team is null or coalesce(t.name, '') = $team
            group by s.week_id, s.stage order by s.week_id, s.stage
            """,
            team=team,
        )

    def trend_of_teams(self) -> DataFrame:
        """Every recorded week's :meth:`team_stages`: week (its id), team, stage, repositories, held, sure, open, coverage."""
        return self._frame(
            """
            select s.week_id as week, t.name as team, s.stage, s.repositories, s.held, s.sure, s."open", s.coverage
            from team_stage_week s left join team t using (team_id)
            """,
            ("week", "team", "stage"),
        )

    def trend_of_repository(self, repository: str) -> DataFrame:
        """One repository's weeks: week (its id), stage, state, coverage, and holds, at_least, could_be, of (the same for all stages)."""
        return self._frame(
            """
            select w.week_id as week, s.stage, e.name as state, h.coverage, w.holds, w.at_least, w.could_be, w."of"
            from (from repository_week where repository_id = $number) w join (from stage_week where repository_id = $number) s using (week_id)
            join state e using (state) join share h using (share_id)
            order by w.week_id, s.stage
            """,
            number=self._number(repository),
        )

    def trend_of_practice(self, practice: str) -> DataFrame:
        """How many repositories had each status of one practice in each recorded week: week (its id), status, repositories."""
        return self._frame(
            """
            select b.week_id as week, s.name as status, count(*) as repositories
            from observation b join practice n using (practice_id) join status s on s.status = b.status
            where n.name = $practice group by all order by b.week_id, s.name
            """,
            practice=practice,
        )

    def team_stages(self, week: int) -> DataFrame:
        """A row for each team and stage; forks, templates and archived repositories do not count.

        Columns: team (missing: unowned), stage, repositories (to which the stage applies), held, sure, open, not_held (how many
        of them are in that state), coverage, confidence (their means, missing where nothing counts).
        """
        return self._frame(
            """
            select t.name as team, s.stage, s.repositories, s.held, s.sure, s."open", s.not_held, s.coverage, s.confidence
            from team_stage_week s left join team t using (team_id) where s.week_id = $week
            """,
            ("team", "stage"),
            week=week,
        )

    def signals(self, week: int, repository: str) -> tuple[Signal, ...]:
        """What was seen in one repository, each signal once, by path."""
        return self.signals_of(week, [repository]).get(repository, ())

    def signals_of(self, week: int, repositories: Sequence[str]) -> dict[str, tuple[Signal, ...]]:
        """What was seen in some repositories, as :meth:`signals` tells it of one, by their names; those in which nothing was are missing."""
        rows = self._rows(
            f"""
            with {latest()}
            select r.name, s.kind, s.name, s.value, s.path, s.line, s.place, s.about from latest join repository r using (repository_id)
            join signal s on s.repository_id = latest.repository_id and s.from_week <= $week and s.to_week > $week
            where r.name in (select unnest($repositories))
            order by r.name, s.path, s.kind, s.name, s.line, s.value, s.place, s.about
            """,
            week=week,
            repositories=list(repositories),
        )
        found: dict[str, list[Signal]] = {}
        for repository, kind, name, value, path, line, place, about in rows:
            signal = Signal(SignalKind(kind), name, value, path or None, line or None, Place(place), _pairs(about))
            found.setdefault(repository, []).append(signal)
        return {repository: tuple(signals) for repository, signals in found.items()}

    def last_looks(self, week: int) -> DataFrame:
        """When and how each repository was looked at last, for whoever wants to look again only where it has to be.

        Columns: repository, id (the collector's own name for it, which stays when it is renamed; missing where it has none), as_of (the id of
        the week), commit, committed_at (UTC), url, notes, team (missing: unowned), owner_source, catalogue (the rules that it was looked at for),
        silent (the settings that GitHub did not tell, or not lately), gone (whether it was not there any more).
        """
        frame = self._frame(
            f"""
            with {latest()}, told as (
                select repository_id, max(value) filter (kind = 'setting' and name = '{IDENTITY}') as id,
                    list(distinct case kind when 'unreadable' then value else name end) filter (
                        (kind = 'unreadable' and path = '' and name = 'GitHub did not answer') or (contains(about, '"as-of"') and not contains(about, '"needs"'))
                    ) as silent,
                    bool_or(kind = 'setting' and name = 'gone') as gone
                from signal
                where path = '' and kind in ('setting', 'unreadable', 'activity') and from_week <= $week and to_week > $week
                group by repository_id
            )
            select r.name as repository, i.id, latest.week_id as as_of, h."commit", h.committed_at, p.url, p.notes, t.name as team,
                o.source as owner_source, c.hash as catalogue, coalesce(i.silent, []) as silent,
                coalesce(i.gone, false) as gone
            from latest
            join repository_week w using (repository_id, week_id)
            join run u using (run_id)
            join catalogue c on c.catalogue_id = u.catalogue_id
            join repository r on r.repository_id = latest.repository_id
            join head h on h.repository_id = latest.repository_id and h.from_week <= $week and h.to_week > $week
            join profile p on p.repository_id = latest.repository_id and p.from_week <= $week and p.to_week > $week
            left join told i on i.repository_id = latest.repository_id
            {_OWNED}
            order by r.name
            """,
            week=week,
        )
        for column in ("notes", "silent"):
            frame[column] = [list(values) for values in frame[column]]
        return frame

    def settings(self, week: int, name: str) -> DataFrame:
        """What GitHub told by one name, of all repositories: repository, value, about (a dictionary)."""
        frame = self._frame(
            f"""
            with {latest()}
            select r.name as repository, s.value, s.about
            from latest join repository r using (repository_id)
            join signal s on s.repository_id = latest.repository_id and s.from_week <= $week and s.to_week > $week
            where s.kind = 'setting' and s.path = '' and s.name = $name order by r.name, s.value, s.about
            """,
            week=week,
            name=name,
        )
        return frame.assign(about=frame["about"].map(lambda about: dict(_pairs(about))))

    def unread_settings(self, week: int) -> DataFrame:
        """What GitHub would not tell.

        Columns: setting, reason (``needs`` and a permission, or why else), repositories (how many), names (of some of them).
        """
        return self._frame(
            f"""
            with {latest()}
            select s.value as setting, s.name as reason, count(distinct s.repository_id) as repositories,
                list(distinct r.name order by r.name)[:100] as names
            from latest join repository r using (repository_id)
            join signal s on s.repository_id = latest.repository_id and s.from_week <= $week and s.to_week > $week
            where s.kind = 'unreadable' and s.path = '' and s.value <> '' group by all order by repositories desc, setting, reason
            """,
            week=week,
        )

    def flaws(self) -> list[Flaw]:
        """What in the database does not fit together; empty where all does. Reads everything, and takes seconds where there is much."""
        return list(flaws(self._rows))

    def _frame(self, sql: str, order: Sequence[str] = (), /, **parameters: object) -> DataFrame:
        """The answer as a frame; in the ``order`` of some columns, missing ones last, where the query does not order it.

        Many rows with few columns are put in order in a third of the time once the query is done.
        """
        with self._cursor() as cursor:
            from rungwise.store.frames import framed

            table = cursor.sql(sql, params=parameters).to_arrow_table()
        return framed(table.sort_by([(column, "ascending") for column in order]) if order else table)

    def _rows(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            return cursor.execute(sql, parameters).fetchall()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        # One connection must not be used by two threads at once; a cursor is a connection of its own to the same open file.
        try:
            with self._connection.cursor() as cursor:
                yield cursor
        except duckdb.ProgrammingError:
            raise
        except duckdb.Error as error:
            raise generations.damaged(self._path, error) from error


def _narrowed(team: str | None, stage: int | None, cause: str | None, direction: str | None) -> tuple[str, dict[str, object]]:
    """A condition on the rows of moves, and its parameters."""
    given = {"team": team, "stage": stage, "cause": cause, "direction": direction}
    columns = {"team": "coalesce(team, '')"}
    wanted = {name: value for name, value in given.items() if value is not None}
    return " and ".join(["true", *(f"{columns.get(name, name)} = ${name}" for name in wanted)]), dict(wanted)


def _pairs(about: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in json.loads(about)) if about else ()
