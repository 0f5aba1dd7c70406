"""Source under version control."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import Look, file
from rungwise.model import Effort, Kind, Observable, Role, SignalKind, Stage, Status

IGNORE_LIST = file(".gitignore")
COMMITS, DAYS = 10, 3


def judge(look: Look) -> Verdict:
    """Present with ten commits on three different days; fewer may be a single drop of code."""
    seen = {signal.name: signal for signal in look.of(SignalKind.ACTIVITY)}
    commits, days = (int(seen[name].value) if name in seen else 0 for name in ("commits", "commit-days"))
    at_least = "at least " if {"shallow", "more"} & seen.keys() else ""
    # A shallow clone leaves history out, so few commits say nothing about it.
    enough = (commits >= COMMITS and days >= DAYS) or "shallow" in seen
    return Verdict(
        Status.PRESENT if enough else Status.PARTIAL,
        (*IGNORE_LIST.find(look), *look.named(SignalKind.ACTIVITY, "commits")),
        f"The history holds {at_least}{_counted(commits, 'commit')} on {_counted(days, 'day')}.",
    )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


PRACTICE = Practice(
    id="version-control",
    stage=Stage.PROTOTYPING,
    title="Source is under version control, in small steps",
    why="A history that can be walked back turns a bad afternoon into a lost hour, and every later habit reads from it.",
    advice=(
        "Commit each time it works, and push the default branch at least once a day.",
        "Ignore what can be built or downloaded again; large binaries belong in Git LFS or object storage.",
    ),
    looked_for="a history of at least ten commits on three different days",
    role=Role.ANCHOR,
    effort=Effort.SMALL,
    impact=5,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.LIB, Kind.CLI, Kind.MOB, Kind.INFRA, Kind.DATA, Kind.DOCS),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    judge=judge,
    uses=(IGNORE_LIST,),
)
