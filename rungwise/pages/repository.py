"""Is that true, and what now?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from rungwise.components import only_lacking
from rungwise.model import Fact, Finding, Flag, Part, Role, Stage, State, Status
from rungwise.pages.elements import address, blocks, marks, over_time, words
from rungwise.pages.elements.data import View, part_findings, rows, share, stage, text
from rungwise.recommend import Advice
from rungwise.store import Week


def choose_repository(view: View, asked: str | None) -> None:
    """The choice of a repository."""
    blocks.choose("Repository", list(view.repositories()["repository"]), asked, "repository")


def no_repository(view: View, asked: str | None) -> None:
    """What to do where no repository was asked for, or one that does not exist."""
    if asked is not None:
        st.warning(f"There is no repository called {words.plain(asked)} in week {view.week.label}.", icon=":material/search_off:")
    names = list(view.repositories()["repository"])
    if len(names) > LISTED:
        st.markdown(f"Choose one of {words.repositories(len(names))} above: type a part of its name.")
        return
    st.markdown("Choose a repository above, or follow one of these:")
    with st.grid(4, min_column_width=210, gap=("xsmall", "small")):
        for name in names:
            blocks.repository_link(name)


LISTED = 200


def about(view: View, row: Any) -> None:
    """What it is, whose it is, and at which commit it was looked at."""
    commit = words.link(words.code(row.commit[:10]), f"{row.url}/tree/{row.commit}" if text(row.url) else None)
    parts = [words.KINDS[row.kind][0].capitalize(), *(words.FLAGS[Flag(flag)] for flag in row.flags)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"{', '.join(parts)}, owned by", width="content")
        blocks.team_link(text(row.team), label=text(row.team) or "nobody")
        st.markdown(f":gray[· judged at {commit} of {words.day(row.committed_at)}]", width="content")


def label(view: View, standing: Any, target: Any, findings: pd.DataFrame) -> None:
    """The standing of a repository or a part of it, as a sentence."""
    asked = [view.catalogue.by_id.get(found.practice) for found in rows(findings) if Status(found.status).open]
    weighing = [practice for practice in asked if practice and practice.weight]
    measured = sum(practice.measured for practice in weighing)
    sentence = words.caption(standing, stage(standing.next), stage(target), measured, len(weighing) - measured)
    st.markdown(f"**{sentence[:1].upper()}{sentence[1:]}.**")


def several_parts(view: View, parts: Sequence[Part], chosen: Part | None) -> None:
    """Which deployed parts there are, which of them is the weakest and why, and the choice of one."""
    weakest, *others = parts
    lacking = [blocks.title(practice, view.catalogue) for practice in only_lacking(weakest, others)]
    because = (
        f" What others of them show and it does not: {words.listing([f'“{words.plain(one)}”' for one in lacking], 4)}."
        if lacking
        else ""
    )
    st.markdown(
        f"{words.count(len(parts), 'part')} of it are deployed. The weakest is {part_name(weakest)}: by itself it holds "
        f"{weakest.standing.holds} of {words.count(weakest.standing.of, 'stage')}.{because}"
    )
    paths = [None, *(part.component.path for part in parts)]
    standings = {part.component.path: part.standing for part in parts}
    key = f"part-{chosen.component.path if chosen else ''}"

    def name(path: str | None) -> str:
        return "The whole repository" if path is None else f"{path}: {standings[path].holds} of {standings[path].of}"

    def go() -> None:
        address.change(part=st.session_state[key])

    st.selectbox(
        "Look at", paths, index=paths.index(chosen.component.path if chosen else None), key=key, on_change=go, format_func=name, width=420,
    )  # fmt: skip


def part_name(part: Part) -> str:
    """A part by its path."""
    return "the root" if part.component.path == "." else words.code(part.component.path)


def six_stages(view: View, standing: Any, target: Any, findings: pd.DataFrame, states: dict[Stage, marks.Mark]) -> None:
    """The six cards."""
    counts = {}
    for its, mark in states.items():
        found = rows(findings[findings["stage"] == int(its)])
        statuses = [Status(practice.status) for practice in found if not blocks.corner(practice.practice, view.catalogue)]
        of = sum(status is not Status.NOT_APPLICABLE for status in statuses)
        there = sum(status in (Status.PRESENT, Status.ATTESTED) for status in statuses)
        applies = mark.state is not State.NOT_APPLICABLE
        counts[its] = f"{there} of {words.count(of, 'practice')} there" if applies else "not expected here"
    st.html(marks.six_cards(list(states.values()), stage(standing.next), stage(target), counts))


def next_steps(advice: Advice, findings: pd.DataFrame) -> None:
    """The sentence, and at most three steps, each with what it rests on."""
    st.header("What to do next", anchor=False)
    st.markdown(words.plain(advice.sentence))
    if advice.steps:
        by_practice = {row.practice: row for row in rows(findings)}
        with st.grid(len(advice.steps), min_column_width=220, gap="small"):
            for step in advice.steps:
                blocks.step_card(step, because="\n\n".join(why_we_say_so(by_practice[step.practice])))


def practices(view: View, row: Any, findings: pd.DataFrame, states: dict[Stage, marks.Mark], only: Stage | None) -> None:
    """Stage by stage, each practice as a line that opens."""
    st.header("Practice by practice", anchor=False)
    blocks.choose_stage(only, "repository-stage")
    ids = [practice.id for practice in sorted(view.catalogue, key=lambda practice: -practice.weight)]
    order = {practice: index for index, practice in enumerate(ids)}
    moves = history(view, row)
    findings = findings.assign(order=[order.get(practice, len(order)) for practice in findings["practice"]]).sort_values("order")
    with st.grid(1 if only else 2, min_column_width=520, gap=("medium", "large")) as grid:
        for its in [only] if only else list(Stage):
            with grid.cell():
                one_stage(view, its, states.get(its), findings[findings["stage"] == int(its)], moves)


def one_stage(view: View, its: Stage, mark: marks.Mark | None, found: pd.DataFrame, moves: Mapping[str, Sequence[str]]) -> None:
    """A stage's practices, and why the stage stands as it does."""
    st.subheader(f"{int(its)} {its.title}", anchor=False)
    if mark:
        statuses = [(row.practice, Status(row.status)) for row in rows(found)]
        st.markdown(f":gray[{words.plain(words.why_state(its, mark.state, statuses, view.catalogue))}]")
    stage_lines(view, its, found, moves)


