"""Guard against accidental destructive changes."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="destructive-change-guard",
    stage=Stage.PROTECTING,
    title="Dropping data takes more than one careless command",
    why="Removing a table or a large index is quick to type, and putting it back can take a day.",
    advice=(
        "Check migrations in CI with a linter that refuses drops nobody marked as safe: squawk, strong_migrations, diesel-guard.",
        "In Terraform, set prevent_destroy and deletion protection on every store, and apply only a plan that somebody has read.",
        "On Convex, never allow the deletion of large indexes in a deploy script; drop them in a change of their own.",
    ),
    looked_for="a check that stops destructive migrations or infrastructure changes before they reach production",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=5,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.INFRA),
    requires=((Fact.DATASTORE, Fact.INFRA),),
    guide="https://stack.convex.dev/operational-maturity",
    question="What would stop one command from dropping a table or an index in production?",
)
