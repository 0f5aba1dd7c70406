"""A dedicated admin interface with its own permissions."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="scoped-admin-access",
    stage=Stage.PROTECTING,
    title="Support staff change production data through narrow, checked actions",
    why="Somebody who can press one of five buttons cannot delete a table.",
    advice=(
        "Turn the most common manual repairs into named actions behind a role check.",
        "On Convex, write them as internal functions or behind an admin builder; elsewhere use the admin of your framework.",
        "Take shared database passwords away, give read-only access by default, and put the screens behind single sign-on.",
    ),
    looked_for="an admin area whose actions check a role",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF),
    requires=(Fact.DATASTORE, Fact.USERS),
    guide="https://stack.convex.dev/operational-maturity",
    question="Who can change production data, by what means, and is each person known by name?",
    after=("server-side-identity",),
)
