"""Sentences, and text from elsewhere made safe to show. Nothing here draws."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from rungwise import ladder
from rungwise.catalogue import Catalogue
from rungwise.causes import Cause, Direction
from rungwise.export.markdown import code as code
from rungwise.export.markdown import link as link
from rungwise.model import Fact, Flag, Kind, Role, Stage, State, Status
from rungwise.owners import CODEOWNERS, GITHUB_TEAMS, PROPERTY, TEAMS_FILE, TOPIC, Owner

STATES = {
    State.SURE: "held, surely",
    State.HELD: "held",
    State.OPEN: "open",
    State.NOT_HELD: "not held",
    State.NOT_APPLICABLE: "does not apply",
}
STATES_EXPLAINED = {
    State.SURE: "held even if every open question were answered with no",
    State.HELD: "held, going by what is known",
    State.OPEN: "the open questions decide it",
    State.NOT_HELD: "not held, whatever the open questions turn out to be",
    State.NOT_APPLICABLE: "nothing in this stage is expected of such a repository",
}
STATUSES = {
    Status.PRESENT: "There",
    Status.PARTIAL: "Partly there",
    Status.ATTESTED: "Confirmed by a person",
    Status.ABSENT: "Not there",
    Status.NOT_SEEN: "Not seen",
    Status.UNKNOWN: "Could not look",
    Status.NOT_APPLICABLE: "Does not apply",
}
STATUSES_EXPLAINED = {
    Status.PRESENT: "seen, and in use",
    Status.PARTIAL: "half of it was seen, for instance a library that is installed but not started",
    Status.ATTESTED: "a named person said so, and when to ask again",
    Status.ABSENT: "a repository that has it shows it, everything needed was readable, and it is not there",
    Status.NOT_SEEN: "a question and not a gap: it may well exist where a repository does not show it",
    Status.UNKNOWN: "a question and not a gap: something could not be read",
    Status.NOT_APPLICABLE: "not expected of this kind of repository",
}
SYMBOLS = {
    Status.PRESENT: ":material/check_circle:",
    Status.PARTIAL: ":material/contrast:",
    Status.ATTESTED: ":material/how_to_reg:",
    Status.ABSENT: ":material/radio_button_unchecked:",
    Status.NOT_SEEN: ":material/help:",
    Status.UNKNOWN: ":material/visibility_off:",
    Status.NOT_APPLICABLE: ":material/remove:",
}
"""One shape for each status; the font comes with Streamlit."""
COLOURED = {status: f":{'orange' if status is Status.ABSENT else 'blue'}[{symbol}]" for status, symbol in SYMBOLS.items()} | {
    status: f":gray[{SYMBOLS[status]}]" for status in (Status.NOT_SEEN, Status.UNKNOWN, Status.NOT_APPLICABLE)
}
"""The same in a colour that helps the eye, and that says nothing which the shape does not."""
SHORTCUTS = {Status.PRESENT: "Taken", Status.PARTIAL: "Partly taken", Status.ABSENT: "Not taken"}
"""What a shortcut's status is called: having left it behind is no gap."""
DIRECTIONS = {
    Direction.DOWN: "Went",
    Direction.UP: "Came",
    Direction.SIGHT: "In or out of sight",
    Direction.RULES: "Judged anew",
    Direction.SCOPE: "Asked otherwise",
}
DIRECTIONS_EXPLAINED = {
    Direction.DOWN: "a practice, or a part of it, is no longer there",
    Direction.UP: "a practice, or more of it, is there now",
    Direction.SIGHT: "it became visible or could not be looked at any more; what is there may be the same",
    Direction.RULES: "the rules changed, not the repository: no progress and no loss",
    Direction.SCOPE: "it applies now or no longer, or a gap became a question",
}
ARROWS = {
    Direction.DOWN: ":material/south_east:",
    Direction.UP: ":material/north_east:",
    Direction.SIGHT: ":material/visibility:",
    Direction.RULES: ":material/gavel:",
    Direction.SCOPE: ":material/rule:",
}
ARROWED = {
    way: f":{'orange' if way is Direction.DOWN else 'blue' if way is Direction.UP else 'gray'}[{arrow}]"
    for way, arrow in ARROWS.items()
}
CAUSES = {
    Cause.COMMIT: "A commit",
    Cause.SETTING: "A setting on GitHub",
    Cause.SIGHT: "What could be seen",
    Cause.RULES: "A change of the rules",
    Cause.TIME: "Time going by",
}
KINDS = {
    Kind.EMPTY: ("empty repository", "empty repositories"),
    Kind.DOCS: ("documentation", "documentation"),
    Kind.INFRA: ("infrastructure", "infrastructure"),
    Kind.DATA: ("data work", "data work"),
    Kind.MOB: ("mobile app", "mobile apps"),
    Kind.LIB: ("library", "libraries"),
    Kind.CLI: ("command-line tool", "command-line tools"),
    Kind.SPA: ("front end", "front ends"),
    Kind.SELF: ("product that others host", "products that others host"),
    Kind.APP: ("service or web app", "services and web apps"),
}
FLAGS = {Flag.FORK: "fork", Flag.TPL: "template or sample", Flag.ARCH: "archived or long quiet"}
FACTS = {
    Fact.DATASTORE: "stores data",
    Fact.MIGRATIONS: "has migrations",
    Fact.HTTP_API: "answers HTTP requests",
    Fact.FRONTEND: "has a front end",
    Fact.USERS: "has users who sign in",
    Fact.PAYMENTS: "takes payments",
    Fact.EXTERNAL_CALLS: "calls other services",
    Fact.ASYNC_WORK: "does work in the background",
    Fact.EXPENSIVE_CALLS: "makes calls that cost money",
    Fact.MACHINE_ENDPOINTS: "has endpoints for machines",
    Fact.ANONYMOUS_WRITES: "lets strangers write",
    Fact.TESTS: "has tests",
    Fact.READS_ENV: "reads environment variables",
    Fact.OWN_COMPUTE: "runs heavy work of its own",
    Fact.INFRA: "describes infrastructure",
    Fact.TEAM_OPERATES: "is operated by the team",
    Fact.TEAM: "is changed by two people or more",
    Fact.CONVEX: "is built on Convex",
}


