"""No more moving parts than the product needs."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="simple-stack",
    stage=Stage.PROTOTYPING,
    title="The stack is no bigger than the product needs",
    why="Each extra moving part makes every change dearer while nobody knows yet whether the product is right.",
    advice=(
        "Start with one repository, one app and one transactional store, and prefer a managed product to a cloud's raw parts.",
        "Delete workflows, charts and services that nothing uses; they can come back when something asks for them.",
    ),
    looked_for="orchestration, infrastructure code, brokers and further data stores",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SPA, Kind.SELF),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    question="Which parts of the stack would you take out today?",
)
