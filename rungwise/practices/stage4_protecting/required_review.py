"""A second person reviews each change."""

from rungwise.catalogue import CODE, Practice, Verdict
from rungwise.clues import ANYWHERE, Look, file
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status

OWNERS = file("{,.github/,docs/,.gitlab/}CODEOWNERS", where=ANYWHERE)


def judge(look: Look) -> Verdict | None:
    """Owners in a file are an intention; whether their approval is required is a setting."""
    owners = OWNERS.find(look)
    if owners:
        return Verdict(Status.PARTIAL, owners, "Owners are named; whether their approval is required is a setting.")
    return Verdict(Status.NOT_SEEN, (), "Whether an approval is required is a setting, and approvals are on GitHub.")


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
    uses=(OWNERS,),
)
