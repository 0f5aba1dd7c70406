"""A limit for each user on what costs money."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="cost-rate-limiting",
    stage=Stage.SCALING,
    title="One user cannot spend the month's budget",
    why="A single eager account on the free plan can use up in a night what was meant for everybody.",
    advice=(
        "On Convex, limit tokens for each user with the rate limiter component, and reserve them before the call.",
        "Elsewhere, keep a token bucket for each account in Redis or Postgres, and count the real cost afterwards.",
        "Set a hard spending alert at the provider.",
    ),
    looked_for="a limit or quota for each user or organisation before an expensive call",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.EXPENSIVE_CALLS,),
    guide="https://stack.convex.dev/rate-limiting",
    question="What is the most that one free user can cost you in a day?",
    not_for="products where users bring their own keys",
    after=("server-side-identity",),
)
