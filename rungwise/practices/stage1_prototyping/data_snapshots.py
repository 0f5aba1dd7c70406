"""Data can be saved and brought back."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="data-snapshots",
    stage=Stage.PROTOTYPING,
    title="Data is snapshotted and can be restored",
    why="With a snapshot taken first, a bold change that goes wrong costs five minutes and not the data.",
    advice=(
        "Convex: switch on daily backups, and run `npx convex export` before anything risky.",
        "Elsewhere: let the provider keep point-in-time backups, or dump on a schedule to separate storage.",
        "Write the command that restores next to the one that saves.",
    ),
    looked_for="scheduled backups, backup retention in infrastructure code, or a script that dumps and restores",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=5,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    question="Is production data backed up by itself, how long is it kept, and who can restore it?",
)
