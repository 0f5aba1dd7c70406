"""Schema changes that break nothing and lock nothing."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="safe-schema-changes",
    stage=Stage.PROTECTING,
    title="Schema changes suit the old code as well as the new",
    why="During a deploy both versions run on the same tables, and a long lock stops both of them.",
    advice=(
        "Change in steps: add the optional field, write both, backfill, read the new one, and only then tighten and remove.",
        "Let CI check each migration, and give the migration role a short lock timeout.",
        "On Convex, leave schema validation on, and keep arguments compatible until the last old client is gone.",
    ),
    looked_for="a migration linter or a compatibility test in CI, or indexes and constraints that are added without long locks",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/intro-to-migrations",
    question="How would you rename a column that running code still reads?",
    after=("migrations-in-code",),
)
