"""What should this team do next?"""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import streamlit as st

from rungwise.export import snapshot_zip
from rungwise.model import Stage, State, Status
from rungwise.pages.elements import address, blocks, marks, over_time, words
from rungwise.pages.elements.data import View, of_team, rows, share, stage, text
from rungwise.recommend import Advice, Step, team_advice
from rungwise.store import UNOWNED


def chosen(view: View) -> tuple[bool, str | None]:
    """Whether a team that exists was asked for, and which; ``None`` stands for nobody."""
    owners = [text(team) for team in view.repositories()["team"].unique()]
    asked = address.asked("team")
    if asked == address.UNOWNED and None in owners:
        return True, None
    return asked in owners and asked is not None, asked


def names(view: View) -> list[str]:
    """All teams as they stand in an address, those without an owner last."""
    owners = view.repositories()["team"]
    return sorted(owners.dropna().unique(), key=str.casefold) + ([address.UNOWNED] if owners.isna().any() else [])


def choose_team(view: View, asked: str | None) -> None:
    """The choice of a team."""
    blocks.choose("Team", names(view), asked, "team", lambda name: blocks.team_name(None if name == address.UNOWNED else name))


def no_team(view: View, asked: str | None) -> None:
    """What to do where no team was asked for, or one that does not exist."""
    if asked is not None:
        st.warning(f"There is no team called {words.plain(asked)} in week {view.week.label}.", icon=":material/search_off:")
    st.markdown("Choose a team above, or follow one of these:")
    sizes = view.repositories()["team"].value_counts(dropna=False)
    with st.grid(3, min_column_width=250, gap=("xsmall", "small")):
        for name in names(view):
            team = None if name == address.UNOWNED else name
            number = int(sizes[sizes.index.isna()].sum() if team is None else sizes[team])
            blocks.team_link(team, label=f"{blocks.team_name(team)} ({number})")


def next_steps(advice: dict[str, Advice]) -> None:
    """At most three steps, and whom each helps."""
    st.header("What to do next", anchor=False)
    steps = team_advice(advice)
    if not steps:
        st.markdown("Nothing now: no repository of this team has a gap that is known and due.")
    with st.grid(max(len(steps), 1), min_column_width=220, gap="small"):
        for step in steps:
            blocks.step_card(step, step.repositories)


def standings(
    view: View, repositories: pd.DataFrame, stages: dict[str, list[marks.Mark]], advice: dict[str, Advice], only: Stage | None
) -> None:
    """A row for each repository: its name, its six stages or the one that is asked for, and its label."""
    st.header("Repositories", anchor=False)
    blocks.choose_stage(only, "team-stage")
    shown = page(repositories)
    if only:
        one_stage(shown, stages, advice, only)
    else:
        all_stages(shown, stages)
    reach = [(marks.NEED, "as far as the target reaches")] if not only and repositories["target"].notna().any() else []
    st.html(marks.legend(*blocks.BAR, *reach))


def all_stages(repositories: pd.DataFrame, stages: dict[str, list[marks.Mark]]) -> None:
    """The repositories with six bars each."""
    _, bars, _ = st.columns(WIDTHS, vertical_alignment="bottom")
    bars.html(marks.six_heads())
    for row in rows(repositories):
        name, bars, label = st.columns(WIDTHS, vertical_alignment="center")
        with name:
            blocks.repository_link(row.repository)
        bars.html(marks.six_bars(stages[row.repository], stage(row.target)))
        upcoming = stage(row.next)
        following = f"next: {upcoming.short.lower()}" if upcoming else "at its target" if stage(row.target) else ""
        label.html(f'<div class="rw-small">holds {row.holds} of {row.of}<br><span class="rw-soft">{following}</span></div>')


WIDTHS = [2.6, 7, 1.8]


