"""Queries that use indexes."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="indexed-queries",
    stage=Stage.SCALING,
    title="Queries find their rows by an index",
    why="Reading every row is quick on a laptop and takes the database down at a million.",
    advice=(
        "On Convex, replace .filter on a query by .withIndex, and let the ESLint rule report what is left.",
        "In Postgres, read the slowest queries from pg_stat_statements, and build missing indexes concurrently.",
        "Make N+1 queries fail in tests: Bullet or Prosopite, assertNumQueries.",
    ),
    looked_for="indexes beyond primary keys, and a guard against scans and N+1 queries",
    role=Role.ANCHOR,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/queries-that-scale",
    question="Which three queries were the slowest in production this month?",
    not_for="tables that stay in the thousands",
    after=("data-schema-validation",),
)
