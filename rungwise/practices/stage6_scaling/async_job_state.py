"""Asynchronous work whose state is visible."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="async-job-state",
    stage=Stage.SCALING,
    title="A job that failed or hangs can be seen",
    why="Work without a recorded state fails in silence while somebody watches a spinner.",
    advice=(
        "Keep status, attempts and times for each job, let the worker move them, and mark what timed out by a scheduled check.",
        "Raise an alert on failures and on the age of the oldest waiting job.",
        "Let people cancel, and check the state in the transaction.",
    ),
    looked_for="jobs with a stored status that knows failure, and a timeout, a cancel or a dead letter",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    needs=("background-queue",),
    guide="https://stack.convex.dev/background-job-management",
    question="How do you notice jobs that failed last night, and how does a user?",
    after=("background-queue",),
)
