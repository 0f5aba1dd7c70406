"""What does this mean, who has it, and how sure are you?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from rungwise.catalogue import Catalogue, Practice
from rungwise.model import Effort, Kind, Observable, Role, Stage, Status
from rungwise.pages.elements import address, blocks, over_time, words
from rungwise.pages.elements.data import View, accuracy, rows

EFFORTS = {Effort.SMALL: "under half a day", Effort.MEDIUM: "up to a week", Effort.LARGE: "more than a week"}
ROLES = {
    Role.ANCHOR: "an anchor: its stage is not held where it is known to be missing",
    Role.CORE: "a core practice of its stage",
    Role.SUPPORTING: "a supporting practice of its stage",
    Role.CORNER: "a shortcut that is fine while prototyping; it is shown and never counted",
}
SHOWS = {
    Observable.YES: "A repository that has it shows it, so not finding it counts as missing.",
    Observable.PARTLY: "A repository may have it without showing it, so not finding it is a question.",
    Observable.NO: "A repository cannot show it: people have to say.",
}
ORDER = (Status.PRESENT, Status.ATTESTED, Status.PARTIAL, Status.ABSENT, Status.NOT_SEEN, Status.UNKNOWN, Status.NOT_APPLICABLE)
SHOWN = 24
"""How many repositories with one status are listed before the rest is folded away."""
FOLDED = 100
"""How many of the rest are listed there."""


def choose_practice(view: View, asked: str | None) -> None:
    """The choice of a practice, by its title."""
    blocks.choose(
        "Practice", [practice.id for practice in view.catalogue], asked, "practice", lambda name: view.catalogue[name].title
    )


def guide(view: View, only: Stage | None) -> None:
    """All practices, stage by stage, each with how many repositories have it."""
    st.markdown(
        f"{len(view.catalogue.practices)} habits of teams that run software well, in the six stages of Ian Macartney's article. "
        "Nobody needs all of them: a target says how far is far enough."
    )
    for sentence in adjusted(view.catalogue):
        st.markdown(f":gray[{sentence}]")
    measured = accuracy()
    if measured:
        total = measured["total"]
        st.caption(
            f"How often the answers are right was measured on {measured['repositories']} repositories that people read by hand: of what is called "
            f"there, {total['precision']:.0%} is; of what is there, {total['recall']:.0%} is found; {total['false_absent']:.1%} is called missing and is not."
            + at_first_sight(measured.get("first_sight"))
            + on_others(measured.get("audit"))
        )
    blocks.choose_stage(only, "practices-stage")
    counts = by_status(view.practices())
    with st.grid(1 if only else 2, min_column_width=460, gap=("medium", "large")) as grid:
        for stage in [only] if only else list(Stage):
            with grid.cell():
                st.header(f"{int(stage)} {stage.title}", anchor=False)
                with st.container(gap="xsmall", key=f"lines-practices-{int(stage)}"):
                    for practice in sorted(view.catalogue.of(stage), key=lambda practice: -practice.weight):
                        line(practice, counts.get(practice.id, {}))


def at_first_sight(first: dict[str, Any] | None) -> str:
    """How right the answers were about labelled repositories before a rule could learn from them, as a sentence to go on with."""
    if not first:
        return ""
    return (
        f" At first sight of {first['repositories']} of them, before any rule learned from these, it was {first['precision']:.0%}, "
        f"{first['recall']:.0%} and {first['false_absent']:.1%}."
    )


def on_others(audit: dict[str, Any] | None) -> str:
    """How right the answers were about repositories that the rules were not tried on, as a sentence to go on with."""
    if not audit:
        return ""
    shares = (
        f"{right} of {right + arguable + wrong} answers {words} plainly right"
        for (right, arguable, wrong), words in (
            (audit["said"]["present"], "“there” were"),
            (audit["said"]["absent"], "“not there”"),
        )
    )
    return f" On {audit['repositories']} repositories, before any rule was tried on them, {' and '.join(shares)}."


def adjusted(catalogue: Catalogue) -> list[str]:
    """What people's own practices make of the catalogue, a sentence each."""
    found = []
    if catalogue.own:
        count = words.count(len(catalogue.own), "practice is", "practices are")
        found.append(
            f"{count} your own: {words.listing([words.plain(catalogue[each].title) for each in sorted(catalogue.own)], 12)}."
        )
    for each in catalogue.adjusted:
        what = f"moved from {each.practice.stage.short} to {each.stage.short}" if each.stage else "switched off"
        found.append(f"By your settings “{words.plain(each.practice.title)}” is {what}: {words.plain(each.reason)}")
    return found


def line(practice: Practice, counts: Mapping[Status, int]) -> None:
    """One practice of the guide: a link to its own page, and who has it in a few words."""
    name, numbers = st.columns([3, 2], vertical_alignment="center", gap="small")
    with name:
        st.page_link(
            address.PRACTICES, label=f":primary[{words.plain(practice.title)}]", query_params=address.state(practice=practice.id)
        )
    numbers.markdown(f":gray[:small[{summary(practice, counts)}]]")


