"""A way back that has been rehearsed."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="rollback-ready",
    stage=Stage.PROTECTING,
    title="The way back to yesterday's release and yesterday's data is rehearsed",
    why="What a mistake costs depends on how fast you are back, and a restore that nobody has tried seldom works.",
    advice=(
        "Write down two commands: redeploy the release before this one, and restore the snapshot into a new deployment.",
        "Do both for real, note the minutes, and put the next rehearsal into the calendar.",
        "Keep migrations compatible with the previous release, so that the code can go back by itself.",
    ),
    looked_for="a deployment of an older version, a rollback or canary step, or a restore procedure",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.NO,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.INFRA),
    requires=((Fact.TEAM_OPERATES, Fact.DATASTORE),),
    guide="https://docs.convex.dev/database/backup-restore",
    question="When did you last restore a backup, how long did it take, and how do you go back one release?",
    after=("data-snapshots", "auto-deploy"),
)
