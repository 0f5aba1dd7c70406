"""What moved, and why?"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st

from rungwise.causes import Cause, Direction
from rungwise.model import Stage
from rungwise.pages.elements import address, blocks, over_time, words
from rungwise.pages.elements.data import View, rows, stage, text
from rungwise.store import UNOWNED, Week

FIRST, LISTED = 12, 40
"""How many moves of a direction are listed beside the other directions, and how many at once where it is alone."""


def since(view: View) -> Week | None:
    """The week to compare with: the one that is asked for, else the one before; ``None`` where there is none."""
    earlier = [week for week in view.weeks if week.id < view.week.id]
    return next((week for week in earlier if week.label == address.asked("since")), view.before)


def choose(view: View, before: Week) -> None:
    """The choices: since when, whose, and why."""
    earlier = {week.label: week for week in view.weeks if week.id < view.week.id}
    key = f"since-{before.label}"

    def go() -> None:
        chosen = st.session_state[key]
        address.change(since=None if view.before and chosen == view.before.label else chosen)

    def name(label: str) -> str:
        return f"Since {label}, {words.ago(view.week.id - earlier[label].id)}"

    st.selectbox(
        "Since", list(earlier), index=list(earlier).index(before.label), key=key, on_change=go, format_func=name, width=270,
        label_visibility="collapsed",
    )  # fmt: skip


def narrow(view: View) -> dict[str, Any]:
    """The filters, as :meth:`View.changes` takes them; all of them are in the address."""
    owners = {str(team) if team == team else address.UNOWNED for team in view.team_stages()["team"].unique()}
    team, cause, its = address.asked("team"), address.asked("cause"), address.asked_stage()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        blocks.choose(
            "Team",
            sorted(owners, key=lambda name: (name == address.UNOWNED, name.casefold())),
            team,
            "team",
            lambda name: blocks.team_name(None if name == address.UNOWNED else name),
            nothing="All teams",
        )
        blocks.choose("Cause", list(Cause), cause, "cause", lambda name: words.CAUSES[Cause(name)], nothing="Any cause")
        blocks.choose_stage(its, "moved-stage")
    if team and team not in owners:
        st.warning(f"There is no team called {words.plain(team)} in week {view.week.label}.", icon=":material/search_off:")
    return {
        "team": UNOWNED if team == address.UNOWNED else team,
        "stage": int(its) if its else None,
        "cause": cause if cause in set(Cause) else None,
    }


def directions(view: View, before: Week, narrowed: dict[str, Any]) -> None:
    """The moves, one direction after the other; what went comes first."""
    counted = view.moves(before, **narrowed)
    asked = address.asked("way")
    only = Direction(asked) if asked in set(Direction) else None
    nothing = (
        f"Nothing of that sort moved since {before.label}."
        if any(map(bool, narrowed.values()))
        else f"Nothing moved since {before.label}: every answer is as it was."
    )
    st.markdown(f"Since {before.label}: {words.moved(counted)}" if counted else nothing)
    if counted:
        choose_direction(counted, only)
    elif any(value is not None for value in narrowed.values()):
        st.page_link(
            address.MOVED,
            label=":primary[Show all teams, stages and causes]",
            query_params=address.state(since=address.asked("since")),
        )
    elif (longer := view.year_before) and longer != before:
        st.page_link(
            address.MOVED,
            label=f":primary[Look at a longer span: since {longer.label}]",
            query_params=address.state(since=longer.label),
        )
    first = view.changes(before, **narrowed, each=FIRST) if counted and not only else None
    for way in Direction:
        if way in counted and only in (None, way):
            st.header(words.DIRECTIONS[way], anchor=False)
            number = counted[way]
            st.markdown(
                f":gray[{words.count(number.practices, 'practice')} in {words.repositories(number.repositories)}: "
                f"{words.DIRECTIONS_EXPLAINED[way]}.]"
            )
            if first is None:
                pages = -(-number.practices // LISTED)
                page = st.pagination(pages, key=f"moved-{way.value}") if pages > 1 else 1
                listed(view, view.changes(before, **narrowed, direction=way.value, limit=LISTED, offset=(page - 1) * LISTED))
            else:
                listed(view, first[first["direction"] == way.value])
                if number.practices > FIRST:
                    the_rest(way, number.practices)
    if only and only not in counted:
        st.markdown(f":gray[Nothing here that {words.DIRECTIONS[only].lower()}.]")


def choose_direction(counted: Any, only: Direction | None) -> None:
    """Narrow the list to one direction, or not."""
    key = f"way-{only}"

    def go() -> None:
        address.change(way=st.session_state[key] or None)

    every = sum(moves.practices for moves in counted.values())
    options = ["", *(way.value for way in Direction if way in counted or way is only)]
    numbers = {way.value: moves.practices for way, moves in counted.items()}
    st.segmented_control(
        "Direction",
        options,
        default=only.value if only else "",
        required=True,
        key=key,
        on_change=go,
        format_func=lambda way: f"{words.DIRECTIONS[Direction(way)]} ({numbers.get(way, 0):,})" if way else f"All ({every:,})",
        label_visibility="collapsed",
    )


def listed(view: View, moves: pd.DataFrame) -> None:
    """Some moves: those of a repository in a week together, and what one commit did under that commit."""
    labels = {week.id: week.label for week in view.weeks}
    with st.container(gap="small"):
        for (repository, week), found in groupby(rows(moves), key=lambda move: (move.repository, move.week)):
            its = list(found)
            with st.container(gap="xsmall"):
                with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                    blocks.repository_link(repository)
                    team = words.plain(blocks.team_name(text(its[0].team)))
                    st.markdown(f":gray[:small[{team} · {labels.get(week, 'some time in between')}]]", width="content")
                told = []
                for because, alike in groupby(its, key=blocks.because):
                    told.append("  \n".join([*(blocks.move_line(view, move) for move in alike), f":small[{because}]"]))
                st.markdown("\n\n".join(told))


def the_rest(way: Direction, number: int) -> None:
    """The way to all moves of a direction."""
    kept = {name: address.asked(name) for name in ("since", "team", "cause", "stage")}
    st.page_link(
        address.MOVED,
        label=f":primary[All {number:,}]",
        icon=":material/arrow_forward:",
        query_params=address.state(**kept, way=way.value),
    )


def new_rules(view: View, before: Week, narrowed: dict[str, Any]) -> None:
    """What changes of the rules turned. The past was judged again by the new ones, so it is in no list above."""
    if narrowed["cause"] not in (None, Cause.RULES) or address.asked("way") not in (None, Direction.RULES):
        return
    found = view.rule_changes()
    found = found[found["week"] > before.id]
    if narrowed["team"] is not None:
        found = found[found["team"].fillna("") == narrowed["team"]]
    if narrowed["stage"] is not None:
        found = found[found["stage"] == narrowed["stage"]]
    if found.empty:
        return
    st.header("The rules changed", anchor=False)
    for week in found["week"].unique():
        turned = found[found["week"] == week]
        st.markdown(
            f"In {Week.of_id(int(week)).label} other rules came into force and turned {words.count(len(turned), 'answer')} in "
            f"{words.repositories(turned['repository'].nunique())}. The weeks before were judged again by them, so this is in no count above."
        )
        alike: dict[tuple[str, str, str], list[str]] = {}
        for row in rows(turned):
            alike.setdefault((row.practice, row.was, row.now), []).append(words.plain(blocks.short(row.repository)))
        st.markdown(
            "\n".join(
                f"- {words.ARROWED[Direction.RULES]} **{words.plain(blocks.title(practice, view.catalogue))}** "
                f":gray[{words.change(was, now)}] in {words.listing(names, 5)}"
                for (practice, was, now), names in alike.items()
            )
        )


def decided(view: View, before: Week, narrowed: dict[str, Any]) -> None:
    """What people decided in between."""
    if narrowed["cause"] or narrowed["stage"] or address.asked("way"):
        return
    found = rows(view.decisions(before, narrowed["team"]))
    if not found:
        return
    st.header("Decided by people", anchor=False)
    for row in found[:LISTED]:
        was, now = (f"stage {int(one)} ({one.short.lower()})" if one else "none" for one in (stage(row.was), stage(row.now)))
        because = f" :small[{words.plain(row.reason)} :gray[({words.plain(row.source)})]]" if row.reason == row.reason else ""
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            blocks.repository_link(row.repository, stage(row.now) or Stage.PROTOTYPING)
            st.markdown(f":gray[target] {was} → {now}{because}", width="content")
    if len(found) > LISTED:
        st.markdown(f":gray[And {len(found) - LISTED} more.]")


view = blocks.start()
before = since(view)
if before is None:
    blocks.head("What moved, and why?", view)
    st.markdown(
        f"{view.week.label} is the first week here, so there is nothing to compare it with. Next week's collection shows what moved. "
        "To know the past today, judge it from git:"
    )
    st.code(over_time.HISTORY, language="bash")
else:
    start = before
    blocks.head("What moved, and why?", view, lambda: choose(view, start))
    narrowed = narrow(view)
    directions(view, before, narrowed)
    new_rules(view, before, narrowed)
    decided(view, before, narrowed)
