"""Migrations as a step of the deploy."""

import re2

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    CONFIG,
    CSHARP,
    ELIXIR,
    GO,
    HCL,
    JAVASCRIPT,
    JVM,
    PHP,
    PYTHON,
    RUST,
    SHELL,
    Look,
    both,
    code,
    dependency,
    either,
    file,
    manifest,
    step,
)
from rungwise.clues import Language as In
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage1_prototyping.auto_deploy import said_of

MIGRATE = (
    r"(manage\.py migrate|alembic upgrade|flask db upgrade|rails db:(migrate|prepare)|rake db:migrate|artisan migrate"
    r"|prisma migrate deploy|drizzle-kit migrate|knex migrate:latest|typeorm migration:run|sequelize db:migrate|dbmate up"
    r"|goose up|flyway migrate|liquibase update|sqlx migrate run|diesel migration run|ecto\.migrate|dotnet ef database update"
    r"|(npm|pnpm|yarn|bun)( run)?( workspace \S+| --filter[= ]\S+| -w \S+)? ((db|prisma|knex|typeorm|drizzle)[:-]?)?migrat(e|ions?)(:(prod|production|deploy|latest|up|run|apply))?(\s|[\"'&;|]|$)"
    r"|java\b[^\n]*\.jar\W{1,2}db migrate|efbundle(\.exe)?\W{1,3}--connection|convex run migrations\b|db:migrate|rails db:prepare|python\S* -m \S+ db upgrade)"
)  # fmt: skip
ONCE = either(
    code(r"(?i)^release:.*\bmigrat", (In.PROPERTIES,), files="Procfile", example="release: ./server migrate"),
    code(
        # Heroku runs what `app.json` names so once, when it has made an app, and not with each deploy.
        r"(?i)\b(release_command|preDeployCommand|postdeploy)\b.*\bmigrat",
        CONFIG, but_not="app.json", example='release_command = "/app/bin/migrate"',
    ),
    code(
        r"^resource \"(kubernetes_(cron_)?job\w*|google_cloud_run_v2_job|aws_ecs_task_definition|azurerm_container_app_job)\" \"\w*migrat"
        r"|^\s*job_name\s*=\s*\"[\w-]*migrat|[\"'/]efbundle(\.exe)?[\"' ]",
        (*HCL, In.YAML), but_not=".github/**", example='resource "kubernetes_job" "migrations" {',
    ),
    file("**/deploy/**/*migrat*.{yaml,yml,yaml.erb,yml.erb}", "**/templates/**/*migrat*job*.y*ml"),
    both(
        code(r"^release:", (In.PROPERTIES,), files="Procfile", example="release: bin/release"),
        code(rf"\b{MIGRATE}", SHELL, files=("**/bin/*release*", "**/*release{,_tasks,-tasks}.sh"), example="rails db:migrate"),
    ),
    manifest("compose:service", r"^(prestart|(\S+[-_])?(migrate|migrations?|migrator))$"),
    manifest("npm:script", rf"^(vercel-build|heroku-postbuild|build|postbuild|predeploy)=.*{MIGRATE}|convex deploy\b.*convex run migrations"),
)  # fmt: skip
IN_DEPLOY = step(
    rf"\b{MIGRATE}|(^|[ /:-])(run|apply)[-_:](db[-_]|database[-_])?migrations?(\.\w+)?( |$)", example="heroku run rails db:migrate --app shop",
    on=("release", "workflow_dispatch", "workflow_run", "tag", "push"),
)  # fmt: skip
AT_START = either(
    code(
        rf"\b{MIGRATE}",
        (*SHELL, In.PROPERTIES, In.YAML), example="npx prisma migrate deploy --schema schema.prisma",
        but_not=(
            ".github/**", "**/{dev,development,test,tests,testing,ci,.ci,.circleci,.devcontainer}/**", "*dev*", "*test*",
            "**/bin/{setup,update}", "**/script{,s}/**", "Makefile", "*.mk", ".gitlab-ci.yml",
        ),
    ),
    manifest("npm:script", rf"^(pre)?start(:prod\w*)?=.*{MIGRATE}"),
    code(
        r"\b(call|callSilent|callSilently|artisan|call_command|runCommand)\([^\n]*['\"](doctrine:migrations:)?migrate['\"]",
        (*PHP, *PYTHON), strings=True, but_not=("**/{dev,Local,seeders,factories}/**", "**/*[dD]ummy*"),
        example="Artisan::call('migrate', ['--force' => true]);",
    ),
    code(
        r"\berr :?= (\w+\.)*([mM]igrate|(run|apply|exec(ute)?)_?Migrations?)\w*\(|\.Migrate(Async)?\(\)|\.MigrateAsync\(|\.Migrate\((ctx|context)\b|\.AutoMigrate\(|\bgoose\.Up\w*\(|\bmigrate\.New\w*\(|\bRunMigrations\(|\bdatabase\.Migrate\(",
        (*CSHARP, *GO), example="context.Database.MigrateAsync();",
    ),
    code(
        r"\bmigrate\.latest\(|\bmigrateToLatest\(|\bumzug\.up\(|\brunMigrations\(",
        JAVASCRIPT, but_not=("**/{script,scripts,e2e,dev}/**", "*seed*"), example="await knex.migrate.latest();",
    ),
    code(
        rf"\b(exec|execSync|execa|execaCommand|execAsync)\(\s*['\"`][^'\"`\n]*\b{MIGRATE}",
        JAVASCRIPT, strings=True, but_not=("**/{e2e,dev}/**", "*seed*", "*dev*"), example="execSync('npx prisma migrate deploy');",
    ),
    code(
        r"\bcommand\.upgrade\(\s*\w+, *['\"]heads?['\"]|\b[fF]lyway\w*(\(\))?\.migrate\(",
        (*PYTHON, *JVM), strings=True, but_not="**/migrations/**", example='command.upgrade(alembic_config, "head")',
    ),
    code(r"\brun_pending_migrations\(|\bsqlx::migrate!|\bembed_migrations!", RUST, example="sqlx::migrate!().run(&pool).await?"),
    both(
        dependency(
            maven="org.flywaydb:flyway-core org.flywaydb:flyway-database-* org.flywaydb:flyway-mysql org.flywaydb:flyway-sqlserver"
            " org.liquibase:liquibase-core org.springframework.boot:spring-boot-starter-flyway"
            " org.springframework.boot:spring-boot-starter-liquibase",
        ),
        file("**/db/{migration,changelog}/**"),
    ),
    code(
        r"\bnew SpringLiquibase\(|\bSpringLiquibase\w*\.create\w*\(|^\s*(public )?SpringLiquibase \w+\(|\bfun \w+\([^)]*\)\s*:\s*SpringLiquibase\b",
        JVM, example="    public SpringLiquibase liquibase(DataSource source) {",
    ),
    code(r"\bEcto\.Migrator\.(run|with_repo)\(|\bMigration\.run\(", ELIXIR, example="Ecto.Migrator.run(repo, :up, all: true)"),
)  # fmt: skip

