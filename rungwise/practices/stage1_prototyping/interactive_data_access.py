"""A console for development data."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="interactive-data-access",
    stage=Stage.PROTOTYPING,
    title="Development data can be queried interactively",
    why="Trying a query on real rows before writing it into code is the shortest loop there is.",
    advice=(
        "Name a script that opens the framework's console or a database shell on the development data, and only there.",
        "On Convex, use the dashboard's data page and `npx convex run`.",
        "Keep queries worth repeating in the repository.",
    ),
    looked_for="a console, a database studio or a script that opens a database shell",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    question="How do developers look at the data while they build?",
)
