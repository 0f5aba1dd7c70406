"""Migrations tried on data before production."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="migration-tests",
    stage=Stage.PROTECTING,
    title="Migrations run on a database with data before they run on yours",
    why="On an empty database everything works; the rows that nobody thought of are what stops a migration half way.",
    advice=(
        "Add a CI job that sets up the last release with seed data, migrates, and runs a smoke test.",
        "On Convex, run the migration as a dry run on a seeded preview deployment.",
        "Rehearse the big ones on an anonymised copy, and write down how long they took.",
    ),
    looked_for="a CI job that migrates a database which already holds data",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.MIGRATIONS,),
    guide="https://stack.convex.dev/seeding-data-for-preview-deployments",
    question="On what data was the last migration tried before it reached production?",
    after=("migrations-in-code", "seed-data"),
)
