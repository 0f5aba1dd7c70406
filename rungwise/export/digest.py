"""The week on one page, for people: where we stand, what moved, what to do next, and what could not be seen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rungwise.catalogue import Catalogue
from rungwise.causes import Direction, why
from rungwise.export.markdown import code, link
from rungwise.export.tables import of_team
from rungwise.fleet import advise
from rungwise.model import Stage, State, Status
from rungwise.recommend import Advice, SharedStep, in_words, team_advice
from rungwise.store import Reader, Week

MOST_MOVES = 12
"""How many moves are told one by one before the rest is only counted."""
MOST_NAMES = 5
"""How many repositories of a step are named."""
_WORDS = {
    Status.PRESENT: "there",
    Status.PARTIAL: "partly there",
    Status.ATTESTED: "confirmed by a person",
    Status.ABSENT: "not there",
    Status.NOT_SEEN: "not seen",
    Status.UNKNOWN: "could not be looked at",
    Status.NOT_APPLICABLE: "does not apply",
}


@dataclass(frozen=True)
class Digest:
    """Everything that the page is written from."""

    reader: Reader
    week: Week
    before: Week | None
    catalogue: Catalogue
    repositories: pd.DataFrame
    stages: pd.DataFrame
    advice: Mapping[str, Advice]
    team: str | None = None

    @classmethod
    def of(cls, reader: Reader, week: Week, catalogue: Catalogue, team: str | None = None) -> Digest:
        """The digest of a week, of one team (:data:`UNOWNED` for none) where asked."""
        repositories = of_team(reader.repositories(week.id), team)
        before = next((known for known in reader.weeks() if known.id < week.id), None)
        advice = advise(reader, week.id, catalogue, team)
        return cls(reader, week, before, catalogue, repositories, reader.stages(week.id, team), advice, team)

    def render(self) -> str:
        """The page in Markdown."""
        parts = [self._head(), self._standing(), self._moved(), self._next(), self._unseen()]
        return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"

    def _head(self) -> list[str]:
        who = "we stand" if self.team is None else f"{plain(self.team or 'what nobody owns')} stands"
        lines = [f"# How {who} in {self.week.label}"]
        if self.reader.demo:
            about = self.reader.about
            source = plain(about.get("source", "")).rstrip(".")
            lines += ["", f"*Demonstration data, made on {about.get('made_on', '')}: {source}. {plain(about.get('note', ''))}*"]
        return lines

    def _counted(self) -> pd.DataFrame:
        """The repositories that count: flagged ones have no target and no gaps."""
        return self.repositories[[not flags for flags in self.repositories["flags"]]]

    def _standing(self) -> list[str]:
        counted = self._counted()
        teams = counted["team"].nunique()
        unowned = int(counted["team"].isna().sum())
        lines = ["## Where we stand", ""]
        owners = f"in {_count(teams, 'team')}" + (f", {unowned} of them unowned" if unowned else "")
        lines.append(
            f"{_sentence(_count(len(counted), 'repository', 'repositories'))} {owners}. A stage is an area of work, not a grade, and not all of them apply to all."
        )
        aimed = counted[counted["target"].notna()]
        if len(aimed):
            reached = sum(not advice.gaps for name, advice in self.advice.items() if name in set(aimed["repository"]))
            lines.append(
                f"{reached} of {len(aimed)} repositories with a target have no gap up to it; {len(counted) - len(aimed)} have no target yet."
            )
        else:
            lines.append("Nobody has decided a target yet, so the steps below lead to each repository's next rung.")
        lines += ["", "| Stage | Held | Could be held, questions open |", "| --- | ---: | ---: |"]
        states = self.stages[self.stages["repository"].isin(counted["repository"])]
        for stage in Stage:
            its = states[(states["stage"] == int(stage)) & (states["state"] != State.NOT_APPLICABLE.value)]["state"]
            held = int(its.isin([State.SURE.value, State.HELD.value]).sum())
            undecided = int((its == State.OPEN.value).sum())
            lines.append(f"| {int(stage)} {stage.title} | {held} of {len(its)} | {undecided} |")
        return lines

    def _moved(self) -> list[str]:
        if self.before is None:
            return ["## What moved", "", "This is the first week; next week's digest says what moved."]
        lines = [f"## What moved since {self.before.label}", ""]
        counts = {
            row.direction: int(row.practices) for row in _rows(self.reader.moves(self.week.id, self.before.id, team=self.team))
        }
        if not counts:
            return [*lines, "Nothing: every answer is as it was."]
        other = counts.get(Direction.SIGHT, 0) + counts.get(Direction.SCOPE, 0)
        told = [f"{counts.get(Direction.UP, 0)} up", f"{counts.get(Direction.DOWN, 0)} down"]
        told += [f"{other} newly seen, lost from sight or no longer asked for"] if other else []
        told += [f"{counts[Direction.RULES]} judged anew by other rules"] if Direction.RULES in counts else []
        lines += [f"{_sentence(_count(sum(counts.values()), 'practice'))}: {', '.join(told)}.", ""]
        left = MOST_MOVES
        for way in (Direction.DOWN, Direction.UP):
            moves = _rows(self._changes(way, self.before, left)) if left else []
            lines += (self._move(move) for move in moves)
            left -= len(moves)
        rest = counts.get(Direction.UP, 0) + counts.get(Direction.DOWN, 0) - MOST_MOVES
        return [*lines, f"- and {rest} more"] if rest > 0 else lines

    def _changes(self, way: Direction, before: Week, most: int) -> pd.DataFrame:
        return self.reader.changes(self.week.id, before.id, team=self.team, direction=way, limit=most)

    def _move(self, move: Any) -> str:
        because = why(move, move.url if isinstance(move.url, str) else None, plain=plain, code=code, link=link)
        return (
            f"- {self._link(move.repository)}: {plain(self._title(move.practice))}, {_WORDS[Status(move.was)]} before, "
            f"now {_WORDS[Status(move.now)]}; {because}"
        )

    def _next(self) -> list[str]:
        lines = ["## What to do next, team by team"]
        counted = self._counted()
        for team in [*sorted(counted["team"].dropna().unique(), key=str.casefold), None]:
            names = list(
                counted[counted["team"].isna()]["repository"] if team is None else counted[counted["team"] == team]["repository"]
            )
            if not names:
                continue
            lines += ["", f"### {plain(team or 'Unowned repositories')} ({_count(len(names), 'repository', 'repositories')})", ""]
            steps = team_advice({name: self.advice[name] for name in names})
            lines += [self._step(number, step, len(names)) for number, step in enumerate(steps, 1)] or ["Nothing now."]
        return lines

    def _step(self, number: int, step: SharedStep, of: int) -> str:
        named = ", ".join(self._link(name) for name in step.repositories[:MOST_NAMES])
        more = len(step.repositories) - MOST_NAMES
        names = named + (f" and {more} more" if more > 0 else "")
        verb = "Answer" if step.kind == "find out" else "Do"
        return f"{number}. {verb}: **{plain(step.title)}**. {plain(step.how[0], keeps_code=True)} Helps {len(step.repositories)} of {of}: {names}."

    def _unseen(self) -> list[str]:
        lines = ["## What could not be seen", ""]
        run = self.reader.run(self.week.id) or {}
        questions: dict[str, list[str]] = defaultdict(list)
        words: dict[str, str] = {}
        for name, advice in self.advice.items():
            for step in advice.questions:
                questions[step.practice].append(name)
                words[step.practice] = step.how[0]
        asked = sum(map(len, questions.values()))
        if asked:
            lines.append(
                f"{_sentence(_count(asked, 'question'))} that only people can answer {'is' if asked == 1 else 'are'} open. Asked most:"
            )
            lines.append("")
            most = sorted(questions, key=lambda practice: (-len(questions[practice]), practice))[:3]
            lines += (
                f"- {plain(words[practice])} ({_count(len(questions[practice]), 'repository', 'repositories')})"
                for practice in most
            )
            lines.append("")
        lines += (f"- {plain(sentence)}" for sentence in run.get("incomplete", []) if self._concerns(sentence))
        carried = self.repositories[self.repositories["as_of"] != self.week.id]
        if len(carried):
            lines.append(
                f"- {_sentence(_count(len(carried), 'repository was', 'repositories were'))} not collected this week; the last known answer stands."
            )
        if lines == ["## What could not be seen", ""]:
            lines.append("Nothing was out of reach.")
        return lines

    def _concerns(self, sentence: str) -> bool:
        return self.team is None or any(name in sentence for name in self.repositories["repository"])

    def _title(self, practice: str) -> str:
        return self.catalogue[practice].title if practice in self.catalogue.by_id else practice

    def _link(self, repository: str) -> str:
        found = self.repositories[self.repositories["repository"] == repository]["url"]
        name = plain(repository.partition("/")[2] or repository)
        return link(name, found.iloc[0] if len(found) else None)


_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~$&])")


def plain(text: str, *, keeps_code: bool = False) -> str:
    """Text from elsewhere that Markdown and HTML leave alone, on one line; our own may keep its `code`."""
    words = " ".join(text.split())
    if not keeps_code:
        return _SPECIAL.sub(r"\\\1", words)
    return "`".join(part if number % 2 else _SPECIAL.sub(r"\\\1", part) for number, part in enumerate(words.split("`")))


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples(index=False))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{in_words(number)} {one if number == 1 else many or one + 's'}"