THROWAWAY = step(
    r"\bdocker run\b.*\b(postgres|postgis|mysql|mariadb|mssql)\b", example="docker run -d -p 5432:5432 postgres:16", on=(),
)  # fmt: skip
"""A database that a job starts for itself is gone with the job."""
_NO_DEPLOY = re2.compile(r"(?i)(?:^|[\W_])(?:tests?|dev|e2e|lint)(?:$|[\W_])")


def judge(look: Look) -> Verdict | None:
    """A host or a chart kept elsewhere may run them, so that nothing in the files means little."""
    own = {(signal.path, signal.detail("job")) for signal in THROWAWAY.find(look)}
    deploys = tuple(
        signal
        for signal in IN_DEPLOY.find(look)
        if "pull_request" not in signal.detail("on")
        and not signal.detail("services")
        and (signal.path, signal.detail("job")) not in own
        and not any(_NO_DEPLOY.search(name) for name in said_of(signal))
    )
    if deploys:
        return Verdict(Status.PRESENT, deploys)
    if ONCE.find(look) or AT_START.find(look):
        return None
    return Verdict(Status.NOT_SEEN, (), "Nothing in this repository runs the migrations; the platform may.")


PRACTICE = Practice(
    id="migration-automation",
    stage=Stage.PROTECTING,
    title="The deploy runs the migrations, once, before the new code serves",
    why="After a migration has been proven, the hand that types it late at night is the weakest part.",
    advice=(
        "Use the release phase of your host, or a job before the rollout, and let the deploy fail with it.",
        "Run long backfills in resumable batches outside the deploy, for instance as background jobs.",
    ),
    looked_for="a migration command in the deploy workflow, the release phase or a job that runs before the rollout",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.MIGRATIONS,),
    guide="https://www.convex.dev/components/migrations",
    question="Which step applies migrations in production, and can it be left out?",
    after=("migrations-in-code", "migration-dry-run"),
    present=(ONCE,),
    partial=(AT_START,),
    judge=judge,
    uses=(IN_DEPLOY, THROWAWAY),
)
