"""Schema changes that break nothing and lock nothing."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import PROGRAM, SQL, Look, at_least, both, code, dependency, either, file, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage4_protecting.migration_tests import ANY_STEP, tries_upgrades

GEMS = dependency(
    gem="strong_migrations online_migrations safe-pg-migrations",
    pypi="django-pg-zero-downtime-migrations django-pg-migration-tools",
)  # fmt: skip
OWN_CHECK = step(
    r"(?i)[/\s](?:db|database|migrations?|sql)[-_:](?:[a-z]+[-_:])*(?:breaking|destructive|unsafe|dangerous|safety|backwards?|compatib\w+)\b"
    r"|[/\s](?:db|database|migrations?|sql)[-_](?:[a-z]+[-_])*(?:breaking|destructive|unsafe|dangerous|safety|backwards?|compatib\w+)[-_.]"
    r"|[/\s](?:[a-z]+[-_:])*(?:breaking|destructive|unsafe|dangerous|safe|backwards?)[-_:](?:[a-z]+[-_:])*(?:db|database|migrations?|sql)\b",
    example="bash scripts/check-destructive-migrations.sh",
)
"""A script of the team's own that looks for what breaks or drops something, named for it."""
CHECKED = either(
    OWN_CHECK,
    both(GEMS, file("**/config/initializers/{strong_migrations,online_migrations}.rb", "**/settings*.py")),
    step(
        r"\b(squawk|diesel-guard|lintmigrations|migration-linter|atlas migrate lint|graphql-inspector|oasdiff|buf breaking)\b",
        uses=r"(?i)(squawk-action|atlas-action/migrate/lint|graphql-inspector|oasdiff|buf-action|buf-breaking)",
        example="diesel-guard check migrations/",
    ),
    file("diesel-guard.toml"),
)  # fmt: skip
CONCURRENT = code(
    r"(?i)\bcreate (unique )?index concurrently\b|\balgorithm: :concurrently\b|\bAddIndexConcurrently\("
    r"|\bpostgresql_concurrently=True|\badd constraint\b[^;]{0,200}\bnot valid\b|\bconcurrently: true\b",
    (*SQL, *PROGRAM), strings=True, example="CREATE INDEX CONCURRENTLY idx ON users (username);",
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """A job that brings the last release's data up to date shows that new and old suit each other."""
    tried = tuple(signal for signal in ANY_STEP.find(look) if tries_upgrades(signal))
    return Verdict(Status.PRESENT, tried, f"{tried[0].path} has a job that tries upgrades.") if tried else None


PRACTICE = Practice(
    id="safe-schema-changes",
    stage=Stage.PROTECTING,
    title="Schema changes suit the old code as well as the new",
    why="During a deploy both versions run on the same tables, and a long lock stops both of them.",
    advice=(
        "Change in steps: add the optional field, write both, backfill, read the new one, and only then tighten and remove.",
        "Let CI check each migration, and give the migration role a short lock timeout.",
        "On Convex, leave schema validation on, and keep arguments compatible until the last old client is gone.",
    ),
    looked_for="a migration linter or a compatibility test in CI, or indexes and constraints that are added without long locks",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/intro-to-migrations",
    question="How would you rename a column that running code still reads?",
    after=("migrations-in-code",),
    present=(CHECKED, at_least(3, CONCURRENT)),
    partial=(CONCURRENT, GEMS, file(".squawk.toml", "atlas.hcl")),
    judge=judge,
    uses=(ANY_STEP,),
)
