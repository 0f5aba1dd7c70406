"""A corner: data is migrated by hand."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import JAVASCRIPT, JSON, SHELL, Language, Look, code, either
from rungwise.facts import RULES
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status

PUSHED = either(
    code(r"\b(prisma db push|drizzle-kit push)\b", JSON, example='"db:push": "prisma db push"', files="package.json"),
    code(r"\bsynchronize\s*:\s*true\b", JAVASCRIPT, example="synchronize: true"),
)

STORED = RULES[Fact.DATASTORE].clue
WRITTEN = RULES[Fact.MIGRATIONS].clue
RUN = code(
    r"\bmanage\.py migrate\b|\b(alembic|flask db) upgrade\b|\b(rails|rake) db:migrate\b|\bartisan migrate\b|\bprisma migrate deploy\b"
    r"|\bknex migrate:latest\b|\b(doctrine:migrations:|flyway )migrate\b|\bdotnet ef database update\b|\bgoose up\b",
    (*SHELL, Language.DOCKERFILE, Language.MAKEFILE),
    example="python manage.py migrate",
)
"""Tools that know migrations only as files; those of a package that several repositories share lie in another one."""


def judge(look: Look) -> Verdict:
    """The corner is taken (present) where there is a store, and no migration."""
    if look.fact(Fact.MIGRATIONS):
        return Verdict(Status.ABSENT, WRITTEN.find(look), "The corner was left: there are migrations.")
    if run := RUN.find(look):
        return Verdict(Status.ABSENT, run, f"The corner was left: {run[0].path} runs migrations.")
    return Verdict(Status.PRESENT, PUSHED.find(look) or STORED.find(look), "There is a data store and no migration in the code.")


PRACTICE = Practice(
    id="manual-migrations",
    stage=Stage.PROTOTYPING,
    title="Corner: data is migrated by hand",
    why="A hundred documents are edited sooner than a migration is written, run and proven; ten thousand are not.",
    advice=(
        "Take a snapshot first, then edit in bulk, and note in the pull request what was run.",
        "Leave this corner when two people share the database or a table passes a few thousand rows.",
    ),
    looked_for="a data store without migrations, or a schema that is pushed instead of migrated",
    role=Role.CORNER,
    effort=Effort.SMALL,
    impact=1,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    after=("data-snapshots",),
    guide="https://stack.convex.dev/lightweight-zero-downtime-migrations",
    graduates_to="migrations-in-code",
    question="When the shape of production data changes, who changes it, and how?",
    judge=judge,
    uses=(PUSHED, STORED, WRITTEN, RUN),
)
