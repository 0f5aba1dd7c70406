"""Protection against bots where no account is needed."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="anonymous-bot-protection",
    stage=Stage.HARDENING,
    title="Forms that anybody may send tell people from scripts",
    why="Limits by address hit people behind one router and miss a botnet; a challenge bound to a session does better.",
    advice=(
        "Put Turnstile or a similar challenge on sign-up and contact forms, and verify its answer on the server.",
        "Keep the passed challenge with the session, and limit what that session may do.",
    ),
    looked_for="a captcha, a challenge or a honeypot that the server verifies",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.ANONYMOUS_WRITES,),
    guide="https://stack.convex.dev/rate-limiting",
    question="What stops a script from making a thousand accounts?",
    not_for="products where each write needs an account, and internal tools",
    after=("abuse-rate-limiting",),
)
