"""What the pages read, cached by the generation of the database: a new collection shows by itself, and nothing is read twice."""

from __future__ import annotations

import json
import os
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from rungwise import own_practices
from rungwise.assess import assess
from rungwise.assess import parts as judge_parts
from rungwise.catalogue import Catalogue
from rungwise.causes import Direction
from rungwise.fleet import advise, needs
from rungwise.model import Finding, Flag, Part, Snapshot, Stage
from rungwise.owners import Owner, named_besides
from rungwise.pages.elements import address
from rungwise.recommend import Advice, SharedStep, recommend, team_advice
from rungwise.store import Reader, Week, open_reader

ROOT = Path(__file__).parents[3]
"""The folder that holds ``app.py``."""


def open_database() -> Reader:
    """The database that ``RUNGWISE_DATABASE`` names, else the one in ``data/rungwise``, else the demo."""
    return open_reader(Path(os.environ.get("RUNGWISE_DATABASE") or ROOT / "data" / "rungwise"))


@dataclass(frozen=True)
class Moves:
    """How many statuses moved, in how many repositories."""

    practices: int
    repositories: int


@dataclass(frozen=True)
class Fleet:
    """The steps that help most over all repositories, how many questions are open, and in how many repositories."""

    steps: tuple[SharedStep, ...]
    questions: int
    asking: int