def summary(practice: Practice, counts: Mapping[Status, int]) -> str:
    """Who has it, with the denominator."""
    if not practice.measured:
        return "not measured yet"
    applicable = sum(number for status, number in counts.items() if status is not Status.NOT_APPLICABLE)
    if not applicable:
        return "applies to no repository here"
    there = counts.get(Status.PRESENT, 0) + counts.get(Status.ATTESTED, 0)
    if practice.role is Role.CORNER:
        return f"taken in {there} of {applicable}"
    partly = f", {counts[Status.PARTIAL]} partly" if counts.get(Status.PARTIAL) else ""
    return f"{there} of {applicable} have it{partly}"


def by_status(frame: pd.DataFrame) -> dict[str, dict[Status, int]]:
    """How many repositories have each status, by practice."""
    found: dict[str, dict[Status, int]] = {}
    for row in rows(frame):
        found.setdefault(row.practice, {})[Status(row.status)] = int(row.repositories)
    return found


def one(view: View, practice: Practice) -> None:
    """One practice: what and why, how to start, how sure we are, and who has it."""
    blocks.stage_line(practice.stage)
    st.markdown(f"{words.plain(practice.why)}")
    start, facts = st.columns([3, 2], gap="large")
    with start:
        st.header("How to start", anchor=False)
        st.markdown("\n".join(f"- {words.plain(advice)}" for advice in practice.advice))
        if practice.guide:
            st.markdown(words.link("Read more", practice.guide))
        if practice.question:
            st.markdown(f":gray[To ask, where a repository does not show it:] {words.plain(practice.question)}")
    with facts:
        st.header("How it is judged", anchor=False)
        st.markdown("\n".join(f"- {text}" for text in judged(view, practice)))
    st.header("Over time", anchor=False)
    over_time.practice(view, practice)
    who(view, practice)


def judged(view: View, practice: Practice) -> list[str]:
    """What is looked for, what that decides, and how often it is right."""
    kinds = words.listing([words.KINDS[kind][1] for kind in Kind if kind in practice.applies], len(Kind))
    lines = [
        f"Looked for: {words.plain(practice.looked_for)}.",
        SHOWS[practice.observable],
        f"It is {ROLES[practice.role]}."
        if not practice.extension
        else "It is shown beside the article's practices and never counted.",
        f"Impact {practice.impact} of 5; effort {EFFORTS[practice.effort]}.",
        f"Asked of {kinds}.",
    ]
    if practice.after:
        before = [f"“{words.plain(view.catalogue[other].title)}”" for other in practice.after]
        lines.append(f"Comes after {words.listing(before, len(before))}.")
    if practice.id in view.catalogue.own:
        lines.append("It is one of your own practices.")
    lines.append(how_sure(practice, accuracy()))
    return lines


def how_sure(practice: Practice, measured: Mapping[str, Any]) -> str:
    """The practice's own figures."""
    if not practice.measured:
        return "Not measured yet: nothing is looked for, so it is always a question."
    figures = measured.get("practices", {}).get(practice.id)
    if not figures or not figures["labels"]:
        return "How often this is right has not been measured."
    parts = [f"Measured on {figures['labels']} labels"]
    if figures["precision"] is not None:
        parts.append(f"{figures['precision']:.0%} of what is called there is there")
    if figures["recall"] is not None:
        parts.append(f"{figures['recall']:.0%} of what is there is found")
    return "; ".join(parts) + "."


def who(view: View, practice: Practice) -> None:
    """The repositories by status, each a link to the place where it was seen."""
    st.header("Who has it", anchor=False)
    found = view.of_practice(practice.id)
    with st.container(gap="xsmall", key="lines-who"):
        for status in ORDER:
            those = found[found["status"] == status.value]
            if those.empty:
                continue
            word = words.SHORTCUTS.get(status, words.STATUSES[status]) if practice.role is Role.CORNER else words.STATUSES[status]
            label = f"{words.COLOURED[status]} **{word}** :gray[in {len(those)} of {words.repositories(len(found))}]"
            with st.expander(label, type="compact", expanded=status in (Status.PRESENT, Status.PARTIAL, Status.ABSENT)):
                if status is Status.NOT_APPLICABLE:
                    reasons = those.groupby("reason").size().sort_values(ascending=False)
                    st.markdown("\n".join(f"- {words.plain(reason)} :gray[({number})]" for reason, number in reasons.items()))
                    continue
                listed(those.head(SHOWN), practice)
                if len(those) > SHOWN:
                    with st.expander(f"and {len(those) - SHOWN:,} more", type="compact"):
                        listed(those.iloc[SHOWN : SHOWN + FOLDED], practice)
                        if len(those) > SHOWN + FOLDED:
                            st.caption(f"And {len(those) - SHOWN - FOLDED:,} more; the overview's download names them all.")


def listed(those: pd.DataFrame, practice: Practice) -> None:
    """Repositories as links."""
    with st.grid(4, min_column_width=210, gap=("xsmall", "small")):
        for row in rows(those):
            blocks.repository_link(row.repository, practice.stage)


view = blocks.start()
asked = address.asked("practice")
if asked in view.catalogue.by_id and asked is not None:
    practice = view.catalogue[asked]
    blocks.head(words.plain(practice.title), view, lambda: choose_practice(view, asked))
    one(view, practice)
else:
    blocks.head("What do teams do that run software well?", view, lambda: choose_practice(view, asked))
    if asked is not None:
        st.warning(f"There is no practice called {words.plain(asked)}.", icon=":material/search_off:")
    guide(view, address.asked_stage())