def stage_lines(view: View, its: Stage, found: pd.DataFrame, moves: Mapping[str, Sequence[str]]) -> None:
    """The practices of one stage; what does not apply and what is a shortcut are kept apart."""
    apart, shortcuts, unmeasured = [], [], []
    with st.container(gap="xsmall", key=f"lines-{int(its)}"):
        for row in rows(found):
            if Status(row.status) is Status.NOT_APPLICABLE:
                apart.append(row)
            elif blocks.corner(row.practice, view.catalogue):
                shortcuts.append(row)
            elif Status(row.status) is Status.NOT_SEEN and not measured(view, row.practice):
                unmeasured.append(row)
            else:
                line(view, row, moves.get(row.practice, ()))
        if shortcuts:
            with st.expander("Shortcuts that are fine while prototyping", type="compact", icon=":material/alt_route:"):
                for row in shortcuts:
                    status = Status(row.status)
                    word = words.SHORTCUTS.get(status, words.STATUSES[status])
                    st.markdown(
                        f"**{words.plain(blocks.title(row.practice, view.catalogue))}**: {word.lower()}. :gray[{words.plain(row.reason)}]"
                    )
        if unmeasured:
            name = f"{words.count(len(unmeasured), 'practice is', 'practices are')} not measured yet"
            with st.expander(name, type="compact", icon=":material/pending:"):
                st.markdown("\n".join(f"- {words.plain(blocks.title(row.practice, view.catalogue))}" for row in unmeasured))
        if apart:
            name = f"{words.count(len(apart), 'practice does', 'practices do')} not apply here"
            with st.expander(name, type="compact", icon=words.SYMBOLS[Status.NOT_APPLICABLE]):
                lines = (
                    f"- {words.plain(blocks.title(row.practice, view.catalogue))}: :gray[{words.plain(row.reason)}]"
                    for row in apart
                )
                st.markdown("\n".join(lines))