@dataclass(frozen=True)
class View:
    """One week, as every page of one run sees it."""

    reader: Reader
    weeks: tuple[Week, ...]
    week: Week
    catalogue: Catalogue

    @property
    def before(self) -> Week | None:
        """The week before this one that was collected, if any was."""
        return next((week for week in self.weeks if week.id < self.week.id), None)

    @property
    def year_before(self) -> Week | None:
        """The earliest week of the year before this one, where that is further back than :attr:`before`."""
        year = [week for week in self.weeks if self.week.id - 53 < week.id < self.week.id]
        return year[-1] if len(year) > 1 else None

    @property
    def run(self) -> dict[str, Any]:
        """How this week was collected; empty where nobody noted it."""
        return _read(self.reader.generation, "run", self.week.id, self.reader) or {}

    def repositories(self) -> pd.DataFrame:
        """A row for each repository, in alphabetical order."""
        return self._read("repositories")

    def stages(self, team: str | None = None, repository: str | None = None) -> pd.DataFrame:
        """A row for each repository and stage; of one team or repository where asked."""
        return self._read("stages", team=team, repository=repository)

    def team_stages(self) -> pd.DataFrame:
        """A row for each team and stage."""
        return self._read("team_stages")

    def findings(self, repository: str) -> pd.DataFrame:
        """A row for each practice of one repository, with its evidence."""
        return self._read("findings", repository=repository)

    def practices(self) -> pd.DataFrame:
        """How many repositories have each status of each practice."""
        return self._read("practices")

    def of_practice(self, practice: str) -> pd.DataFrame:
        """A row for each repository, with the status of one practice and why."""
        return self._read("findings", practice=practice, evidence=False)

    def facts(self, repository: str) -> pd.DataFrame:
        """What is assumed about one repository."""
        return self._read("facts", repository=repository)

    def named_besides(self, row: Any) -> tuple[Owner, ...]:
        """Whom other sources than the one that won name as the owner of one repository, a row of :meth:`repositories`."""
        signals = _read(self.reader.generation, "signals", self.week.id, self.reader, repository=row.repository)
        return named_besides(signals, text(row.team), text(row.owner_source))

    def unread_settings(self) -> pd.DataFrame:
        """What GitHub would not tell, and about which repositories."""
        return self._read("unread_settings")

    def moves(
        self, since: Week, team: str | None = None, stage: int | None = None, cause: str | None = None
    ) -> dict[Direction, Moves]:
        """How much moved since an earlier week, by direction; narrowed as in :meth:`Reader.changes`."""
        frame = self._read("moves", before=since.id, team=team, stage=stage, cause=cause)
        return {Direction(row.direction): Moves(int(row.practices), int(row.repositories)) for row in rows(frame)}

    def changes(self, since: Week, **narrowed: Hashable) -> pd.DataFrame:
        """What moved since an earlier week, and why; narrowed as in :meth:`Reader.changes`."""
        return self._read("changes", before=since.id, **narrowed)

    def decisions(self, since: Week, team: str | None = None) -> pd.DataFrame:
        """The targets that people changed since an earlier week."""
        return self._read("decisions", before=since.id, team=team)

    def rule_changes(self) -> pd.DataFrame:
        """What changes of the rules turned, up to this week."""
        frame = self._ask("rule_changes")
        return frame[frame["week"] <= self.week.id]

    def rules(self) -> pd.DataFrame:
        """By which rules each week was judged."""
        return self._ask("rules")

    def trend_of_stages(self, team: str | None) -> pd.DataFrame:
        """A row for each week and stage, of all repositories or one team's."""
        return self._ask("trend_of_stages", team=team)

    def trend_of_repository(self, repository: str) -> pd.DataFrame:
        """A row for each week and stage of one repository."""
        return self._ask("trend_of_repository", repository=repository)

    def trend_of_practice(self, practice: str) -> pd.DataFrame:
        """A row for each week and status of one practice."""
        return self._ask("trend_of_practice", practice=practice)

    def needed(self, team: str | None) -> dict[Stage, int]:
        """How many repositories need each stage, by their targets; of all or of one team."""
        found = _read(self.reader.generation, "needed", self.week.id, self.reader, team=team)
        assert isinstance(found, dict)
        return found

    def rule_weeks(self) -> set[int]:
        """The ids of the weeks up to this one from which on other rules were in force."""
        return {week for week in self.reader.rule_weeks() if week <= self.week.id}

    def totals(self) -> dict[str, int]:
        """How many repositories there are, and how many of them are at their target or without one."""
        found = _read(self.reader.generation, "totals", self.week.id, self.reader)
        assert isinstance(found, dict)
        return found

    def owners(self) -> dict[str, str | None]:
        """The team of each repository."""
        found = _read(self.reader.generation, "owners", self.week.id, self.reader)
        assert isinstance(found, dict)
        return found

    def history(self, repository: str) -> pd.DataFrame:
        """Every move of one repository's practices up to this week, the newest first."""
        frame = self._ask("history", repository=repository)
        return frame[frame["week"] <= self.week.id]

    def advice(self, team: str | None = None) -> dict[str, Advice]:
        """What each repository could do next, by its name; of one team (:data:`UNOWNED` for none) where asked, which is much faster."""
        return _advice(self.reader.generation, self.week.id, self.catalogue.hash, team, self.reader, self.catalogue)

    def parts(self, row: Any) -> tuple[Part, ...]:
        """The components of one repository, a row of :meth:`repositories`, the weakest first; none where there is only one.

        They are judged anew from what was seen, by the rules of today.
        """
        if len(row.components) < 2:
            return ()
        collected = _read(self.reader.generation, "run", int(row.as_of), self.reader) or {}
        when = collected["started"].replace(tzinfo=UTC) if collected else None
        return _parts(
            self.reader.generation, self.week.id, row.repository, self.catalogue.hash, when, row, self.reader, self.catalogue
        )

    def fleet(self) -> Fleet:
        """What could be done next over all repositories."""
        return _fleet(self.reader.generation, self.week.id, self.catalogue.hash, self.reader, self.catalogue)

    def advise(self, findings: Sequence[Finding], rung: Stage | None, row: Any) -> Advice:
        """What one repository, a row of :meth:`repositories`, or a component of it could do next."""
        return recommend(findings, self.catalogue, target=stage(row.target), next_rung=rung, flags=_flags(row.flags))

    def _read(self, what: str, **arguments: Hashable) -> pd.DataFrame:
        frame = _read(self.reader.generation, what, self.week.id, self.reader, **arguments)
        assert isinstance(frame, pd.DataFrame)
        return frame

    def _ask(self, what: str, **arguments: Hashable) -> pd.DataFrame:
        """What is asked about no week in particular."""
        frame = _read(self.reader.generation, what, None, self.reader, **arguments)
        assert isinstance(frame, pd.DataFrame)
        return frame


