"""A record of who changed production data."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="admin-audit-log",
    stage=Stage.PROTECTING,
    title="Each manual change of production data leaves a record",
    why="When data is wrong, the first question is who changed it, and memory is a poor witness.",
    advice=(
        "Write actor, action, subject, reason, before and after in the transaction that makes the change, and never edit them.",
        "Use what your framework has: django-auditlog, audited or console1984, laravel-activitylog, Convex triggers.",
        "Record reads of sensitive data too where the law asks for it.",
    ),
    looked_for="audit records with an actor and a target, written where staff change data",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF),
    requires=(Fact.DATASTORE, Fact.USERS),
    guide="https://stack.convex.dev/observability-in-production",
    question="Where is the record of the last manual change of production data?",
    after=("scoped-admin-access",),
)
