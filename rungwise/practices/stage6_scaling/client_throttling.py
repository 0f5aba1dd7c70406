"""Clients that wait before they ask again."""

from rungwise.catalogue import PRODUCTS, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="client-throttling",
    stage=Stage.SCALING,
    title="The client asks again only when it has its answer",
    why="Clients that wait for one another's answers slow down together instead of burying the server.",
    advice=(
        "On Convex, use useSingleFlight for presence, typing and dragging.",
        "Debounce search fields by a fifth of a second, and abort the request that was overtaken.",
        "Poll only while the page is visible, and more slowly after errors.",
    ),
    looked_for="debounced, throttled or single-flight requests in the user interface",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=PRODUCTS,
    requires=(Fact.FRONTEND,),
    guide="https://stack.convex.dev/throttling-requests-by-single-flighting",
    not_for="pages without live input",
)