def open_view() -> View | None:
    """The week that the address asks for, or else the newest; ``None`` before the first."""
    catalogue = own_practices.load(own_practices.folder_named(None, os.environ))
    reader = open_database()
    weeks = tuple(reader.weeks())
    if not weeks:
        return None
    week = next((week for week in weeks if week.label == address.asked("week")), weeks[0])
    return View(reader, weeks, week, catalogue)


def rows(frame: pd.DataFrame) -> list[Any]:
    """The rows, each with its columns as attributes."""
    return list(frame.itertuples(index=False))


def text(value: object) -> str | None:
    """A cell that may be empty."""
    return value if isinstance(value, str) and value else None


def stage(value: Any) -> Stage | None:
    """A cell that may hold a stage."""
    return None if pd.isna(value) else Stage(int(value))


def share(value: Any) -> float:
    """A cell that may hold a share; nothing is none of it."""
    return 0.0 if pd.isna(value) else float(value)


def of_team(frame: pd.DataFrame, team: str | None) -> pd.DataFrame:
    """The rows of one team; ``None`` for those that nobody owns."""
    return frame[frame["team"].isna()] if team is None else frame[frame["team"] == team]


@st.cache_data(max_entries=1, show_spinner=False)
def accuracy() -> dict[str, Any]:
    """How often the answers are right, as measured on labelled repositories; empty where it was not measured."""
    try:
        found = json.loads((ROOT / "data" / "accuracy.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@st.cache_data(max_entries=64, show_spinner=False)
def _read(generation: str, what: str, week: int | None, _reader: Reader, **arguments: Hashable) -> Any:
    return getattr(_reader, what)(*([] if week is None else [week]), **arguments)


@st.cache_resource(max_entries=32, show_spinner=False)
def _advice(
    generation: str, week: int, rules: str, team: str | None, _reader: Reader, _catalogue: Catalogue
) -> dict[str, Advice]:
    return advise(_reader, week, _catalogue, team)


@st.cache_resource(max_entries=8, show_spinner=False)
def _fleet(generation: str, week: int, rules: str, _reader: Reader, _catalogue: Catalogue) -> Fleet:
    lacking = needs(_reader, week, _catalogue)
    asked = [len(its.questions) for its in lacking.values() if its.questions]
    return Fleet(team_advice(lacking), sum(asked), len(asked))


@st.cache_resource(max_entries=64, show_spinner=False)
def _parts(
    generation: str,
    week: int,
    repository: str,
    rules: str,
    as_of: datetime | None,
    _row: Any,
    _reader: Reader,
    _catalogue: Catalogue,
) -> tuple[Part, ...]:
    url = text(_row.url)
    snapshot = Snapshot(
        repository=repository,
        commit=_row.commit,
        committed_at=_row.committed_at.to_pydatetime().replace(tzinfo=UTC),
        signals=_reader.signals(week, repository),
        host=urlsplit(url).netloc if url else None,
    )
    return judge_parts(snapshot, assess(snapshot, _catalogue, as_of=as_of), _catalogue, as_of=as_of)


def part_findings(part: Part) -> pd.DataFrame:
    """A row for each practice of one component, with the columns of :meth:`View.findings`."""
    return pd.DataFrame(
        [
            {
                "practice": finding.practice,
                "stage": int(finding.stage),
                "status": finding.status.value,
                "reason": finding.reason,
                "looked_for": finding.looked_for,
                "component": finding.component,
                "evidence": [asdict(evidence) for evidence in finding.evidence],
            }
            for finding in part.findings
        ]
    )


def _flags(values: Iterable[str]) -> tuple[Flag, ...]:
    return tuple(Flag(value) for value in values)
