"""Slowness is caught before release."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="performance-regression-tests",
    stage=Stage.TESTING,
    title="A change that makes the product slow is noticed",
    why="Slowness creeps in change by change, and is cheap to undo only while the change is fresh.",
    advice=(
        "Count database queries in the tests of the ten busiest endpoints.",
        "Give the frontend a Lighthouse or size-limit budget, and compare benchmarks of hot code (CodSpeed, criterion).",
    ),
    looked_for="benchmarks, query counts or budgets, compared in CI",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.LIB),
    after=("ci-tests",),
    guide="https://stack.convex.dev/testing-patterns",
)
