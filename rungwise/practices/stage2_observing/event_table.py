"""Business events are kept as records."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="event-table",
    stage=Stage.OBSERVING,
    title="Business events are kept as records",
    why="Events in a table can be queried, joined and relied on; log lines cannot.",
    advice=(
        "Add an events table (type, actor, subject, time, details) and write to it in the transaction that makes the change.",
        "Begin with sign-up, invitation, payment and the core action.",
    ),
    looked_for="a table of events or activities that several features write to",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    after=("leveled-logging",),
    guide="https://stack.convex.dev/observability-in-production",
    question="Can you list, from data, who signed up last week and what they did first?",
)
