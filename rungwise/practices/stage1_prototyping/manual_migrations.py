"""A corner: data is migrated by hand."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="manual-migrations",
    stage=Stage.PROTOTYPING,
    title="Corner: data is migrated by hand",
    why="A hundred documents are edited sooner than a migration is written, run and proven; ten thousand are not.",
    advice=(
        "Take a snapshot first, then edit in bulk, and note in the pull request what was run.",
        "Leave this corner when two people share the database or a table passes a few thousand rows.",
    ),
    looked_for="a data store without migrations, or a schema that is pushed instead of migrated",
    role=Role.CORNER,
    effort=Effort.SMALL,
    impact=1,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    after=("data-snapshots",),
    guide="https://stack.convex.dev/lightweight-zero-downtime-migrations",
    graduates_to="migrations-in-code",
    question="When the shape of production data changes, who changes it, and how?",
)