def one_stage(repositories: pd.DataFrame, stages: dict[str, list[marks.Mark]], advice: dict[str, Advice], only: Stage) -> None:
    """The repositories at one stage, with what is missing and what is open there."""
    for row in rows(repositories):
        mark = next((mark for mark in stages[row.repository] if mark.stage is only), None)
        name, bar, gaps = st.columns([3, 2.4, 6], vertical_alignment="center")
        with name:
            blocks.repository_link(row.repository, only)
        if mark is None:
            continue
        bar.html(
            f'<div class="rw-cell rw-s{int(only)}" title="{mark.sentence}"><span class="rw-small">{marks.dot(mark.state, only)}'
            f"{words.STATES[mark.state]}</span>{marks.bar(mark)}</div>"
        )
        its = advice[row.repository]
        lines = []
        for word, status in (("Not there", Status.ABSENT), ("Partly there", Status.PARTIAL)):
            titles = [f"“{words.plain(step.title)}”" for step in its.gaps if step.stage is only and step.status is status]
            lines += [f"{word}: {words.listing(titles, len(titles))}."] if titles else []
        asked = sum(step.stage is only for step in its.questions)
        lines += [f":gray[{words.count(asked, 'question')} open.]"] if asked else []
        applies = mark.state is not State.NOT_APPLICABLE
        gaps.markdown("  \n".join(lines) or (":gray[Nothing is known to be missing.]" if applies else ""))


def page(repositories: pd.DataFrame) -> pd.DataFrame:
    """As many rows as a person looks at, and the way to the others."""
    pages = -(-len(repositories) // ROWS)
    if pages < 2:
        return repositories
    number = st.pagination(pages, key="team-page")
    return repositories.iloc[(number - 1) * ROWS : number * ROWS]


ROWS = 40
"""Repositories that are shown at once."""


def of_repositories(view: View, team: str | None) -> dict[str, list[marks.Mark]]:
    """The six marks of each repository of a team."""
    found = view.stages(team or UNOWNED)
    by_name: dict[str, list[marks.Mark]] = defaultdict(list)
    for row in rows(found):
        by_name[row.repository].append(
            marks.Mark(Stage(int(row.stage)), State(row.state), share(row.coverage), share(row.confidence))
        )
    return by_name


def questions(advice: dict[str, Advice]) -> None:
    """What only people can answer, the weightiest first."""
    st.header("Questions only people can answer", anchor=False)
    asked: dict[str, list[str]] = defaultdict(list)
    steps: dict[str, Step] = {}
    for name, its in advice.items():
        for step in its.questions:
            asked[step.practice].append(name)
            steps.setdefault(step.practice, step)
    if not asked:
        st.markdown("None: everything that counts here could be seen.")
        return
    st.caption("A repository does not have to show these, so nothing is held against anybody. A minute each.")
    ranked = sorted(asked, key=lambda practice: (-steps[practice].impact, -len(asked[practice]), practice))
    with st.container(key="lines-of-questions", gap="xsmall"):
        for practice in ranked[:ASKED]:
            step = steps[practice]
            label = f"{words.plain(step.how[0])} :gray[{step.stage.short} · {words.repositories(len(asked[practice]))}]"
            with st.expander(label, type="compact", icon=":material/help:"):
                st.caption(words.plain(step.title))
                for name in asked[practice]:
                    blocks.repository_link(name, step.stage)
        if more := ranked[ASKED:]:
            with st.expander(words.count(len(more), "more question"), type="compact"):
                lines = (f"- {words.plain(steps[one].how[0])} :gray[{words.plain(words.listing(asked[one]))}]" for one in more)
                st.markdown("\n".join(lines))


ASKED = 10  # questions that are shown at once


view = blocks.start()
known, team = chosen(view)
if not known:
    blocks.head("Which team?", view, lambda: choose_team(view, team))
    no_team(view, team)
else:
    blocks.head(
        words.plain(blocks.team_name(team)),
        view,
        lambda: choose_team(view, team or address.UNOWNED),
        download=lambda: snapshot_zip(view.reader, view.week, view.catalogue, team or UNOWNED),
    )
    repositories = of_team(view.repositories(), team)
    aimed = int(repositories["target"].notna().sum())
    targets = f"{aimed} of them with a target" if aimed else "no targets decided"
    st.markdown(f"{words.repositories(len(repositories))} ({words.kinds(repositories['kind'])}), {targets}.")
    advice = view.advice(team or UNOWNED)
    next_steps(advice)
    standings(view, repositories, of_repositories(view, team), advice, address.asked_stage())
    questions(advice)
    if view.before:
        st.header(f"What moved since {view.before.label}", anchor=False)
        blocks.moved_in_brief(view, view.before, team or UNOWNED)
    st.header("Where this is going", anchor=False)
    over_time.stages(view, team or UNOWNED)
