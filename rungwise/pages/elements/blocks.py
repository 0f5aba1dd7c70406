"""Blocks that more than one page shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from rungwise import ladder
from rungwise.catalogue import Catalogue
from rungwise.causes import Direction, why
from rungwise.model import Role, Stage, State, Status
from rungwise.pages.elements import address, marks, words
from rungwise.pages.elements.data import View, open_view, rows, text
from rungwise.recommend import SharedStep, Step
from rungwise.settings import SettingsError
from rungwise.store import UNOWNED, StoreError, Week

COLLECT = "uv run python -m rungwise collect local PATH..."
"""What fills the database."""


def start() -> View:
    """The week that the page shows. Where there is none to show, this says what to do, and ends the page."""
    try:
        view = open_view()
        missing = None if view else "Nothing has been collected yet."
    except SettingsError as error:
        st.title("The practices cannot be read", anchor=False)
        st.markdown(words.plain(str(error)))
        st.caption("Nothing is lost. Reload the page when the file is mended.")
        st.stop()
    except StoreError as error:
        view, missing = None, str(error)
    if view is None:
        st.title("There is nothing to show yet", anchor=False)
        st.markdown(words.plain(missing))
        st.markdown("This looks at one or more clones, or at a folder of them, and fills the page:")
        st.code(COLLECT, language="bash")
        st.caption("Reload the page when it is done. Nothing leaves this machine.")
        st.stop()
    return view


def head(title: str, view: View, choose: Callable[[], None] | None = None, download: Callable[[], bytes] | None = None) -> None:
    """The choices that the page offers, its title, and what a visitor has to know about the data.

    ``download`` makes the week's files; it is called when somebody asks for them.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if choose:
            choose()
        _choose_week(view)
        st.space("stretch")
        if download:
            st.download_button(
                "Download",
                data=download,
                file_name=f"rungwise-{view.week.label}.zip",
                mime="application/zip",
                icon=":material/download:",
                on_click="ignore",
                help="The week as tables (Parquet and CSV), with checksums, and as a page to read.",
            )
        with st.popover("How to read this", icon=":material/menu_book:", width="content"):
            explain(view.catalogue)
    st.title(title, anchor=False)
    if view.reader.demo:
        about = view.reader.about
        source, note = words.plain(about.get("source", "").rstrip(".")), words.plain(about.get("note", ""))
        # A caption is see-through, and a badge in it too pale to read.
        st.markdown(
            f":blue-badge[Demo data] :gray[:small[{source}. Collected on {words.plain(about.get('made_on', ''))}. {note} To see your own:]] "
            f":small[`{COLLECT}`]"
        )
    asked = address.asked("week")
    if asked and asked != view.week.label:
        st.warning(
            f"Nothing was collected in week {words.plain(asked)}; this is {view.week.label}.", icon=":material/event_busy:"
        )


def _choose_week(view: View) -> None:
    labels = [week.label for week in view.weeks]
    key = f"week-{view.week.label}"

    def go() -> None:
        chosen = st.session_state[key]
        address.change(week=None if chosen == labels[0] else chosen)

    st.selectbox(
        "Week", labels, index=labels.index(view.week.label), key=key, on_change=go, format_func="Week {}".format, width=155,
        label_visibility="collapsed",
    )  # fmt: skip


BAR = ((marks.segment("rw-there"), "there"), (marks.segment("rw-open"), "open questions"), (marks.segment(""), "missing"))
"""What the parts of a bar mean."""


def explain(catalogue: Catalogue) -> None:
    """How to read every page, with the thresholds and weights that are in force."""
    weights = {practice.role: practice.weight for practice in catalogue if practice.weight}
    st.markdown(
        "Each repository is looked at for **practices** in six **stages**. They come from Ian Macartney's article "
        "“Operational maturity for production”. The stages are areas of work and no gates: being uneven is normal, and "
        "stage 1 is a fine place to be."
    )
    st.markdown("**A bar** is everything that is expected in a stage:")
    st.html(marks.legend(*BAR))
    st.markdown("**A dot** says how the stage stands:")
    st.html(
        '<div class="rw-small" style="display:grid;grid-template-columns:max-content max-content 1fr;gap:.25rem .6rem">'
        + "".join(
            f"<span>{marks.dot(state)}</span><span>{words.STATES[state]}</span>"
            f'<span class="rw-soft">{words.STATES_EXPLAINED[state]}</span>'
            for state in State
        )
        + "</div>"
    )
    st.markdown(
        f"A stage is **held** when at least {ladder.COVERAGE:.0%} of what is known of it is there, at least "
        f"{ladder.CONFIDENCE:.0%} of it is known, and no anchor is known to be missing. An anchor is a practice on which the "
        f"stage rests; it weighs {weights[Role.ANCHOR]}, a core practice {weights[Role.CORE]}, a supporting one "
        f"{weights[Role.SUPPORTING]}. Partly there counts half. Stage 1 takes version control alone."
    )
    st.markdown("**A practice** has one of these symbols:")
    st.markdown(
        "  \n".join(
            f"{words.SYMBOLS[status]} {words.STATUSES[status]}: :gray[{words.STATUSES_EXPLAINED[status]}]" for status in Status
        )
    )
    st.markdown(
        "**Not seen is never counted as missing.** A **target** is what people decided a repository needs; gaps are counted up "
        "to it. Without one, the next steps lead to the next rung."
    )


