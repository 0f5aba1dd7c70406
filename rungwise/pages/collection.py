"""How was this collected, what did it cost, and what could not be seen?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from rungwise.pages.elements import blocks, words
from rungwise.pages.elements.data import View, rows
from rungwise.permissions import Unread, unread

LISTED = 50


def figures(view: View, carried: pd.DataFrame) -> None:
    """The receipt in four figures."""
    run = view.run
    every, old = len(view.repositories()), len(carried)
    with st.grid(4, min_column_width=165, gap="small"):
        figure("Repositories looked at", f"{every - old} of {every}", f"{old} carried over" if old else "none carried over")
        if run:
            took = (run["finished"] - run["started"]).total_seconds()
            figure("It took", words.duration(took), f"{words.age(run['finished'], datetime.now(UTC).date())}, {run['source']}")
        else:
            figure("It took", "unknown", f"week {view.week.label}")
        spent = spent_on_github(run.get("costs") or [])
        if spent:
            requests = int(spent.get("rest", 0) + spent.get("graphql", 0))
            figure("Asked of GitHub", words.count(requests, "request"), f"{int(spent.get('points', 0))} GraphQL points")
        else:
            figure("Asked of GitHub", "nothing", "local clones")
        missing = run.get("incomplete") or []
        figure("Not collected", words.count(len(missing), "thing"), "named below" if missing else "everything was there")


def figure(label: str, value: str, note: str) -> None:
    """One figure in a card."""
    st.metric(label, value, note, delta_color="off", delta_arrow="off", border=True, height="stretch")


def spent_on_github(costs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What all runs of a week cost together; empty where none asked GitHub."""
    total: dict[str, float] = {}
    for cost in costs:
        for name, value in (cost.get("github") or {}).items():
            total[name] = total.get(name, 0) + value
    return total


def receipt(spent: Mapping[str, float], outcomes: Mapping[str, int]) -> None:
    """The receipt, line by line."""
    st.header("What it cost", anchor=False)
    if not spent:
        st.markdown(
            "Local clones were read. That asks nothing of GitHub, and a file is read once, however often it is looked at."
        )
        return
    fetched, kept = outcomes.get("looked", 0), outcomes.get("unchanged", 0)
    lines = [
        f"**{words.count(int(spent.get('rest', 0)), 'REST request')}** and "
        f"**{words.count(int(spent.get('graphql', 0)), 'GraphQL query', 'GraphQL queries')}** for {int(spent.get('points', 0))} points. "
        "GitHub gives a token 5,000 of each an hour, and more to a GitHub App.",
        f"**{words.count(int(spent.get('clones', 0)), 'clone')}** of changed repositories, {words.size(spent.get('cloned_bytes', 0))} "
        "in all. Unchanged ones were not fetched.",
    ]
    if kept:
        lines.append(f"{words.repositories(fetched)} had changed, {words.repositories(kept)} had not.")
    if spent.get("retries") or spent.get("waited"):
        waited = words.duration(spent.get("waited", 0))
        lines.append(f"{words.count(int(spent.get('retries', 0)), 'request')} had to be repeated, and {waited} went by waiting.")
    st.markdown("\n".join(f"- {line}" for line in lines))


def outcomes_of(costs: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """What became of the repositories in all runs of a week, how many of each."""
    return sum((Counter(cost.get("outcomes") or {}) for cost in costs), Counter[str]())


def skipped(costs: Sequence[Mapping[str, Any]]) -> None:
    """What was shown without being looked into, by its reason."""
    reasons: dict[str, list[str]] = {}
    latest = {name: why for cost in costs for name, why in (cost.get("skipped") or {}).items()}
    for name, why in sorted(latest.items()):
        reasons.setdefault(why, []).append(name)
    if not reasons:
        return
    st.header("Not looked into", anchor=False)
    st.markdown("There is nothing in these to be judged, and nothing of it counts as missing.")
    for why, names in sorted(reasons.items(), key=lambda pair: -len(pair[1])):
        st.markdown(
            f"- {words.plain(why)} :gray[{words.repositories(len(names))}:] {words.listing([words.code(name) for name in names], 12)}"
        )


def not_collected(sentences: Sequence[str]) -> None:
    """What is missing, each with its reason."""
    if not sentences:
        return
    st.header("What could not be collected", anchor=False)
    st.markdown("\n".join(f"- {words.plain(sentence)}" for sentence in sentences[:LISTED]))
    if len(sentences) > LISTED:
        st.caption(f"And {len(sentences) - LISTED} more; the collection names them all.")


def carried_over(view: View, carried: pd.DataFrame) -> None:
    """The repositories whose answers are from an earlier week."""
    if carried.empty:
        return
    st.header("Carried over from an earlier week", anchor=False)
    st.markdown("They were not looked at this week. The last answer stands, with its age, until they are.")
    labels = {week.id: week.label for week in view.weeks}
    for row in rows(carried.sort_values("as_of").head(LISTED)):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            blocks.repository_link(row.repository)
            ago = words.count(view.week.id - row.as_of, "week")
            st.markdown(f":gray[as of {labels.get(row.as_of, 'an earlier week')}, {ago} ago]", width="content")


def permissions(view: View, found: Sequence[Unread], of: int) -> None:
    """The permission map."""
    st.header("What the token may not see", anchor=False)
    if not found:
        github = bool(spent_on_github(view.run.get("costs") or []))
        st.markdown(
            "It saw every setting that was asked for."
            if github
            else "Nobody asked GitHub: settings, protection and environments are questions here. `collect github ORG` asks."
        )
        return
    st.markdown("What hangs on these is unknown where nothing else shows it, and never counted as missing.")
    for one in found:
        name = f"{one.tells[:1].upper()}{one.tells[1:]}"
        remedy = f"takes {words.code(one.permission)}" if one.permission else words.plain(one.why)
        with st.expander(f"{name} :gray[:small[{remedy}; {one.repositories} of {words.repositories(of)}]]", type="compact"):
            titles = [view.catalogue[practice].title for practice in one.practices]
            st.markdown(
                "With it these would be judged by what GitHub says:\n" + "\n".join(f"- {words.plain(title)}" for title in titles)
                if titles
                else "No practice is judged by it alone; it adds to what is known of a repository."
            )
            if one.permission:
                st.markdown(
                    f":gray[Give the token] {words.code(one.permission)} :gray[on these repositories, and collect again.]"
                )
            st.markdown(f":gray[Not seen in] {words.listing([words.code(name) for name in one.names], 12)}")


view = blocks.start()
blocks.head("Collection", view)
repositories = view.repositories()
carried = repositories[repositories["as_of"] != view.week.id]
figures(view, carried)
not_collected(view.run.get("incomplete") or [])
skipped(view.run.get("costs") or [])
carried_over(view, carried)
permissions(view, unread(rows(view.unread_settings()), view.catalogue), len(repositories))
receipt(spent_on_github(view.run.get("costs") or []), outcomes_of(view.run.get("costs") or []))
