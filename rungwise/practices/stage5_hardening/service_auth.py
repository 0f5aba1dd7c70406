"""Machine-to-machine calls and webhooks that prove who they are."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="service-auth",
    stage=Stage.HARDENING,
    title="Webhooks and workers prove who they are",
    why="An endpoint for machines without a secret or a signature believes the whole internet.",
    advice=(
        "Verify webhooks with the provider's own helper on the raw body, and compare in constant time.",
        "On Convex, take an API key in a builder of its own; later keep keys in a table with owner and expiry.",
        "Accept the old and the new key for a day, so that rotating needs no courage.",
    ),
    looked_for="a signature, secret or token check in the handlers of webhooks and internal endpoints",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.MACHINE_ENDPOINTS,),
    guide="https://stack.convex.dev/custom-functions",
    question="Which webhooks come in, and how is each one verified?",
    after=("secrets-in-env",),
)
