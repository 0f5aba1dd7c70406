"""Migrations tried on data before production."""

from collections import defaultdict

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    ANYWHERE,
    CSHARP,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JVM,
    PHP,
    PYTHON,
    RUBY,
    RUST,
    SHELL,
    SOURCE_AND_TESTS,
    TESTS,
    Look,
    beside,
    both,
    code,
    dependency,
    either,
    occurs,
    step,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Signal, Stage, Status
from rungwise.practices.stage3_testing import ci_tests
from rungwise.practices.stage3_testing.ci_tests import judge as tests_in_ci

UP = (
    r"\b(?:manage\.py migrate|django-admin migrate|alembic (?:\S+ )*upgrade|flask db upgrade|(?:rails|rake) (?:\S+ )*db:migrate"
    r"|ecto\.migrate|artisan (?:\S+ )*migrate|prisma migrate (?:deploy|reset|dev)|drizzle-kit migrate|knex (?:\S+ )*migrate:(?:latest|up)"
    r"|typeorm \S*migration:run|sequelize(?:-cli)? db:migrate|(?:mikro-orm|kysely|node-pg-migrate|migrate-mongo|umzug) \S*up"
    r"|(?:dbmate|goose|migrate|soda|sql-migrate|tern|atlas|bun) (?:\S+ )*(?:up|migrate|apply)|flyway (?:\S+ )*migrate"
    r"|liquibase (?:\S+ )*update|flyway:migrate|flywayMigrate|liquibase:update|dotnet ef database update|sqlx migrate run"
    r"|diesel (?:\S+ )*migration (?:run|redo)|sea-orm-cli migrate|doctrine:migrations:migrate|phinx migrate"
    # The program's own command, started from its source.
    r"|(?:cargo|go|dotnet) run (?:\S+ )*migrate|bin/cake migrations migrate|\S+ migrations? (?:-\S+ )*run|convex run \S*migrations\S*|db:migrate|migrate:up|migrations?:run)\b|\bRUN_MIGRATIONS=(?:1|true)\b"
)
DOWN = (
    r"\b(?:alembic (?:\S+ )*downgrade|flask db downgrade|(?:rails|rake) (?:\S+ )*db:(?:rollback|migrate:redo)|ecto\.rollback"
    r"|artisan (?:\S+ )*migrate:(?:rollback|reset|refresh)|knex (?:\S+ )*migrate:(?:rollback|down)|typeorm \S*migration:revert"
    r"|sequelize(?:-cli)? db:migrate:undo\S*|(?:dbmate|goose|migrate|soda|sql-migrate|tern|bun) (?:\S+ )*(?:down|rollback|redo|reset)"
    r"|flyway (?:\S+ )*undo|liquibase (?:\S+ )*rollback\S*|sqlx migrate revert|diesel (?:\S+ )*migration (?:redo|revert)"
    r"|sea-orm-cli migrate (?:down|refresh)|doctrine:migrations:migrate (?:\S+ )*(?:prev|first)|phinx rollback|db:rollback"
    r"|migrate:down)\b"
)
FILL = (
    r"\b(?:pg_restore|psql\b.*(?:<|-f\b|--file\b)|mysql\b.*<|mongorestore|loaddata|db:seed|prisma db seed|artisan (?:\S+ )*--seed"
    r"|seed:run|db:fixtures:load|import-dump|convex import)"
)
MIGRATES = step(UP, example="alembic upgrade head")
GOES_BACK = step(DOWN, example="alembic downgrade base")
FILLS = step(FILL, example="psql shop < dump.sql")
UPGRADES = (
    r"(?i)\bupgrades?[-_ ](?:smoke|tests?|testing)\b|\b(?:smoke|test)[-_ ]upgrades?\b|\bmigrations?[-_ ](?:perf\w*|rehears\w*)"
)
"""How a job is named that does nothing but bring the data of an older release up to date."""
ANY_STEP = step(r"\S", r"\S", example="make test")

