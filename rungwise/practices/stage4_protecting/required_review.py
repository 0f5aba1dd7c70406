"""A second person reviews each change."""

from rungwise.catalogue import CODE, Practice, Verdict
from rungwise.clues import ANYWHERE, Language, Look, code, setting
from rungwise.model import Effort, Fact, Observable, Role, SignalKind, Stage, Status

ARCHIVED = setting("archived", "true")
OWNERS = code(
    r"^[^\s#][^\n]*\s\S*@\w",
    (Language.PROPERTIES,),
    example="* @acme/shop",
    where=ANYWHERE,
    files="{,.github/,docs/,.gitlab/}CODEOWNERS",
)
"""A file of comments, or of paths without anybody, names no owner."""
MOST, HALF, ENOUGH = 0.9, 0.5, 10
"""Shares of merged changes that somebody else approved, and how many changes it takes to say so."""
UNSEEN = {
    "default-branch-rulesets": "Rulesets",
    "default-branch-classic-protection": "Classic branch protection",
    "approved-changes": "The reviews of merged changes",
}


def judge(look: Look) -> Verdict | None:
    """What people do goes before what the settings ask for; owners in a file are an intention."""
    if ARCHIVED.find(look):
        return Verdict(Status.NOT_APPLICABLE, (), "It is archived, so that nobody can change it.")
    required = tuple(signal for signal in look.named(SignalKind.SETTING, "default-branch-approvals") if signal.value != "0")
    if required:
        return Verdict(
            Status.PRESENT,
            required,
            f"A change needs {required[0].value} approval{'' if required[0].value == '1' else 's'} before it is merged.",
        )
    told = {signal.name: signal for signal in look.of(SignalKind.ACTIVITY)}
    merged, approved = (int(told[name].value) if name in told else 0 for name in ("merged-changes", "approved-changes"))
    share = approved / merged if merged >= ENOUGH else None
    said = f"Somebody else approved {approved} of the last {merged} merged changes."
    if share is not None and share >= HALF:
        return Verdict(Status.PRESENT if share >= MOST else Status.PARTIAL, (told["approved-changes"],), said)
    owners = OWNERS.find(look)
    if owners:
        return Verdict(Status.PARTIAL, owners, "Owners are named; whether their approval is required is a setting.")
    if not look.named(SignalKind.SETTING, "default-branch"):
        return Verdict(Status.NOT_SEEN, (), "Whether an approval is required is a setting, and approvals are on GitHub.")
    unseen = [signal for signal in look.of(SignalKind.UNREADABLE) if signal.value in UNSEEN]
    if unseen:
        return Verdict(Status.UNKNOWN, (), f"{UNSEEN[unseen[0].value]} could not be looked at ({unseen[0].name}).")
    return Verdict(Status.ABSENT, (), f"No rule asks for an approval. {said if merged else ''}".strip())


PRACTICE = Practice(
    id="required-review",
    stage=Stage.PROTECTING,
    title="Somebody else reads a change before it is merged",
    why="The author of a slip is the person least likely to see it.",
    advice=(
        "Require one approval in the branch rules, and drop stale approvals when new commits arrive.",
        "Name owners in CODEOWNERS for schema, migrations, workflows and infrastructure.",
        "Working alone: open the pull request anyway, wait for CI, and read it again an hour later.",
    ),
    looked_for="a rule that asks for an approval, or merged changes that were approved by somebody other than their author",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.YES,
    applies=CODE,
    requires=(Fact.TEAM,),
    guide="https://stack.convex.dev/testing-patterns",
    not_for="repositories with one active author",
    after=("branch-protection",),
    judge=judge,
    uses=(ARCHIVED, OWNERS),
)