def measured(view: View, practice: str) -> bool:
    """Whether anything is looked for already."""
    return practice not in view.catalogue.by_id or view.catalogue[practice].measured


def judged(findings: pd.DataFrame) -> list[Finding]:
    """The rows of :meth:`View.findings` as findings."""
    return [
        Finding(row.practice, Stage(row.stage), Status(row.status), row.component, row.reason, row.looked_for)
        for row in rows(findings)
    ]


def history(view: View, row: Any) -> dict[str, list[str]]:
    """What each practice of a repository went through, the newest first, in Markdown."""
    labels = {week.id: week.label for week in view.weeks}
    told: dict[str, list[str]] = {}
    for move in rows(view.history(row.repository)):
        when = labels.get(move.week) or Week.of_id(int(move.week)).label
        told.setdefault(move.practice, []).append(
            f"{when}: {words.change(move.was, move.now)}. :small[{blocks.because(move, text(row.url))}]"
        )
    return told


def line(view: View, row: Any, moves: Sequence[str]) -> None:
    """One practice: a symbol, its title and where it was seen; inside, why we say so and what to do."""
    status = Status(row.status)
    where = place(row.evidence[0]) if len(row.evidence) else words.STATUSES[status].lower()
    if status is Status.PARTIAL and len(row.evidence):
        where = f"partly: {where}"
    known = view.catalogue.by_id.get(row.practice)
    anchor = ":gray-badge[anchor] " if known and known.role is Role.ANCHOR else ""
    label = f"{words.COLOURED[status]} {words.plain(blocks.title(row.practice, view.catalogue))} {anchor}:gray[:small[{where}]]"
    with st.expander(label, type="compact"):
        st.markdown("\n\n".join([*inside(view, row, status), past(view, moves)]))


def past(view: View, moves: Sequence[str]) -> str:
    """What a practice went through; that it did not move is an answer, too."""
    if moves:
        return ":gray[History]\n" + "\n".join(f"- {move}" for move in moves)
    return f":gray[History] It has not moved since {view.weeks[-1].label}, the first week here."


def inside(view: View, row: Any, status: Status) -> list[str]:
    """What a practice's line opens to, as paragraphs: status and reason, evidence, what was looked for, why, and how to start."""
    paragraphs = why_we_say_so(row)
    known = view.catalogue.by_id.get(row.practice)
    if known is None:
        return [*paragraphs, ":gray[The catalogue of today no longer has this practice.]"]
    paragraphs.append(f":gray[Why] {words.plain(known.why)}")
    if status.open and known.question:
        paragraphs.append(f":gray[To ask] {words.plain(known.question)}")
    if status not in (Status.PRESENT, Status.ATTESTED):
        paragraphs.append(":gray[How to start]\n" + "\n".join(f"- {words.plain(advice)}" for advice in known.advice))
    return [*paragraphs, words.link("Read more", known.guide)] if known.guide else paragraphs


def why_we_say_so(row: Any) -> list[str]:
    """Status and reason, the evidence as links, and what was looked for, as paragraphs."""
    part = f" (in {words.code(row.component)})" if row.component not in ("", ".") else ""
    paragraphs = [f"**{words.STATUSES[Status(row.status)]}**{part}: {words.plain(row.reason)}"]
    if len(row.evidence):
        paragraphs.append("\n".join(f"- {words.link(place(evidence), evidence['url'])}" for evidence in row.evidence))
    if text(row.looked_for):
        paragraphs.append(f":gray[Looked for] {words.plain(row.looked_for)}")
    return paragraphs


