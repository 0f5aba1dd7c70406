"""Pagination and limits on every list."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="bounded-reads",
    stage=Stage.SCALING,
    title="No list can grow until it breaks",
    why="A list without a limit works for years, and then fails for your largest customer.",
    advice=(
        "On Convex, page with usePaginatedQuery, and use take(n) for the latest few.",
        "Set a default and a maximum page size in the framework; prefer cursors to offsets.",
        "Where the product allows it, limit the number of items when they are written.",
    ),
    looked_for="pagination or a limit on the endpoints that return lists",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.DATASTORE, Fact.HTTP_API),
    guide="https://stack.convex.dev/queries-that-scale",
    question="Which list has no upper bound for your largest customer?",
    after=("indexed-queries",),
)
