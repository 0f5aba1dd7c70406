"""Somebody has agreed to wake up."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="on-call-paging",
    stage=Stage.OBSERVING,
    title="One named person is paged, and a second behind them",
    why="At night an alert needs somebody who agreed to get up, and somebody else if they do not.",
    advice=(
        "Page only for what users notice; everything else goes to the channel.",
        "Rotate weekly with a primary and a secondary, and write down how fast an answer has to come.",
        "Keep one page for each alert: what it means, the first three checks, how to roll back.",
    ),
    looked_for="a rota or an escalation policy kept as code",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.NO,
    applies=(Kind.APP, Kind.INFRA, Kind.DATA),
    requires=(Fact.TEAM_OPERATES,),
    after=("alerting",),
    guide="https://stack.convex.dev/observability-in-production",
    question="Who is paged now, who is second, and when was a page last tested?",
)