class Bounds(Protocol):
    """How many stages are held, and between which bounds: a row of the store's, or a standing."""

    holds: int
    of: int
    at_least: int
    could_be: int


class Moved(Protocol):
    """How many statuses moved, in how many repositories."""

    @property
    def practices(self) -> int: ...

    @property
    def repositories(self) -> int: ...


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:.&@^])")
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_WORD_JOINER = "\N{WORD JOINER}"
_SPACE = re.compile(r"\s+")


def plain(text: object) -> str:
    """Text from elsewhere, such as a team's name, as Markdown that shows it letter by letter: no link or picture comes of it."""
    # What looks like an address becomes a link even where every sign of it is escaped, unless something stands in between.
    parted = _ADDRESS.sub(_WORD_JOINER, _SPACE.sub(" ", str(text)))
    return _MARKDOWN.sub(r"\\\1", parted)


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 repository``, ``14 repositories``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def repositories(number: int) -> str:
    """``14 repositories``."""
    return count(number, "repository", "repositories")


def listing(items: Sequence[str], most: int = 3) -> str:
    """``a, b and c``, or ``a, b, c and 4 more``."""
    shown, more = list(items[:most]), len(items) - most
    if more > 0:
        shown.append(f"{more} more")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" and {shown[-1]}" if shown else ""


def day(moment: date | datetime) -> str:
    """``20 November 2026``."""
    return f"{moment.day} {moment:%B %Y}"


