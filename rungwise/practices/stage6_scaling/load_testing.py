"""Load tests ahead of growth."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="load-testing",
    stage=Stage.SCALING,
    title="You have met the limit before your users do",
    why="The limit is there either way; a load test finds it on a quiet day.",
    advice=(
        "Script the three main journeys with k6 or Locust, and run them against staging with as much data as production has.",
        "Raise the load until something gives, note what it was, and set an alert at half of it.",
        "Repeat before a launch, and whenever the number of users has grown tenfold.",
    ),
    looked_for="load test scripts, and a run of them in the last half year",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.HTTP_API,),
    guide="https://stack.convex.dev/operational-maturity",
    question="When was the last load test, how far above today's peak did it go, and what broke first?",
    after=("staging-environment", "metrics"),
)