WITH_DATA = either(
    both(
        dependency(
            pypi="pytest-alembic django-test-migrations", scope=("runtime", "development", "optional"), where=SOURCE_AND_TESTS,
        ),
        code(
            r"\b(alembic_runner|MigratorTestCase|migrator(_factory)?\.(apply_\w+|before|new)|migrate_(up|down)_(before|to|one)|test_model_definitions_match_ddl)\b",
            PYTHON, where=SOURCE_AND_TESTS, example="old = migrator.apply_initial_migration(('shop', '0003'))",
        ),
    ),
    beside(
        code(
            r"\bMigrationExecutor\(|\bcommand\.(upgrade|downgrade)\(|\bcall_command\(\s*['\"]migrate",
            PYTHON, strings=True, where=TESTS, example="executor = MigrationExecutor(connection)",
        ),
        code(
            r"(?i)\bobjects\.(bulk_)?create\(|\binsert into\b|\.execute\(\s*\w*\.?insert\(|\.save\(\)",
            PYTHON, strings=True, where=TESTS, example="User.objects.create(name='a')",
        ),
    ),
    beside(
        code(
            r"\b(described_class|\w*[mM]igrat\w*)(\.new\S*)?\.(up|down|change|migrate|perform|exec_migration)\b"
            r"|\b(require_migration|migrate|schema_migrate_(up|down))!",
            RUBY, where=TESTS, files="**/*migrat*/**", example="described_class.new.up",
        ),
        code(r"\b(create|insert)\w*[!( ]", RUBY, where=TESTS, example="user = create(:user)"),
    ),
    beside(
        code(
            r"(?i)\bmigrat\w*\.(up|down|run|migrate|apply|execute|steps)\w*\(|\b(run|apply|execute)\w*migrat\w*\("
            # What is made by ``new`` may be of any sort, for instance a middleware.
            r"|(^|[^\w\s]|\b(await|return|yield|go|defer|try|func|function|fn|defp?|fun|void|async|task))\s*migrate\w*\(",
            (*GO, *JVM, *CSHARP, *JAVASCRIPT, *PHP, *RUST, *ELIXIR), where=SOURCE_AND_TESTS,
            files=(
                "**/*migrat*_test.go", "**/*[mM]igrat*.{test,spec}.{ts,js,mjs}", "**/*Migrat*Test{s,}.{java,kt,cs,php}",
                "**/Migrations/*Test{s,}.{cs,php}", "**/*migrat*/**/*_test.go", "**/*migrat*_test.exs", "**/tests/*migrat*.rs",
                "**/__tests__/**/*[mM]igrat*.{ts,js}",
            ),
            example="err := migrator.Migrate(db, 3)",
        ),
        code(
            r"(?i)\binsert into\b|\binsert\w*\(|\bSaveChanges\w*\(|\.(persist|seed\w*|save|create|createMany)\(",
            (*GO, *JVM, *CSHARP, *JAVASCRIPT, *PHP, *RUST, *ELIXIR), strings=True, where=SOURCE_AND_TESTS,
            example='db.Exec("INSERT INTO users VALUES (1)")',
        ),
    ),
)  # fmt: skip
"""Tests that fill an old schema and migrate it."""
EMPTY = either(
    code(
        r"\bfrom django\.test import\b[^\n]*\bTestCase\b|\bdjango_db\b|\bAPITestCase\b|\bcommand\.upgrade\(|\bupgrade_db\("
        r"|\bfrom (alembic\.command|flask_migrate) import [^\n]*\bupgrade\b",
        PYTHON, where=SOURCE_AND_TESTS, files=("**/test*/**", "**/test*.py", "**/*_test.py", "**/conftest.py"),
        example="from django.test import TestCase",
    ),
    code(
        r"\buse (Lazily)?(RefreshDatabase|DatabaseMigrations)\b|\b(RefreshDatabase|DatabaseMigrations)::class\b",
        PHP, where=TESTS, example="use RefreshDatabase;",
    ),
    both(
        dependency(
            maven="org.flywaydb:* org.liquibase:* org.springframework.boot:spring-boot-starter-flyway"
            " org.springframework.boot:spring-boot-starter-liquibase io.quarkus:quarkus-flyway",
        ),
        code(r"@(SpringBootTest|DataJpaTest|JdbcTest|QuarkusTest|MicronautTest)\b", JVM, where=TESTS, example="@SpringBootTest"),
    ),
    code(
        r"\b(flyway|Flyway\w*)\.migrate\(|\bnew Liquibase\(|\.run\(\s*\"db\", *\"migrate\"",
        JVM, strings=True, where=TESTS, example='APP.getApplication().run("db", "migrate", CONFIGURATION);',
    ),
    code(r"\.Migrate(Async)?\(|\bApply\w*Migrations?\w*\(", CSHARP, where=TESTS, example="await context.Database.MigrateAsync();"),
    code(
        r"\bmigrate\.latest\(|\bmigrateToLatest\(|\brunMigrations\(|\bmigrate\(db\b|\bumzug\.up\(",
        JAVASCRIPT, where=TESTS, example="await knex.migrate.latest()",
    ),
    code(
        r"\.(Auto)?Migrate(Up|All|DB|Schema)?\([^)]|\berr :?= \w+\.migrate\(|\b[rR]unMigrations?\([^)]|\bmigrations?\.(Run|Up|Apply)\w*\(|\bgoose\.Up\w*\(",
        GO, where=TESTS, example="require.NoError(t, database.Migrate(db))",
    ),
    code(r"#\[sqlx::test\b", RUST, where=SOURCE_AND_TESTS, example="#[sqlx::test]"),
    code(
        r"\brun_pending_migrations\(|\bsqlx::migrate!|\bMigrator::(up|fresh)\(",
        RUST, where=SOURCE_AND_TESTS, files=("**/*test*/**", "**/*test*.rs"), example="connection.run_pending_migrations(MIGRATIONS)?",
    ),
    code(
        r"\btest: \[[^\]]*\becto\.migrate\b",
        ELIXIR, strings=True, files="**/mix.exs", example='test: ["ecto.create --quiet", "ecto.migrate", "test"]',
    ),
)  # fmt: skip
"""Tests whose database is made by the migrations, and starts empty."""

