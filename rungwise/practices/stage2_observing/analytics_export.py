"""Questions are asked of a copy."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="analytics-export",
    stage=Stage.OBSERVING,
    title="Data flows to a store made for analysis",
    why="Analytical questions put to the live database either slow users down or are never asked.",
    advice=(
        "First export a snapshot and query it with DuckDB.",
        "Then stream changes to BigQuery or Snowflake, and keep the models in dbt.",
    ),
    looked_for="a pipeline, a connector or models that carry data to a warehouse",
    role=Role.SUPPORTING,
    effort=Effort.LARGE,
    impact=1,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA),
    requires=(Fact.DATASTORE, Fact.TEAM_OPERATES),
    after=("event-table",),
    guide="https://stack.convex.dev/observability-in-production",
    question="How are analytical questions answered without touching production?",
)