def age(then: date | datetime, today: date) -> str:
    """``today``, ``1 day``, ``3 weeks``: how old something is, in the largest unit that says enough."""
    days = (today - (then.date() if isinstance(then, datetime) else then)).days
    if days < 1:
        return "today"
    if days < 14:
        return count(days, "day")
    return count(days // 7, "week") if days < 92 else count(days // 30, "month")


def duration(seconds: float) -> str:
    """``40 seconds``, ``12 minutes``, ``3.5 hours``."""
    if seconds < 90:
        return count(round(seconds), "second")
    return count(round(seconds / 60), "minute") if seconds < 5_400 else f"{seconds / 3_600:.1f} hours"


def size(number: float) -> str:
    """``320 kB``, ``1.4 MB``."""
    return f"{number / 1_000:.0f} kB" if number < 1_000_000 else f"{number / 1_000_000:,.1f} MB"


def kinds(found: Iterable[str]) -> str:
    """``6 services and web apps, 2 libraries``, the most frequent first."""
    values = list(found)
    order = sorted(dict.fromkeys(values), key=lambda kind: (-values.count(kind), kind))
    return ", ".join(count(values.count(kind), *KINDS[Kind(kind)]) for kind in order)


def caption(standing: Bounds, upcoming: Stage | None, target: Stage | None, questions: int, unmeasured: int) -> str:
    """The label of a repository: how many stages it holds, between which honest bounds, and which rung comes next."""
    open_ones = [count(questions, "question") + " open"] if questions else []
    if unmeasured:
        open_ones.append(f"{count(unmeasured, 'practice')} not measured yet")
    sure = standing.at_least == standing.could_be
    bounds = "that much is sure" if sure else f"at least {standing.at_least}, could be {standing.could_be}"
    reasons = f": {' and '.join(open_ones)}" if open_ones and not sure else ""
    if upcoming is not None:
        end = f"next: {upcoming.short.lower()}"
    elif target is not None:
        end = f"at its target, stage {int(target)} ({target.short.lower()})"
    else:
        end = "nothing left to climb"
    return f"holds {standing.holds} of {standing.of} stages ({bounds}{reasons}); {end}"


def why_state(stage: Stage, state: State, statuses: Sequence[tuple[str, Status]], catalogue: Catalogue) -> str:
    """Why a stage has its state, as a sentence; ``statuses`` are the practices of the stage by id."""
    if state is State.NOT_APPLICABLE:
        return "Nothing in this stage is expected of such a repository."
    known = [(catalogue[practice], status) for practice, status in statuses if practice in catalogue.by_id]
    weighed = [(p, s) for p, s in known if p.weight and s is not Status.NOT_APPLICABLE]
    missing = [p.title for p, s in weighed if p.role is Role.ANCHOR and s is Status.ABSENT]
    asked = [p.title for p, s in weighed if p.role is Role.ANCHOR and s.open]
    seen = [s for _, s in weighed if not s.open]
    there = [s for s in seen if s is not Status.ABSENT]
    basis = f"{len(there)} of the {count(len(seen), 'practice')} that could be judged are there, at least in part"
    if not seen:
        basis = "nothing here could be judged yet"
    unmeasured = sum(not p.measured and s is Status.NOT_SEEN for p, s in weighed)
    of_them = f" ({unmeasured} not measured yet)" if unmeasured else ""
    unsure = f"{len(weighed) - len(seen)} of {len(weighed)} are open{of_them}"
    if missing:
        return f"Not held without an anchor of this stage: {listing([f'“{title}”' for title in missing])}."
    if stage is Stage.PROTOTYPING:
        return "Source under version control is all that this stage takes."
    if state is State.SURE:
        return f"{_capital(basis)}; no open question could change that."
    if state is State.HELD:
        return f"{_capital(basis)}; {unsure} and could still change that."
    if state is State.OPEN:
        more = f", the anchor {listing([f'“{title}”' for title in asked])} among them" if asked else ""
        return f"{_capital(unsure)}{more}: too much to say. {_capital(basis)}."
    return f"Only {basis}; it takes {ladder.COVERAGE:.0%} by weight."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def ago(weeks: int) -> str:
    """``a week before``, ``4 weeks before``, ``a year before``."""
    if weeks in (52, 53):
        return "a year before"
    return "a week before" if weeks == 1 else f"{weeks} weeks before"


def moved(moves: Mapping[Direction, Moved]) -> str:
    """What moved, in a sentence: ``14 practices came in 9 repositories, 3 went in 2; 5 came into sight or left it.``"""
    told = []
    for way, verb in ((Direction.DOWN, "went"), (Direction.UP, "came")):
        if way in moves:
            told.append(f"{count(moves[way].practices, 'practice')} {verb} in {repositories(moves[way].repositories)}")
    rest = {
        Direction.SIGHT: "came into sight or left it",
        Direction.RULES: "judged anew by other rules",
        Direction.SCOPE: "asked in another way",
    }
    others = []
    for way, verb in rest.items():
        if way in moves:
            number = moves[way].practices
            be = "" if way is Direction.SIGHT else "was " if number == 1 else "were "
            others.append(f"{number:,} {be}{verb}")
    sentence = "; ".join(part for part in (" and ".join(told), ", ".join(others)) if part)
    return f"{sentence}." if sentence else "Nothing moved: every answer is as it was."


def change(was: str, now: str) -> str:
    """``not there → there``."""
    return f"{STATUSES[Status(was)].lower()} → {STATUSES[Status(now)].lower()}"


_BY = {
    TEAMS_FILE: "the teams file says so",
    CODEOWNERS: "its CODEOWNERS file names it for everything that it does not give to others",
    GITHUB_TEAMS: "it is the only team on GitHub that may administer the repository, or maintain it where none may administer it",
}


def why_owner(team: str | None, source: str | None) -> str:
    """Who owns a repository and why, in half a sentence."""
    if not team:
        return "nobody is named, neither by a teams file nor by CODEOWNERS, a custom property, a topic or a team on GitHub"
    source = source or ""
    if source.startswith(PROPERTY):
        reason = f"the custom property {code(source.removeprefix(PROPERTY))} on GitHub says so"
    elif source.startswith(TOPIC):
        reason = f"the topic {code(source.removeprefix(TOPIC))} on GitHub says so"
    else:
        reason = _BY.get(source, plain(source))
    return f"{plain(team)}, because {reason}" if reason else plain(team)


def named_besides(owners: Sequence[Owner]) -> str:
    """Whom other sources name, in half a sentence; empty where none names another."""
    named = [
        f"{plain(owner.team)} by {'its CODEOWNERS file' if owner.source == CODEOWNERS else owner.source}" for owner in owners
    ]
    return f"; others name {listing(named, 3)}" if named else ""
