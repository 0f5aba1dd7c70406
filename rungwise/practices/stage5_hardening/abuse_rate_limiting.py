"""Rate limits on sign-in, sign-up, reset and messages."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="abuse-rate-limiting",
    stage=Stage.HARDENING,
    title="Guessing passwords and flooding inboxes is slow",
    why="Stolen passwords are tried by machines; a counter for each account and address makes that pointless.",
    advice=(
        "On Convex, add the rate limiter component for failed sign-ins, and reset it when one succeeds.",
        "Use what your framework brings: rate_limit in Rails, throttle in Laravel, AddRateLimiter in .NET, express-rate-limit.",
        "Answer with Retry-After, and raise an alert on bursts.",
    ),
    looked_for="a limiter on the paths that sign in, sign up, reset a password or send messages",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.USERS, Fact.HTTP_API),
    guide="https://stack.convex.dev/rate-limiting",
    question="How many wrong passwords a minute are possible for one account, and from one address?",
    after=("server-side-identity",),
)
