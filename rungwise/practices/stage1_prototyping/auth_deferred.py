"""A corner: no sign-in yet."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Observable, Role, Stage

PRACTICE = Practice(
    id="auth-deferred",
    stage=Stage.PROTOTYPING,
    title="Corner: no sign-in yet, on purpose",
    why="Leaving sign-in out is quick for one player, and has to end before strangers learn the address.",
    advice=(
        "Write in the README what ends this corner, for instance the first user from outside.",
        "Keep user ids out of function arguments, so that identity can be added later.",
    ),
    looked_for="an app that writes data for anybody, with no sign-in",
    role=Role.CORNER,
    effort=Effort.SMALL,
    impact=1,
    observable=Observable.YES,
    applies=SERVICES,
    guide="https://stack.convex.dev/yolo-fast-mvp",
    graduates_to="server-side-identity",
    question="Is access limited outside the code, by a VPN or a proxy?",
)