def step_card(step: Step | SharedStep, helps: Sequence[str] = (), because: str = "") -> None:
    """One next step: what, why now, whom it helps, how to start and, in Markdown, what it rests on."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        stage_line(step.stage, "a question" if step.kind == "find out" else "")
        st.markdown(f"**{words.plain(step.title)}**")
        st.markdown(f":gray[{words.plain(step.why_now)}]")
        for name in helps[:HELPED]:
            repository_link(name, step.stage)
        if len(helps) > HELPED:
            with st.expander(f"and {len(helps) - HELPED} more", type="compact"):
                for name in helps[HELPED:]:
                    repository_link(name, step.stage)
        with st.expander("What to ask" if step.kind == "find out" else "How to start", type="compact"):
            st.markdown("\n".join(f"- {words.plain(line)}" for line in step.how))
        if because:
            with st.expander("Why we say so", type="compact"):
                st.markdown(because)


HELPED = 3
"""How many of the repositories that a step helps are named at once."""


def stage_line(stage: Stage, more: str = "") -> None:
    """Which stage something belongs to, in small print."""
    extra = f" · {more}" if more else ""
    st.html(f'<span class="rw-small rw-soft">{marks.dot(State.SURE, stage)}&nbsp;{int(stage)} {stage.short}{extra}</span>')


def repository_link(name: str, stage: Stage | None = None) -> None:
    """A link to a repository's page. The organisation is left out: it is in the title of the page that opens."""
    st.page_link(
        address.REPOSITORY,
        label=f":primary[{words.plain(short(name))}]",
        query_params=address.state(repository=name, stage=int(stage) if stage else None),
    )


def team_link(team: str | None, stage: Stage | None = None, label: str | None = None) -> None:
    """A link to a team's page."""
    st.page_link(
        address.TEAM,
        label=f":primary[{words.plain(label or team_name(team))}]",
        query_params=address.state(team=team or address.UNOWNED, stage=int(stage) if stage else None),
    )


def team_name(team: str | None) -> str:
    """A team as it is called on the screen."""
    return team or "Unowned repositories"


def choose(
    label: str, options: Sequence[str], asked: str | None, name: str, show: Callable[[str], str] = str, nothing: str | None = None
) -> None:
    """A choice that goes into the address under ``name``; ``nothing`` is a choice too, of none, where it is given."""
    key = f"{name}-{asked}"
    every = [*options] if nothing is None else ["", *options]

    def go() -> None:
        address.change(**{name: st.session_state[key]})

    st.selectbox(
        label,
        every,
        index=every.index(asked) if asked in every else None if nothing is None else 0,
        key=key,
        on_change=go,
        format_func=lambda value: show(value) if value else nothing or "",
        placeholder=f"Choose a {name}",
        width=300 if nothing is None else 220,
        label_visibility="collapsed",
    )


def choose_stage(asked: Stage | None, key: str) -> None:
    """Narrow the page to one stage, or not."""
    options = [0, *map(int, Stage)]
    key = f"{key}-{asked}"

    def go() -> None:
        address.change(stage=st.session_state[key] or None)

    st.segmented_control(
        "Stage",
        options,
        default=int(asked) if asked else 0,
        required=True,
        key=key,
        on_change=go,
        format_func=lambda value: Stage(value).short if value else "All stages",
        label_visibility="collapsed",
    )


def title(practice: str, catalogue: Catalogue) -> str:
    """A practice's title, or its id where the catalogue no longer knows it."""
    return catalogue[practice].title if practice in catalogue.by_id else practice


def move_line(view: View, move: Any, *, where: bool = False) -> str:
    """One move in Markdown: which practice (and, where asked, in which repository), and from what to what."""
    name = f"{words.plain(short(move.repository))}: " if where else ""
    turned = f":gray[{words.change(move.was, move.now)}]"
    return f"{words.ARROWED[Direction(move.direction)]} **{name}{words.plain(title(move.practice, view.catalogue))}** {turned}"


def because(move: Any, url: str | None = None) -> str:
    """Why something moved, as a sentence in Markdown; ``url`` is the repository's, where the move does not know it."""
    sentence = why(move, url or text(move.url), plain=words.plain, code=words.code, link=words.link)
    more = f" It moved {int(move.moves)} times in between." if getattr(move, "moves", 0) > 1 else ""
    return f"{sentence[:1].upper()}{sentence[1:]}.{more}"


BRIEF = 3
"""How many moves of a direction are told one by one beside the way to the rest."""


def moved_in_brief(view: View, since: Week, team: str | None = None) -> None:
    """What moved, in sentences: what went and what came lately, each with its cause, and a link to all of it.

    ``team`` narrows it to one team (:data:`UNOWNED` for none).
    """
    moves = view.moves(since, team=team)
    st.markdown(words.moved(moves))
    if not moves:
        # A quiet week is no reason to say nothing: the year has more to tell.
        if view.year_before is None or since != view.before:
            return
        since = view.year_before
        moves = view.moves(since, team=team)
        st.markdown(f"Since {since.label}, {words.ago(view.week.id - since.id)}: {words.moved(moves)}")
    shown = [way for way in (Direction.DOWN, Direction.UP) if way in moves]
    first = rows(view.changes(since, team=team, each=BRIEF)) if shown else []
    found = [move for way in shown for move in first if move.direction == way]
    if found:
        st.markdown("\n".join(f"- {move_line(view, move, where=True)}  \n  :small[{because(move)}]" for move in found))
    link = address.UNOWNED if team == UNOWNED else team
    st.page_link(
        address.MOVED,
        label=":primary[All that moved, and why]",
        icon=":material/arrow_forward:",
        query_params=address.state(team=link, since=since.label if since != view.before else None),
    )


def short(repository: str) -> str:
    """A repository without its organisation, which is in the title of its own page."""
    return repository.partition("/")[2] or repository


def corner(practice: str, catalogue: Catalogue) -> bool:
    """Whether it is a shortcut that is fine while prototyping, and not something to collect."""
    return practice in catalogue.by_id and catalogue[practice].role is Role.CORNER
