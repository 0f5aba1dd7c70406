"""Caching, and hot data apart from cold."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="cache-friendly-data",
    stage=Stage.SCALING,
    title="What changes often is kept apart from what is read often",
    why="One busy field on a popular record makes everything that reads the record run again.",
    advice=(
        "On Convex, move fields such as lastSeen into a table of their own, and keep Date.now() out of queries.",
        "Elsewhere, cache the two dearest reads with an expiry and a deliberate invalidation, and watch the hit rate.",
    ),
    looked_for="caches with an expiry or invalidation at the place of use, or tables that split hot from cold fields",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/queries-that-scale",
    question="Which record is written most, and what is computed again each time?",
    after=("indexed-queries", "metrics"),
)
