"""A dry run or a plan before production."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="migration-dry-run",
    stage=Stage.PROTECTING,
    title="You see what a change will do before it does it",
    why="Reading a plan costs a minute, and it is the last cheap moment to notice the wrong rows or the wrong server.",
    advice=(
        "Put the plan or the generated SQL into the pull request: terraform plan, alembic upgrade --sql, prisma migrate diff.",
        "Let scripts that repair data print how many rows they would touch, and change them only with --apply.",
        "On Convex, call the migration with dryRun before you call it for production.",
    ),
    looked_for="a plan or diff on pull requests, or migration scripts with a dry run",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.INFRA),
    requires=((Fact.MIGRATIONS, Fact.INFRA),),
    guide="https://www.convex.dev/components/migrations",
    question="When was a production change last tried as a dry run, on what, and by whom?",
    after=("migrations-in-code",),
)
