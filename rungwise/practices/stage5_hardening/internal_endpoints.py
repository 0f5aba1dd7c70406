"""Internal functions that clients cannot reach."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="internal-endpoints",
    stage=Stage.HARDENING,
    title="What only servers should call is out of the clients' reach",
    why="Anything on the public surface will be found and called, whether a button leads there or not.",
    advice=(
        "On Convex, let crons, the scheduler and ctx.run* call internal functions only, never api.*.",
        "Elsewhere, put job callbacks and metrics on a private port or behind a token, and keep back ends off the internet.",
        "Keep a test that lists the public surface, so that an addition is noticed.",
    ),
    looked_for="internal functions, private listeners or guards on endpoints that only machines call",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.HTTP_API,),
    guide="https://docs.convex.dev/functions/internal-functions",
    question="Which endpoints are meant for machines alone, and what keeps others out?",
)
