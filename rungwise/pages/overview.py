"""How are we, and where should we look?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rungwise.causes import Direction
from rungwise.export import snapshot_zip
from rungwise.model import Stage, State
from rungwise.pages.elements import address, blocks, heatmap, marks, over_time, words
from rungwise.pages.elements.data import Fleet, View, rows, share, text
from rungwise.recommend import SharedStep


def figures(view: View) -> DeltaGenerator:
    """The four figures; the place of the third is given back, since it is known last."""
    finished = view.run.get("finished")
    with st.grid(4, min_column_width=165, gap="small"):
        figure(st, *standing(view.totals()))
        if view.before is None:
            figure(st, "Moved since last week", "-", "one week so far")
        else:
            moves = view.moves(view.before)
            went, came = (moves[way].practices if way in moves else 0 for way in (Direction.DOWN, Direction.UP))
            every = sum(its.practices for its in moves.values())
            note = f"{came:,} came, {went:,} went" if moves else "all as it was"
            figure(st, f"Moved since {view.before.label}", words.count(every, "practice") if moves else "Nothing", note)
        later = st.empty()
        figure(later, "Open questions", "...", "counting")
        if finished is None:
            figure(st, "Age of the data", "unknown", f"week {view.week.label}")
        else:
            # A week that was judged from git long afterwards is not news of the day on which that was done.
            seen = min(finished.date(), view.week.starts + timedelta(days=6))
            figure(st, "Age of the data", words.age(seen, datetime.now(UTC).date()).capitalize(), f"from {words.day(seen)}")
    return later


def open_questions(place: DeltaGenerator, fleet: Fleet) -> None:
    """The third figure."""
    figure(place, "Open questions", f"{fleet.questions:,}", f"in {words.repositories(fleet.asking)}")


def figure(place: Any, label: str, value: str, note: str) -> None:
    """One figure in a card."""
    place.metric(label, value, note, delta_color="off", delta_arrow="off", border=True, height="stretch")


def standing(totals: Mapping[str, int]) -> tuple[str, str, str]:
    """Repositories at their target or, where nobody decided targets, those that hold all there is to hold."""
    if totals["aimed"]:
        undecided = totals["repositories"] - totals["aimed"]
        note = f"{undecided:,} have no target yet" if undecided else "all have a target"
        return "At or above their target", f"{totals['reached']:,} of {totals['aimed']:,}", note
    return "Hold all their stages", f"{totals['full']:,} of {totals['judged']:,}", "no targets decided"


def gaps_in_the_data(view: View) -> None:
    """What the collection could not see."""
    incomplete = view.run.get("incomplete") or []
    if incomplete:
        label = f"{words.count(len(incomplete), 'thing')} could not be collected"
        with st.expander(label, type="compact", icon=":material/visibility_off:"):
            st.markdown("\n".join(f"- {words.plain(sentence)}" for sentence in incomplete))


def cell(row: Any) -> heatmap.Cell:
    """One cell of the heat map."""
    return heatmap.Cell(
        team=text(row.team),
        name=blocks.team_name(text(row.team)),
        stage=Stage(int(row.stage)),
        repositories=int(row.repositories),
        sure=int(row.sure),
        held=int(row.held),
        open=int(row.open),
        known=share(row.confidence),
    )


def teams_by_stages(view: View) -> None:
    """The heat map, and the same places as links."""
    st.header("Teams by stages", anchor=False)
    cells = [cell(row) for row in rows(view.team_stages()) if row.repositories]
    cells.sort(key=lambda cell: (cell.team is None, cell.name.casefold(), cell.stage))
    cells = largest(cells)
    st.caption(
        "How many of a team's repositories hold each stage: the deeper the colour, the more of them. The line under a cell is "
        "the share of what counts there that could be judged. Click a cell to see that team at that stage."
    )
    teams = list(dict.fromkeys(cell.team for cell in cells))
    event: Any = st.plotly_chart(
        heatmap.figure(cells),
        key="teams-by-stages",
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
        alt=heatmap.alternative(cells),
    )
    if points := event["selection"]["points"]:
        row, stage = points[0]["customdata"][:2]
        # A selection that stays in the session would send everybody away again who comes back to this page.
        st.session_state.pop("teams-by-stages", None)
        st.switch_page(address.TEAM, query_params=address.state(team=teams[int(row)] or address.UNOWNED, stage=int(stage)))
    with st.expander("The teams as links", type="compact"), st.container(horizontal=True, gap="small"):
        for team in teams:
            blocks.team_link(team)


def largest(cells: Sequence[heatmap.Cell]) -> list[heatmap.Cell]:
    """The cells of as many teams as fit on a screen or two, those with the most repositories; all where a person asks for them."""
    sizes: dict[str | None, int] = {}
    for one in cells:
        sizes[one.team] = max(sizes.get(one.team, 0), one.repositories)
    if len(sizes) <= TEAMS or st.toggle(
        f"All {len(sizes):,} teams and not only the {TEAMS} with the most repositories", key="all-teams", bind="query-params"
    ):
        return list(cells)
    shown = sorted(sizes, key=lambda team: -sizes[team])[:TEAMS]
    return [one for one in cells if one.team in shown]


TEAMS = 30
"""How many teams are shown at first."""


def where_repositories_stand(view: View) -> None:
    """How many repositories hold each stage, and how surely."""
    st.header("Where repositories stand", anchor=False)
    teams = view.team_stages()
    counts = {
        stage: {
            State.SURE: int(found["sure"].sum()),
            State.HELD: int(found["held"].sum()),
            State.OPEN: int(found["open"].sum()),
            State.NOT_HELD: int(found["not_held"].sum()),
        }
        for stage in Stage
        for found in [teams[teams["stage"] == int(stage)]]
    }
    st.html(marks.fleet_rows(counts))
    st.html(
        marks.legend(
            (marks.segment("rw-there"), "hold it surely"),
            (marks.segment("rw-likely"), "hold it, going by what is known"),
            (marks.segment("rw-open"), "open questions decide"),
            (marks.segment(""), "do not hold it"),
        )
    )
    left_out = view.totals()["flagged"]
    if left_out:
        those = words.count(
            left_out, "repository that is a fork, a template or archived", "forks, templates and archived repositories"
        )
        st.caption(f"Without {those}.")


def gaps_that_cost_most(view: View, steps: Sequence[SharedStep]) -> None:
    """A few sentences, each with the teams whom it concerns."""
    if not steps:
        st.markdown("Nothing is known to be missing for the next rung of any repository.")
    owners = view.owners()
    for step in steps:
        gap(step, Counter(owners.get(name) for name in step.repositories))


def gap(step: SharedStep, teams: Counter[str | None]) -> None:
    """One gap: what is missing, in how many repositories, and with whom."""
    with st.container(border=True, gap="xsmall"):
        blocks.stage_line(step.stage, "a question" if step.kind == "find out" else "")
        st.markdown(f"**{words.plain(step.title)}**  \n:gray[{words.plain(step.why_now)}]")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            for team, number in teams.most_common(3):
                blocks.team_link(team, step.stage, f"{blocks.team_name(team)} ({number})")
            if len(teams) > 3:
                st.caption(f"and {words.count(len(teams) - 3, 'more team')}", width="content")


def what_moved(view: View) -> None:
    """What moved since the week before, in sentences: what went with its cause, what came, and the way to the rest."""
    if view.before is None:
        return
    st.header(f"What moved since {view.before.label}", anchor=False)
    blocks.moved_in_brief(view, view.before)


view = blocks.start()
blocks.head("How are we, and where should we look?", view, download=lambda: snapshot_zip(view.reader, view.week, view.catalogue))
questions = figures(view)
gaps_in_the_data(view)
with st.grid(2, min_column_width=560, gap="medium") as grid:
    with grid.cell():
        teams_by_stages(view)
        where_repositories_stand(view)
    with grid.cell():
        st.header("The gaps that cost most", anchor=False)
        gaps = st.container()
        what_moved(view)
st.header("Where this is going", anchor=False)
over_time.stages(view)
# Advice takes every finding of the week, so it comes last: the first visitor after a collection sees the rest meanwhile.
with gaps, st.skeleton(height=360):
    fleet = view.fleet()
    open_questions(questions, fleet)
    gaps_that_cost_most(view, fleet.steps)
