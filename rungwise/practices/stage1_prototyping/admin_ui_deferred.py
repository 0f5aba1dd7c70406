"""A corner: no screens for support work yet."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="admin-ui-deferred",
    stage=Stage.PROTOTYPING,
    title="Corner: no admin screens yet",
    why="A second app for support work is a debt until there is support work; functions and a dashboard last long.",
    advice=(
        "Write a function or a management command for each fix that comes back.",
        "Run it from the vendor's dashboard or a terminal, and keep it in the repository.",
    ),
    looked_for="the absence of any admin screens",
    role=Role.CORNER,
    effort=Effort.SMALL,
    impact=1,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    graduates_to="scoped-admin-access",
    question="How is a customer's problem in production data put right today?",
)
