"""Workers that take the next task when they are free."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="pull-based-workers",
    stage=Stage.SCALING,
    title="Heavy work waits until a worker is free to take it",
    why="Workers that fetch their own tasks keep costly machines busy and never have to be found.",
    advice=(
        "Claim a row with SKIP LOCKED and a lease in Postgres; on Convex, claim by a mutation and let a cron free lost tasks.",
        "Scale on the age of the queue, and refuse work with 429 when it grows too long.",
    ),
    looked_for="workers that claim tasks with a lease or a heartbeat, several of them or scaled by the queue",
    role=Role.SUPPORTING,
    effort=Effort.LARGE,
    impact=1,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA),
    requires=(Fact.OWN_COMPUTE,),
    guide="https://stack.convex.dev/work-stealing",
    question="How does a worker get its next task, and what happens when it dies?",
    not_for="hosted inference, and work that is quick",
    after=("background-queue", "async-job-state"),
)
