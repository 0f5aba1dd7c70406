"""Migrations as a step of the deploy."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="migration-automation",
    stage=Stage.PROTECTING,
    title="The deploy runs the migrations, once, before the new code serves",
    why="After a migration has been proven, the hand that types it late at night is the weakest part.",
    advice=(
        "Use the release phase of your host, or a job before the rollout, and let the deploy fail with it.",
        "Run long backfills in resumable batches outside the deploy, for instance as background jobs.",
    ),
    looked_for="a migration command in the deploy workflow, the release phase or a job that runs before the rollout",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.MIGRATIONS,),
    guide="https://www.convex.dev/components/migrations",
    question="Which step applies migrations in production, and can it be left out?",
    after=("migrations-in-code", "migration-dry-run"),
)
