"""Side effects that may happen twice without harm."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="idempotent-side-effects",
    stage=Stage.SCALING,
    title="Doing it twice does no more than doing it once",
    why="Queues and retries deliver twice sooner or later, and nobody wants to be charged twice.",
    advice=(
        "Store the provider's event id under a unique constraint before acting on it.",
        "Pass an idempotency key to payment and mail services.",
        "Check the state again in the transaction that claims the job.",
    ),
    looked_for="idempotency keys, deduplication or unique constraints on payment, webhook and job paths",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=((Fact.EXTERNAL_CALLS, Fact.ASYNC_WORK),),
    guide="https://stack.convex.dev/retry-actions",
    question="If one webhook or job arrives twice, what is charged or sent twice?",
    after=("retries-with-backoff",),
)