FORTH_AND_BACK = beside(
    code(UP, SHELL, strings=True, where=ANYWHERE, files="**/*{test,check,verify,ci}*", example="flask db upgrade"),
    code(DOWN, SHELL, strings=True, where=ANYWHERE, files="**/*{test,check,verify,ci}*", example="flask db downgrade $PREVIOUS"),
)
"""A script that tries migrations in both directions; what runs it, and on which data, stands elsewhere."""


def _job(signal: Signal) -> tuple[str, str]:
    return signal.detail("workflow") or signal.path or "", signal.detail("job")


def judge(look: Look) -> Verdict | None:
    """Data is there when a job migrates forth and back, loads a dump first, or is named for trying upgrades."""
    jobs: dict[tuple[str, str], list[Signal]] = defaultdict(list)
    for signal in MIGRATES.find(look):
        jobs[_job(signal)].append(signal)
    for back in GOES_BACK.find(look):
        if _job(back) in jobs:
            return Verdict(Status.PRESENT, (back, *jobs[_job(back)]), f"A job in {back.path} migrates forth and back.")
    for fill in FILLS.find(look):
        before = {signal.value for signal in jobs.get(_job(fill), ()) if (signal.line or 0) < (fill.line or 0)}
        after = [signal for signal in jobs.get(_job(fill), ()) if (signal.line or 0) > (fill.line or 0)]
        # A second migration after the data may be that of another store.
        if again := [signal for signal in after if not before or signal.value in before]:
            return Verdict(Status.PRESENT, (*again, fill), f"A job in {fill.path} loads data and then migrates.")
    if data := WITH_DATA.find(look):
        return Verdict(Status.PRESENT, data)
    if named := tuple(signal for signal in ANY_STEP.find(look) if tries_upgrades(signal)):
        return Verdict(Status.PRESENT, named, f"{named[0].path} has a job that tries upgrades.")
    if empty := tuple(signal for job in jobs.values() for signal in job):
        return Verdict(Status.PARTIAL, empty, f"CI migrates in {empty[0].path}, and the database starts empty.")
    tested = tests_in_ci(look)
    if tested and tested.status is Status.PRESENT and (made := EMPTY.find(look)):
        said = "The tests that CI runs make their database by migrating, and it starts empty."
        return Verdict(Status.PARTIAL, (*made[:2], tested.signals[0]), said)
    return None


def tries_upgrades(signal: Signal) -> bool:
    """Whether a step belongs to a job that is named for bringing older data up to date."""
    names = ((signal.path or "").rsplit("/", 1)[-1], signal.detail("job"), signal.detail("job_name"))
    return any(occurs(UPGRADES, name) for name in names)


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
    partial=(FORTH_AND_BACK,),
    judge=judge,
    uses=(MIGRATES, GOES_BACK, FILLS, ANY_STEP, WITH_DATA, EMPTY, *ci_tests.PRACTICE.uses),
)