def place(evidence: dict[str, Any]) -> str:
    """Where something was seen, as ``path:line``."""
    path, at = text(evidence["path"]), evidence["line"]
    if path is None:
        return "a setting of the repository"
    return words.code(path if at is None or pd.isna(at) else f"{path}:{int(at)}")


def assumptions(view: View, row: Any) -> None:
    """Why it is taken for what it is."""
    st.header("What this rests on", anchor=False)
    owner = words.why_owner(text(row.team), text(row.owner_source)) + words.named_besides(view.named_besides(row))
    kind = f"{words.KINDS[row.kind][0]}, because {words.plain(row.kind_reason)}"
    lines = [f"**Kind**: {kind}.", f"**Owner**: {owner}.", f"**Target**: {aim(row)}."]
    parts = [f"{words.code(part['path'])} ({words.KINDS[part['kind']][0]})" for part in getattr(row, "components", [])]
    if len(parts) > 1:
        lines.append(f"**Parts**: {words.listing(parts, 12)}.")
    facts = view.facts(row.repository)
    for answer, known in (("Taken as true", True), ("Taken as false", False), ("Could not be told", None)):
        held = [
            words.FACTS[Fact(fact)]
            for fact, holds in zip(facts["fact"], facts["holds"], strict=True)
            if (None if pd.isna(holds) else bool(holds)) is known
        ]
        if held:
            lines.append(f"**{answer}**: {', '.join(held)}.")
    lines += [f"**Note**: {words.plain(note)}" for note in row.notes]
    collected = next((week.label for week in view.weeks if week.id == getattr(row, "as_of", None)), view.week.label)
    if collected != view.week.label:
        lines.append(f"**Age**: not collected in {view.week.label}; this is from {collected}.")
    st.markdown("\n".join(f"- {line}" for line in lines))


def aim(row: Any) -> str:
    """The target, who says so and until when."""
    target = stage(row.target)
    if target is None:
        return "nobody decided one"
    reason = f", because: {words.plain(row.target_reason)}" if text(row.target_reason) else ""
    review = getattr(row, "target_review_on", None)
    again = f"; look again on {words.day(review)}" if review is not None and not pd.isna(review) else ""
    return f"stage {int(target)} ({target.short.lower()}){reason}{again}"


view = blocks.start()
asked = address.asked("repository")
matching = view.repositories()
matching = matching[matching["repository"] == asked]
if matching.empty:
    blocks.head("Which repository?", view, lambda: choose_repository(view, asked))
    no_repository(view, asked)
else:
    row = rows(matching)[0]
    blocks.head(words.plain(row.repository), view, lambda: choose_repository(view, asked))
    findings = view.findings(row.repository)
    states = {
        Stage(int(its.stage)): marks.Mark(Stage(int(its.stage)), State(its.state), share(its.coverage), share(its.confidence))
        for its in rows(view.stages(repository=row.repository))
    }
    about(view, row)
    advice = view.advise(judged(findings), stage(row.next), row)
    standing = row
    if parts := view.parts(row):
        chosen = next((part for part in parts if part.component.path == address.asked("part")), None)
        several_parts(view, parts, chosen)
        if chosen:
            findings, standing, advice = (
                part_findings(chosen),
                chosen.standing,
                view.advise(chosen.findings, chosen.standing.next, row),
            )
            states = {
                one.stage: marks.Mark(one.stage, one.state, share(one.coverage), share(one.confidence))
                for one in chosen.standing.stages
            }
    label(view, standing, row.target, findings)
    six_stages(view, standing, row.target, findings, states)
    next_steps(advice, findings)
    st.header("Over time", anchor=False)
    over_time.repository(view, row.repository, stage(row.target))
    practices(view, row, findings, states, address.asked_stage())
    assumptions(view, row)
