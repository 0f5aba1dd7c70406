"""Stage 4: what is taken for protection, and what only looks like it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Status

Check = Callable[..., Assessment]

DJANGO = {
    "requirements.txt": "django==5.2\npsycopg==3.2\n",
    "manage.py": "import django\n",
    "web/urls.py": "urlpatterns = []\n",
    "Procfile": "web: gunicorn shop.wsgi\n",
    "shop/views.py": "import os\nfrom django.contrib.auth.decorators import login_required\nKEY = os.getenv('KEY')\n",
}
NODE = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8"}}',
    "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
    "Procfile": "web: node server.js\n",
}


def status(assessment: Assessment, practice: str) -> Status:
    return next(finding.status for finding in assessment.findings if finding.practice == practice)


def workflow(job: str, on: str = "workflow_dispatch") -> str:
    return f"on: {on}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n{job}"


def on_change(command: str) -> str:
    return workflow(f"    steps:\n      - run: {command}\n", "pull_request")


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ("    environment: production\n    steps:\n      - run: flyctl deploy --remote-only\n", Status.PARTIAL),
        ("    environment: production\n    steps:\n      - run: python send_newsletter.py\n", Status.NOT_SEEN),
        ("    environment: github-pages\n    steps:\n      - uses: actions/deploy-pages@v4\n", Status.NOT_SEEN),
        ("    environment: pypi\n    steps:\n      - uses: pypa/gh-action-pypi-publish@v1\n", Status.NOT_APPLICABLE),
    ],
    ids=["deployed to", "no deployment", "pages", "a package that others install and run"],
)
def test_an_environment_counts_where_something_is_deployed_to_it(check: Check, job: str, expected: Status) -> None:
    judged = check({**NODE, ".github/workflows/ship.yml": workflow(job)})
    assert status(judged, "environment-isolation") is expected


def test_an_environment_may_be_chosen_by_an_input(check: Check) -> None:
    chosen = (
        "on:\n  workflow_dispatch:\n    inputs:\n      ENVIRONMENT:\n        type: string\n"
        "jobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: helmfile/helmfile-action@v2\n"
        "        if: inputs.ENVIRONMENT == 'production'\n"
    )
    assert status(check({**NODE, ".github/workflows/ship.yml": chosen}), "environment-isolation") is Status.PARTIAL
    # An input of that name is no environment as long as nothing is deployed.
    words = chosen.replace("- uses: helmfile/helmfile-action@v2", "- run: python report.py")
    assert status(check({**NODE, ".github/workflows/ship.yml": words}, "acme+words"), "environment-isolation") is Status.NOT_SEEN


def test_guarded_environments_in_terraform_are_isolation(check: Check) -> None:
    terraform = 'resource "github_repository_environment" "production" {\n  reviewers {\n    teams = [1]\n  }\n}\n'
    assert status(check({"main.tf": terraform}), "environment-isolation") is Status.PRESENT
    unguarded = terraform.replace("reviewers", "timeouts")
    assert status(check({"main.tf": unguarded}, "acme+open"), "environment-isolation") is Status.NOT_SEEN


def test_files_for_each_environment_are_half_of_isolation(check: Check) -> None:
    apart = {"config/deploy/production/web.yaml": "kind: Deployment\n", "config/deploy/staging/web.yaml": "kind: Deployment\n"}
    assert status(check({**NODE, **apart}), "environment-isolation") is Status.PARTIAL
    alone = {"config/deploy/production/web.yaml": "kind: Deployment\n"}
    assert status(check({**NODE, **alone}, "acme+one"), "environment-isolation") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"shop/settings.py": "class Settings(BaseSettings):\n    key: str\n"},
            Status.PRESENT,
        ),
        ({"shop/schemas.py": "class Item(BaseModel):\n    key: str\n"}, Status.ABSENT),
        ({".env.example": "KEY=\n"}, Status.PARTIAL),
        ({"tests/settings.py": "class Settings(BaseSettings):\n    key: str\n"}, Status.ABSENT),
    ],
)
def test_variables_are_checked_where_they_are_typed(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**DJANGO, **files}), "env-var-checks") is expected


def test_loading_a_dotenv_file_checks_nothing(check: Check) -> None:
    loads = {**NODE, "load.js": "require('dotenv').config();\n"}
    assert status(check(loads), "env-var-checks") is Status.ABSENT


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"shop/migrations/0001_initial.py": "class Migration(migrations.Migration):\n    pass\n"}, Status.PRESENT),
        ({"tests/testapp/migrations/0001_initial.py": "class Migration(migrations.Migration):\n    pass\n"}, Status.ABSENT),
        ({"docs/MIGRATION.md": "How to migrate from 1 to 2\n"}, Status.ABSENT),
        ({"vendor/lib/migrations/0001_initial.py": "class Migration(migrations.Migration):\n    pass\n"}, Status.ABSENT),
        ({"db/schema.sql": "CREATE TABLE items (id int NOT NULL);\n"}, Status.PARTIAL),
        ({"shop/db.py": "Base.metadata.create_all(engine)\n"}, Status.PARTIAL),
    ],
)
def test_migrations_are_the_repositorys_own(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**DJANGO, **files}), "migrations-in-code") is expected


@pytest.mark.parametrize(
    ("function", "expected"), [("version_2(PDO $pdo)", Status.PRESENT), ("version_of(string $file)", Status.ABSENT)]
)
def test_a_schema_in_php_may_have_a_function_for_each_version(check: Check, function: str, expected: Status) -> None:
    schema = {
        "composer.json": '{"type": "project", "require": {"php": ">=8", "slim/slim": "4"}}',
        "index.php": "<?php\n$pdo = new PDO($dsn);\n",
        "app/Schema/Sqlite.php": f"<?php\n\nfunction {function}\n{{\n}}\n",
    }
    assert status(check(schema), "migrations-in-code") is expected


def test_migrations_may_be_written_in_go(check: Check) -> None:
    service = {
        "go.mod": "module example.com/shop\n\nrequire github.com/lib/pq v1.10.9\n",
        "main.go": 'package main\n\nfunc main() {\n\tdb, _ := sql.Open("postgres", dsn)\n\thttp.ListenAndServe(addr, mux)\n}\n',
        "Dockerfile": "FROM scratch\n",
    }
    own = {"database/migrations.go": "package database\n\nvar migrations = []func(tx *sql.Tx) error{\n\tfirst,\n}\n"}
    automatic = {"database/open.go": "package database\n\nfunc open() { db.AutoMigrate(new(User)) }\n"}
    assert status(check({**service, **own}), "migrations-in-code") is Status.PRESENT
    assert status(check({**service, **automatic}, "acme+auto"), "migrations-in-code") is Status.PARTIAL
    assert status(check(service, "acme+none"), "migrations-in-code") is Status.ABSENT


def test_a_convex_app_is_asked_for_its_migrations(check: Check) -> None:
    app = {
        "package.json": '{"private": true, "dependencies": {"convex": "1", "react": "19"}}',
        "convex/schema.ts": "export default defineSchema({ notes: defineTable({ body: v.string() }) });\n",
        "convex/notes.ts": "export const list = query({ args: {}, handler: async (ctx) => [] });\n",
    }
    assert status(check(app), "migrations-in-code") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {".github/workflows/ci.yml": on_change("npx eslint . --max-warnings 0")},
            Status.PRESENT,
        ),
        (
            {".github/workflows/ci.yml": on_change("npx prettier --check .")},
            Status.PARTIAL,
        ),
        (
            {".github/workflows/ci.yml": on_change("npx eslint . || true")},
            Status.ABSENT,
        ),
        ({"eslint.config.mjs": "export default [];\n"}, Status.PARTIAL),
        ({"examples/app/.eslintrc.json": "{}"}, Status.ABSENT),
        ({".pre-commit-config.yaml": "repos:\n  - repo: local\n    hooks:\n      - id: eslint\n"}, Status.PRESENT),
        ({".pre-commit-config.yaml": "repos:\n  - repo: local\n    hooks:\n      - id: trailing-whitespace\n"}, Status.ABSENT),
        ({".editorconfig": "[*]\nindent_size = 2\n"}, Status.ABSENT),
        ({".prettierrc.json": "{}"}, Status.PARTIAL),
        ({"rustfmt.toml": "max_width = 100\n"}, Status.PARTIAL),
        ({"examples/app/.prettierrc.json": "{}"}, Status.ABSENT),
    ],
)
def test_a_linter_counts_when_something_runs_it(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, **files}), "lint-config") is expected


MIGRATED = {**DJANGO, "shop/migrations/0001_initial.py": "class Migration(migrations.Migration):\n    pass\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.NOT_SEEN),
        ({"Procfile": "web: gunicorn shop.wsgi\nrelease: python manage.py migrate\n"}, Status.PRESENT),
        ({"docker/entrypoint.sh": "#!/bin/sh\npython manage.py migrate\nexec gunicorn shop.wsgi\n"}, Status.PARTIAL),
        ({"dev/entrypoint.sh": "#!/bin/sh\npython manage.py migrate\n"}, Status.NOT_SEEN),
        ({".github/workflows/ci.yml": on_change("python manage.py migrate")}, Status.NOT_SEEN),
        (
            {".github/workflows/ship.yml": workflow("    steps:\n      - run: python manage.py migrate\n", "release")},
            Status.PRESENT,
        ),
    ],
)
def test_migrations_run_once_or_with_every_process(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**MIGRATED, **files}), "migration-automation") is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("alembic upgrade head --sql", Status.PRESENT),
        ("python manage.py makemigrations --check", Status.PARTIAL),
        ("cargo fmt --check --all", Status.NOT_SEEN),
        ("sha256sum --check sums.txt", Status.NOT_SEEN),
        ("npm publish --dry-run", Status.NOT_SEEN),
    ],
)
def test_a_dry_run_is_one_of_data(check: Check, command: str, expected: Status) -> None:
    assert status(check({**MIGRATED, ".github/workflows/ci.yml": on_change(command)}), "migration-dry-run") is expected


def test_an_index_built_concurrently_is_code_and_no_comment(check: Check) -> None:
    commented = "-- CREATE INDEX CONCURRENTLY is not possible here\nCREATE INDEX a ON b (c);\n"
    assert status(check({**NODE, "migrations/1.sql": commented}), "safe-schema-changes") is Status.NOT_SEEN
    once = {"migrations/1.sql": "CREATE INDEX CONCURRENTLY a ON b (c);\n"}
    assert status(check({**NODE, **once}, "acme+once"), "safe-schema-changes") is Status.PARTIAL
    often = {f"migrations/{number}.sql": "CREATE INDEX CONCURRENTLY a ON b (c);\n" for number in range(3)}
    assert status(check({**NODE, **often}, "acme+often"), "safe-schema-changes") is Status.PRESENT
    view = {f"migrations/{number}.sql": "REFRESH MATERIALIZED VIEW CONCURRENTLY a;\n" for number in range(3)}
    assert status(check({**NODE, **view}, "acme+view"), "safe-schema-changes") is Status.NOT_SEEN


def test_owners_in_a_file_are_half_of_a_review(check: Check) -> None:
    assert status(check({**NODE, ".github/CODEOWNERS": "* @acme/shop\n"}), "required-review") is Status.PARTIAL
    for name, text in {"remarks": "# * @acme/shop\n\n", "empty": "", "nobody": "docs/ # nobody\n"}.items():
        assert status(check({**NODE, ".github/CODEOWNERS": text}, f"acme+{name}"), "required-review") is Status.NOT_SEEN
    section = "[Shop] @acme/shop\n*.js\n"
    assert status(check({**NODE, ".gitlab/CODEOWNERS": section}, "acme+section"), "required-review") is Status.PARTIAL
    assert status(check(NODE, "acme+none"), "required-review") is Status.NOT_SEEN


def test_a_drop_that_nothing_checks_is_a_gap(check: Check) -> None:
    drops = {**NODE, "migrations/2.sql": "ALTER TABLE users DROP COLUMN name;\n"}
    assert status(check(drops), "destructive-change-guard") is Status.ABSENT
    checked = {**drops, ".github/workflows/ci.yml": on_change("squawk migrations/*.sql")}
    assert status(check(checked, "acme+checked"), "destructive-change-guard") is Status.PRESENT
    kept = {**NODE, "migrations/2.sql": "ALTER TABLE users ADD COLUMN name text;\n"}
    assert status(check(kept, "acme+kept"), "destructive-change-guard") is Status.NOT_SEEN


def test_undoing_a_migration_drops_nothing_by_itself(check: Check) -> None:
    undone = {**NODE, "migrations/2.up.sql": "CREATE TABLE users (id int);\n", "migrations/2.down.sql": "DROP TABLE users;\n"}
    assert status(check(undone), "destructive-change-guard") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({f"src/lock{number}.rs": "Modlog::create(&mut pool, &form).await?;\n" for number in range(3)}, Status.PRESENT),
        ({"src/modlogic.rs": "modlogic::run();\n"}, Status.NOT_SEEN),
        ({"src/admin.rs": "log_event(EventType::UserDeleted, &user, ACTING_ADMIN);\n"}, Status.PARTIAL),
        ({"shop/admin.py": "@admin.register(Order)\nclass OrderAdmin(admin.ModelAdmin):\n    pass\n"}, Status.PARTIAL),
    ],
)
def test_staff_leave_traces_in_many_forms(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**DJANGO, **files}), "admin-audit-log") is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("src/env.js", "export function validateEnv() {\n}\n", Status.PRESENT),
        (
            "src/app.config.js",
            "const read = schema.safeParse({\n  url: process.env.URL,\n  port: process.env.PORT,\n});\n",
            Status.PRESENT,
        ),
        ("src/app.config.js", "const read = z.object({ port }).parse({ port: Number(process.env.PORT) });\n", Status.PRESENT),
        ("src/mail.js", "const read = parser.parse({ url: process.env.URL });\n", Status.ABSENT),
        ("src/one.js", "const config = JSON.parse(import.meta.env.VITE_CONFIG);\n", Status.ABSENT),
        ("src/oidc.js", "export function checkEnvironment(claim) {\n}\n", Status.ABSENT),
        ("src/App.kt", 'class App(@Value("\\${api.url}") private val url: String)\n', Status.PARTIAL),
        ("src/App.kt", 'class App(@Value("\\${api.timeout:2s}") private val timeout: String)\n', Status.ABSENT),
        ("main.go", "package main\nfunc main() { cleanenv.ReadEnv(&config) }\n", Status.PRESENT),
        ("agent.rs", "let config = ureq::config::Config::builder().timeout(3).build();\n", Status.ABSENT),
        ("load.rs", "let config = Config::builder().add_source(Environment::default()).build()?;\n", Status.PRESENT),
    ],
)
def test_variables_are_checked_by_what_is_made_for_it(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**NODE, path: text}), "env-var-checks") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                ".pre-commit-config.yaml": "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    hooks: [{id: ruff-check}]\n"
            },
            Status.PRESENT,
        ),
        (
            {
                ".pre-commit-config.yaml": "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    hooks: [{id: ruff-format}]\n"
            },
            Status.PARTIAL,
        ),
        ({".github/workflows/ci.yml": on_change("jshint ./assets")}, Status.PRESENT),
        ({".github/workflows/ci.yml": on_change("'out=\"$(golangci-lint run)\"'")}, Status.PRESENT),
        (
            {"build.gradle": "plugins {\n  id 'checkstyle'\n}\n", ".github/workflows/ci.yml": on_change("./gradlew build")},
            Status.PRESENT,
        ),
        ({"build.gradle.kts": "configure<KtlintExtension> {\n}\n"}, Status.PARTIAL),
        ({"composer.json": '{"require-dev": {"laravel/pint": "1"}}'}, Status.PARTIAL),
    ],
)
def test_a_linter_may_be_run_by_a_hook_or_the_build(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, **files}), "lint-config") is expected


MIGRATED = {**DJANGO, "shop/migrations/0001_initial.py": "class Migration(migrations.Migration):\n    pass\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"docker/init-migrations/run": "#!/bin/sh\npython3 manage.py migrate --no-input\n"}, Status.PARTIAL),
        ({"Procfile": "release: bin/release\n", "bin/release": "#!/bin/sh\npython -m shop db upgrade head\n"}, Status.PRESENT),
        ({"shop/management/commands/prepare.py": "call_command('migrate')\n"}, Status.PARTIAL),
        ({"server/db/init.js": "await knex.migrate.latest();\n"}, Status.PARTIAL),
        ({"scripts/check-db.js": "execSync('prisma migrate deploy').toString();\n"}, Status.PARTIAL),
        ({"scripts/check-db.js": "console.log('run prisma migrate deploy');\n"}, Status.NOT_SEEN),
        ({"shop/start.py": 'command.upgrade(config, "head")\n'}, Status.PARTIAL),
        ({"shop/start.py": "command.upgrade(plan)\n"}, Status.NOT_SEEN),
        ({"docker-compose.yml": "services:\n  shop-migrate:\n    image: shop\n"}, Status.PRESENT),
    ],
)
def test_migrations_are_run_by_what_starts_the_product(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**MIGRATED, **files}), "migration-automation") is expected


def test_a_job_that_tries_upgrades_shows_both(check: Check) -> None:
    upgrading = {".github/workflows/upgrade-smoke.yml": on_change("./smoke.sh")}
    assert status(check({**MIGRATED, **upgrading}), "safe-schema-changes") is Status.PRESENT
    assert status(check({**MIGRATED, **upgrading}), "migration-tests") is Status.PRESENT


@pytest.mark.parametrize(
    ("module", "expected"),
    [("alembic.command", Status.PARTIAL), ("flask_migrate", Status.PARTIAL), ("shop.plans", Status.NOT_SEEN)],
)
def test_tests_may_migrate_an_empty_database(check: Check, module: str, expected: Status) -> None:
    files = {
        "tests/conftest.py": f"from {module} import upgrade\n\n\ndef pytest_configure():\n    upgrade(config, 'head')\n",
        "tests/test_orders.py": "def test_order(): assert order()\n",
        ".github/workflows/test.yml": on_change("pytest"),
    }
    assert status(check({**MIGRATED, **files}), "migration-tests") is expected


def test_a_migration_of_something_else_is_none_of_the_data(check: Check) -> None:
    job = "class PriceMigrationJobTests { void Test() { _job.MigrateAsync(); _cohorts.CreateCohort(); } }\n"
    assert status(check({**MIGRATED, "test/PriceMigrationJobTests.cs": job}), "migration-tests") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"scripts/restore-program-enrollments.ts": "restore();\n"}, Status.NOT_SEEN),
        ({"scripts/restore_db.sh": "psql shop < dump.sql\n"}, Status.PARTIAL),
        ({"package.json": '{"scripts": {"db:rollback": "sequelize db:migrate:undo"}}'}, Status.NOT_SEEN),
        ({"package.json": '{"scripts": {"rollback:prod": "./back.sh"}}'}, Status.PARTIAL),
    ],
)
def test_the_way_back_is_one_for_the_release_or_its_data(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**DJANGO, **files}), "rollback-ready") is expected


def test_an_audit_log_counts_where_staff_write_it(check: Check) -> None:
    customers = {f"shop/notes{number}.py": "AuditLog.objects.create(actor=request.user)\n" for number in range(3)}
    assert status(check({**DJANGO, **customers}), "admin-audit-log") is Status.PARTIAL
    staff = {"shop/admin.py": "AuditLog.objects.create(actor=request.user)\n"}
    assert status(check({**DJANGO, **customers, **staff}, "acme+staff"), "admin-audit-log") is Status.PRESENT
    scan = {".github/workflows/ci.yml": on_change("npm audit")}
    assert status(check({**DJANGO, **scan}, "acme+npm"), "admin-audit-log") is Status.NOT_SEEN


def test_configuration_kept_elsewhere_is_a_question(check: Check) -> None:
    assert status(check(NODE), "config-as-code") is Status.NOT_SEEN
    assert status(check({**NODE, "fly.toml": 'app = "shop"\n'}, "acme+fly"), "config-as-code") is Status.PARTIAL
    applied = {
        "infra/main.tf": 'terraform {\n  backend "s3" {}\n}\n',
        ".github/workflows/apply.yml": workflow("    steps:\n      - run: terraform apply -auto-approve\n", "push"),
    }
    assert status(check({**NODE, **applied}, "acme+applied"), "config-as-code") is Status.PRESENT
    checked = {
        **applied,
        ".github/workflows/apply.yml": workflow("    steps:\n      - uses: hashicorp/setup-terraform@v3\n", "push"),
    }
    assert status(check({**NODE, **checked}, "acme+checked"), "config-as-code") is Status.PARTIAL


def test_an_admin_area_needs_a_role(check: Check) -> None:
    area = {"shop/admin/views.py": "def users(request): ...\n"}
    assert status(check({**DJANGO, **area}), "scoped-admin-access") is Status.PARTIAL
    guarded = {"shop/admin/views.py": "def users(request):\n    if not request.user.is_staff:\n        raise PermissionDenied\n"}
    assert status(check({**DJANGO, **guarded}, "acme+guarded"), "scoped-admin-access") is Status.PRESENT
    many = {f"shop/part{number}.py": "require_admin(request)\n" for number in range(2)}
    assert status(check({**DJANGO, **many}, "acme+many"), "scoped-admin-access") is Status.PRESENT
    restricted = {
        "config/packages/security.yaml": "security:\n  access_control:\n    - { path: ^/settings, roles: ROLE_ADMIN }\n"
    }
    assert status(check({**DJANGO, **restricted}, "acme+restricted"), "scoped-admin-access") is Status.PRESENT
    words = {"lang/en/words.php": "<?php return ['admin' => 'Admin', 'mail' => 'admin@shop.example'];\n"}
    assert status(check({**DJANGO, **words}, "acme+words"), "scoped-admin-access") is Status.NOT_SEEN


@pytest.mark.parametrize(
    "path",
    [
        "db/schema-upgrade-2.cql",
        "api/migrations/expire-at/expire-at.migration.ts",
        "api/migrations/users/lower-case-migration.ts",
        "sql/2024-05-01-add-orders.sql",
        "surreal/migrations/0003_orders.surql",
    ],
)
def test_a_numbered_or_dated_script_is_a_migration(check: Check, path: str) -> None:
    assert status(check({**NODE, path: "export const run = 1;\n"}), "migrations-in-code") is Status.PRESENT


def test_code_that_speaks_of_migrations_is_a_question(check: Check) -> None:
    assert status(check(NODE), "migrations-in-code") is Status.ABSENT
    upgrades = {**NODE, "store.js": "if (found < 4) upgradeSchema(db);\n"}
    assert status(check(upgrades, "acme+upgrades"), "migrations-in-code") is Status.NOT_SEEN


DROPPED = "async function up(q) { await q.dropTable('orders'); }\nasync function down(q) {}\nmodule.exports = { up, down };\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.ABSENT),
        ({"migrations/20240101-a.js": "const up = 1;\nexports.down = (q) => q.dropTable('orders');\n"}, Status.NOT_SEEN),
        ({"cli/storage.js": "await prompt(`This is not reversible, type 'DESTROY' to continue`);\n"}, Status.PARTIAL),
        ({"core/migrations_runner.go": 'func down() { if !osutils.YesNoPrompt("Revert?", false) { return } }\n'}, Status.PARTIAL),
        ({"migrations/20240102-b.js": "throw new Error('are you sure: irreversible');\n"}, Status.ABSENT),
    ],
)
def test_a_word_that_has_to_be_typed_is_half_a_guard(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, "migrations/20240101-a.js": DROPPED, **files}), "destructive-change-guard") is expected


@pytest.mark.parametrize(("run", "expected"), [("mvn spotless:check", Status.PARTIAL), ("mvn clean package", Status.ABSENT)])
def test_a_format_that_ci_checks_is_half_of_a_linter(check: Check, run: str, expected: Status) -> None:
    workflow = f"on: [push]\njobs:\n  style:\n    runs-on: x\n    steps:\n      - run: {run}\n"
    files = {"pom.xml": "<project></project>", "src/main/java/App.java": "@SpringBootApplication class App {}\n"}
    assert status(check({**files, ".github/workflows/style.yml": workflow}), "lint-config") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "src/config/env.ts": "export const readEnv = () => ({\n"
                + "".join(f"  {name}: envStr('SHOP_{name.upper()}'),\n" for name in ("host", "port", "did", "key", "url"))
                + "})\n",
                "src/config/config.ts": "assert(env.url, 'url is required')\n",
            },
            Status.PRESENT,
        ),
        ({"src/vite-env.d.ts": "interface ImportMetaEnv {\n  readonly VITE_URL: string\n}\n"}, Status.PARTIAL),
        ({"src/start.ts": "fail('missing environment variable PORT');\n"}, Status.NOT_SEEN),
    ],
)
def test_variables_may_be_read_by_readers_of_ones_own(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, **files}), "env-var-checks") is expected


RAILS = {"Gemfile": 'gem "rails"\ngem "pg"\n', "config/application.rb": "class A\nend\n", "app/a.rb": 'ENV["PORT"]\n'}
QUARKUS = {
    "pom.xml": "<project><dependencies><dependency><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></dependency></dependencies></project>",
    "Dockerfile": "FROM java\n",
    "src/main/java/a/Start.java": 'class Start { String port = System.getenv("PORT"); }\n',
}
ASP = {
    "Web.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
    "Program.cs": "var builder = WebApplication.CreateBuilder(args);\nvar port = builder.Configuration;\n",
}
SYMFONY = {
    "composer.json": '{"require": {"symfony/framework-bundle": "7"}}',
    "public/index.php": "<?php\n",
    "src/A.php": '<?php $a = getenv("PORT");\n',
}
PHOENIX = {
    "mix.exs": 'defmodule A do\n  defp deps, do: [{:phoenix, "1"}]\nend\n',
    "lib/a_web/endpoint.ex": "defmodule A do\nend\n",
    "lib/a.ex": 'System.get_env("PORT")\n',
}
AXUM = {
    "Cargo.toml": '[package]\nname="shop"\n[dependencies]\naxum="0.8"\n',
    "src/main.rs": 'fn main() { let port = env::var("PORT"); axum::serve(listener, app) }\n',
}


@pytest.mark.parametrize(
    ("stack", "path", "text", "expected"),
    [
        (NODE, "src/env.js", "export const port = env.get('PORT').required().asPortNumber();\n", Status.PRESENT),
        (NODE, "src/env.js", "export const port = env.get('PORT');\n", Status.ABSENT),
        (NODE, "src/key.ts", "import { KEY } from '$env/static/private';\n", Status.PRESENT),
        (NODE, "src/key.ts", "import { env } from '$env/dynamic/private';\n", Status.ABSENT),
        (DJANGO, "shop/conf.py", "from starlette.config import Config\n", Status.PRESENT),
        (DJANGO, "shop/cli.py", "@click.option('--url', envvar='URL', required=True)\n", Status.PRESENT),
        (DJANGO, "shop/cli.py", "@click.option('--url', required=True)\n", Status.ABSENT),
        (QUARKUS, "src/main/java/a/Pay.java", 'class Pay { @ConfigProperty(name = "pay.key") String key; }\n', Status.PRESENT),
        (QUARKUS, "src/main/java/a/Pay.java", 'class Pay { @JsonProperty("key") String key; }\n', Status.ABSENT),
        (ASP, "Options.cs", 'services.AddOptions<Pay>().BindConfiguration("Pay");\n', Status.PARTIAL),
        (ASP, "Options.cs", "services.AddOptions();\n", Status.ABSENT),
        (SYMFONY, "config/services.yaml", "parameters:\n  port: '%env(int:PORT)%'\n", Status.PARTIAL),
        (SYMFONY, "config/services.yaml", "parameters:\n  port: '%kernel.port%'\n", Status.ABSENT),
        (RAILS, "config/initializers/figaro.rb", 'Figaro.require_keys("PORT")\n', Status.PRESENT),
        (PHOENIX, "config/releases.exs", 'config :a, port: System.fetch_env!("PORT")\n', Status.PRESENT),
        (PHOENIX, "config/releases.exs", 'config :a, port: System.get_env("PORT")\n', Status.ABSENT),
        (AXUM, "src/config.rs", "let settings: Settings = loaded.try_deserialize()?;\n", Status.PRESENT),
        (AXUM, "src/config.rs", "let settings = loaded.deserialize()?;\n", Status.ABSENT),
    ],
)
def test_each_stack_has_its_way_to_miss_a_variable(
    check: Check, stack: dict[str, str], path: str, text: str, expected: Status
) -> None:
    assert status(check({**stack, path: text}), "env-var-checks") is expected


@pytest.mark.parametrize(
    ("stack", "path", "text"),
    [
        (DJANGO, "shop/store.py", 'MIGRATIONS = [\n    "CREATE TABLE orders (id int)",\n]\n'),
        (NODE, "src/store.ts", "const dbMigrations = [\n  `CREATE TABLE orders (id int)`,\n];\n"),
        (
            {**AXUM, "Cargo.toml": AXUM["Cargo.toml"] + 'rusqlite="0.3"\n'},
            "src/store.rs",
            'const MIGRATIONS: &[&str] = &[\n    "CREATE TABLE orders (id int)",\n];\n',
        ),
    ],
)
def test_a_list_of_statements_are_migrations(check: Check, stack: dict[str, str], path: str, text: str) -> None:
    listed = check({**stack, path: text})
    assert status(listed, "migrations-in-code") is Status.PRESENT
    assert status(listed, "manual-migrations") is Status.ABSENT
    for near in (text.replace("CREATE TABLE", "SELECT 1 FROM"), re.sub("(?i)migrations", "samples", text)):
        assert status(check({**stack, path: near}), "manual-migrations") is Status.PRESENT


def test_who_changed_it_last_is_no_record_of_a_change(check: Check) -> None:
    stamped = {**DJANGO, "shop/models.py": "class Order(BaseAuditableEntity):\n    modified_by = User()\n"}
    assert status(check(stamped), "admin-audit-log") is Status.NOT_SEEN


def test_a_published_module_operates_nothing(check: Check) -> None:
    module = {
        "main.tf": 'resource "aws_vpc" "this" {\n}\n',
        "variables.tf": 'variable "name" {\n}\n',
        "outputs.tf": 'output "id" {\n}\n',
        "versions.tf": 'terraform {\n  required_version = ">= 1.5"\n}\n',
    }
    assert status(check(module), "config-as-code") is Status.NOT_APPLICABLE
    operated = {**module, "main.tf": 'provider "aws" {\n}\nresource "aws_vpc" "this" {\n}\n'}
    assert status(check(operated, "acme+operated"), "config-as-code") is Status.PARTIAL


def test_a_linter_that_we_do_not_know_is_a_question(check: Check) -> None:
    assert status(check({**NODE, ".clang-tidy": "Checks: '*'\n"}), "lint-config") is Status.NOT_SEEN
    by_make = {**NODE, "Makefile": "lint:\n\tgolangci-lint run ./...\n"}
    assert status(check(by_make, "acme+make"), "lint-config") is Status.PARTIAL


def test_a_workflow_of_another_repository_may_run_a_linter(check: Check) -> None:
    job = "on: pull_request\njobs:\n  ci:\n    uses: {}\n"
    judged = check({**NODE, ".github/workflows/ci.yml": job.format("acme/ci/.github/workflows/checks.yml@main")})
    assert status(judged, "lint-config") is Status.NOT_SEEN
    own = {".github/workflows/checks.yml": "on: workflow_call\njobs:\n  c:\n    runs-on: x\n    steps:\n      - run: echo\n"}
    judged = check({**NODE, **own, ".github/workflows/ci.yml": job.format("./.github/workflows/checks.yml")})
    assert status(judged, "lint-config") is Status.ABSENT, "its own was read"


def test_a_script_of_a_page_is_no_way_back(check: Check) -> None:
    script = {"scripts/rollback-release.js": "deploy(previous);\n"}
    assert status(check({**NODE, **script}), "rollback-ready") is Status.PARTIAL
    page = {"src/main/resources/static/scripts/rollback-dialog.js": "show(dialog);\n"}
    assert status(check({**NODE, **page}, "acme+page"), "rollback-ready") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.ABSENT),
        ({"tools/commands/reset.js": "if (await confirm('Sure?')) await db.query('TRUNCATE orders');\n"}, Status.PARTIAL),
        ({"tools/commands/send.js": "if (await confirm('Sure?')) await mail.send(letter);\n"}, Status.ABSENT),
        ({"tools/commands/send.js": "program.option('--dry-run', 'print the letters');\n"}, Status.ABSENT),
        ({"cmd/artwork.go": 'package cmd\nvar question = "Do you want to overwrite the picture?"\n'}, Status.ABSENT),
        ({"cmd/migrate.go": 'package cmd\nvar question = "Do you want to go on?"\n'}, Status.PARTIAL),
    ],
)
def test_a_question_guards_data_where_it_is_about_data(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, "migrations/20240101-a.js": DROPPED, **files}), "destructive-change-guard") is expected


@pytest.mark.parametrize(
    ("migration", "expected"),
    [
        ("DROP INDEX by_name;\n", Status.ABSENT),
        ("DROP INDEX by_name;\nCREATE INDEX by_name ON users (lower(name));\n", Status.NOT_SEEN),
        # Below a comment of goose's or dbmate's begins the way back.
        ("ALTER TABLE users ADD COLUMN age int;\n-- +goose Down\nALTER TABLE users DROP COLUMN age;\n", Status.NOT_SEEN),
        ("DROP INDEX by_name;\nCREATE INDEX by_name ON users (name);\nDROP TABLE orders;\n", Status.ABSENT),
    ],
)
def test_what_a_migration_makes_anew_was_not_lost(check: Check, migration: str, expected: Status) -> None:
    assert status(check({**NODE, "migrations/2.sql": migration}), "destructive-change-guard") is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("parser.add_argument('--dry-run')\nOrder.objects.filter(paid=None).delete()\n", Status.PARTIAL),
        ("parser.add_argument('--dry-run')\nsend(letter)\n", Status.NOT_SEEN),
    ],
)
def test_a_dry_run_in_a_command_is_of_what_is_stored(check: Check, command: str, expected: Status) -> None:
    assert status(check({**MIGRATED, "shop/management/commands/repair.py": command}), "migration-dry-run") is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("src/config.js", "if (!process.env.SECRET) {\n  throw new Error('No SECRET');\n}\n", Status.PRESENT),
        ("src/config.js", "const url = process.env.URL;\nif (!url) throw new Error('No URL');\n", Status.PRESENT),
        # One variable that one request asks for.
        ("src/pay.js", "if (!process.env.SECRET) {\n  throw new Error('No SECRET');\n}\n", Status.PARTIAL),
        ("src/config.js", "if (!process.env.SECRET) {\n  console.warn('No SECRET');\n}\n", Status.ABSENT),
        ("scripts/config.js", "if (!process.env.SECRET) throw new Error('No SECRET');\n", Status.ABSENT),
    ],
)
def test_a_variable_that_is_missed_at_the_start_stops_it(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**NODE, path: text}), "env-var-checks") is expected


def test_what_keeps_each_command_with_its_maker_is_an_audit_log(check: Check) -> None:
    java = {
        "pom.xml": "<project><groupId>a</groupId><artifactId>bank</artifactId><dependencies><dependency><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-starter-web</artifactId></dependency><dependency><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-starter-security</artifactId></dependency><dependency><groupId>org.postgresql</groupId>"
        "<artifactId>postgresql</artifactId></dependency></dependencies></project>",
        "src/main/java/a/Bank.java": "@SpringBootApplication\nclass Bank {}\n",
        "Procfile": "web: java -jar bank.jar\n",
    }
    kept = {"src/main/java/a/CommandSource.java": "class CommandSource {\n  private AppUser maker;\n}\n"}
    read = {"src/main/java/a/AuditsApi.java": '@Path("/v1/audits")\nclass AuditsApi {}\n'}
    assert status(check({**java, **kept, **read}), "admin-audit-log") is Status.PRESENT
    assert status(check({**java, **kept}, "acme+kept"), "admin-audit-log") is Status.NOT_SEEN
    assert status(check({**java, **read}, "acme+read"), "admin-audit-log") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("src/guard.js", "src/routes.js"), Status.PRESENT),
        (("src/organization/guard.js", "src/teams.js"), Status.NOT_SEEN),
        (("connectors/forge.js", "connectors/chat.js"), Status.NOT_SEEN),
    ],
)
def test_administrators_of_a_customer_are_no_staff(check: Check, paths: tuple[str, str], expected: Status) -> None:
    files = dict.fromkeys(paths, "if (!user.isAdmin) throw new Forbidden();\n")
    node = {
        **NODE,
        "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8", "passport": "1"}}',
    }
    assert status(check({**node, **files}), "scoped-admin-access") is expected


def test_files_of_a_host_may_lie_in_a_folder_of_its_own(check: Check) -> None:
    node = {path: text for path, text in NODE.items() if path != "Procfile"}
    files = {f"deploy/fly/{name}.toml": f"app = 'shop-{name}'\n" for name in ("prod", "staging")}
    judged = check({**node, **files})
    assert status(judged, "config-as-code") is Status.PARTIAL
    assert status(judged, "staging-environment") is Status.PARTIAL
    assert status(judged, "environment-isolation") is Status.PARTIAL
    assert status(check({**node, "i18n/staging.toml": "hello = 'x'\n"}, "acme+words"), "staging-environment") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("scripts/test_migration.sh", "flask db upgrade\nflask db downgrade $HEAD\nflask db upgrade\n", Status.PARTIAL),
        ("scripts/test_migration.sh", "flask db upgrade\npytest\n", Status.NOT_SEEN),
        ("scripts/admin.sh", "flask db upgrade\nflask db downgrade $1\n", Status.NOT_SEEN),
    ],
)
def test_a_script_that_tries_both_directions_is_half_a_rehearsal(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**MIGRATED, path: f"#!/bin/bash\n{text}"}), "migration-tests") is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [("regal lint --format=github policies", Status.PRESENT), ("tfsec .", Status.PRESENT), ("opa eval data.x", Status.ABSENT)],
)
def test_policies_and_infrastructure_have_linters_too(check: Check, command: str, expected: Status) -> None:
    assert status(check({**NODE, ".github/workflows/ci.yml": on_change(command)}), "lint-config") is expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("if (await pendingMigrations()) await backupDatabase();\nawait runMigrations();\n", Status.PARTIAL),
        ("await runMigrations();\n", Status.ABSENT),
        ("await backupDatabase();\n", Status.ABSENT),
    ],
)
def test_a_copy_made_before_migrating_is_half_a_guard(check: Check, start: str, expected: Status) -> None:
    files = {"migrations/20240101-a.js": DROPPED, "start.js": start}
    assert status(check({**NODE, **files}), "destructive-change-guard") is expected


def test_a_question_on_a_page_guards_no_migration(check: Check) -> None:
    page = {"UI/src/admin/tasks.component.ts": "if (!confirm('Delete the tables?')) return;\n"}
    assert status(check({**NODE, "migrations/20240101-a.js": DROPPED, **page}), "destructive-change-guard") is Status.ABSENT


SPRING = {
    "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
    "<artifactId>spring-boot-starter-web</artifactId></dependency>{}</dependencies></project>",
    "src/main/java/acme/App.java": "@SpringBootApplication\nclass App {}\n",
    "Dockerfile": "FROM eclipse-temurin\n",
}


@pytest.mark.parametrize(
    ("artifact", "expected"),
    [("flyway-database-postgresql", Status.PARTIAL), ("flyway-commandline", Status.NOT_SEEN)],
)
def test_flyways_module_for_a_database_migrates_at_start(check: Check, artifact: str, expected: Status) -> None:
    module = f"<dependency><groupId>org.flywaydb</groupId><artifactId>{artifact}</artifactId></dependency>"
    driver = "<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>"
    files = {**SPRING, "pom.xml": SPRING["pom.xml"].format(module + driver)}
    migration = {"src/main/resources/db/migration/V1__orders.sql": "CREATE TABLE orders (id int);\n"}
    assert status(check({**files, **migration}), "migration-automation") is expected


@pytest.mark.parametrize(
    ("uses", "values", "expected"),
    [
        ("acme/pipelines/.github/workflows/deploy_env.yml@v2", "helm/values-prod.yaml", Status.PRESENT),
        ("acme/pipelines/.github/workflows/helm_lint.yml@v2", "helm/values-prod.yaml", Status.PARTIAL),
        ("acme/pipelines/.github/workflows/deploy_env.yml@v2", "helm/values-local.yaml", Status.PARTIAL),
    ],
    ids=["deployed by a workflow kept elsewhere", "only linted", "nothing said of production"],
)
def test_a_chart_with_values_for_production_is_applied_by_who_deploys(
    check: Check, uses: str, values: str, expected: Status
) -> None:
    files = {
        **NODE,
        "helm/shop/Chart.yaml": "apiVersion: v2\nname: shop\n",
        values: "replicaCount: 3\n",
        ".github/workflows/ship.yml": f"on: push\njobs:\n  ship:\n    uses: {uses}\n",
    }
    assert status(check(files), "config-as-code") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ImpersonationSessionLog.create!(path: request.fullpath)\n", Status.PRESENT),
        ("ImpersonationSessionLog.create!(user: user)\n", Status.PARTIAL),
        ("ImpersonationDialog.open(path: request.fullpath)\n", Status.NOT_SEEN),
        ("start_impersonation(user)\nlog_in(request.ip)\n", Status.NOT_SEEN),
    ],
)
def test_what_staff_do_as_somebody_else_may_be_recorded(check: Check, text: str, expected: Status) -> None:
    files = {
        "Gemfile": 'gem "rails"\ngem "pg"\ngem "devise"\n',
        "config/application.rb": "class Application < Rails::Application\nend\n",
        "app/models/user.rb": "class User < ApplicationRecord\n  devise :database_authenticatable\nend\n",
        "app/controllers/application_controller.rb": text,
    }
    assert status(check(files), "admin-audit-log") is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app/Console/Commands/Correction/OrderTotals.php", Status.PARTIAL),
        ("src/Command/FixOrderTotalsCommand.php", Status.PARTIAL),
        ("app/Console/Commands/SendLetters.php", Status.NOT_SEEN),
    ],
)
def test_a_dry_run_in_a_correction_is_of_what_is_stored(check: Check, path: str, expected: Status) -> None:
    command = "<?php\nclass Fix extends Command {\n  protected $signature = 'orders:fix {--dry-run}';\n}\n"
    assert status(check({**MIGRATED, path: command}), "migration-dry-run") is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("helm template shop | kubectl apply --dry-run=server -f -", Status.PARTIAL),
        ("php artisan migrate --pretend", Status.PARTIAL),
        ("kubectl create secret generic x --dry-run=client -o yaml", Status.NOT_SEEN),
    ],
)
def test_a_server_that_tries_a_change_is_half_of_a_dry_run(check: Check, command: str, expected: Status) -> None:
    assert status(check({**MIGRATED, ".github/workflows/ci.yml": on_change(command)}), "migration-dry-run") is expected


@pytest.mark.parametrize(
    ("role", "expected"),
    [("ROLE_ADMIN", Status.PRESENT), ("SHOP_MAINTAINER", Status.PRESENT), ("ROLE_CUSTOMER", Status.NOT_SEEN)],
)
def test_a_role_that_any_user_has_is_no_admins(check: Check, role: str, expected: Status) -> None:
    driver = "<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>"
    security = driver.replace("org.postgresql", "org.springframework.boot").replace(
        ">postgresql<", ">spring-boot-starter-security<"
    )
    guarded = {
        f"src/main/java/acme/{name}Resource.java": f"@PreAuthorize(\"hasRole('{role}')\")\nclass {name}Resource {{}}\n"
        for name in ("Order", "Shop")
    }
    files = {**SPRING, **guarded, "pom.xml": SPRING["pom.xml"].format(driver + security)}
    assert status(check(files), "scoped-admin-access") is expected


def events_of(text: str) -> dict[str, str]:
    return {
        **DJANGO,
        "shop/models.py": "class User(AbstractUser):\n    pass\n",
        **{f"shop/admin/{name}.py": text for name in ("a", "b")},
    }


def test_events_of_staff_that_name_the_actor_are_an_audit_log(check: Check) -> None:
    named = "def close(request):\n    shop.record_event(tag=CLOSED, additional={'actor': request.user.username})\n"
    assert status(check(events_of(named)), "admin-audit-log") is Status.PRESENT
    assert status(check(events_of(named.replace("'actor'", "'reason'"))), "admin-audit-log") is Status.PARTIAL


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Moderation.create!(moderator: user)", Status.PRESENT),
        ("StaffActionLogger.new(user).log_close(post)", Status.PRESENT),
        # A classifier of texts.
        ("client.moderations.create(input: text)", Status.NOT_SEEN),
    ],
)
def test_what_moderators_do_is_kept(check: Check, call: str, expected: Status) -> None:
    models = {f"app/models/{name}.rb": f"class {name.title()}\n  def close\n    {call}\n  end\nend\n" for name in ("a", "b", "c")}
    files = {**RAILS, "Gemfile": 'gem "rails"\ngem "pg"\ngem "devise"\n', **models}
    assert status(check(files), "admin-audit-log") is expected


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        ("bash scripts/check-destructive-migrations.sh", True),
        ("bash .github/scripts/db-breaking-change-check.sh", True),
        ("npm run db:migrate", False),
        ("bash scripts/check-breaking-api.sh", False),
        ("bash scripts/install-safety-net.sh", False),
    ],
)
def test_a_check_of_migrations_of_ones_own_is_known_by_its_name(check: Check, command: str, seen: bool) -> None:
    drop = {"db/migrate/V2__drop.sql": "ALTER TABLE orders DROP COLUMN note;\n"}
    store = "<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>"
    files = {**SPRING, **drop, "pom.xml": SPRING["pom.xml"].format(store)}
    judged = check({**files, ".github/workflows/ci.yml": on_change(command)})
    assert (status(judged, "safe-schema-changes") is Status.PRESENT) is seen
    assert (status(judged, "destructive-change-guard") is Status.PARTIAL) is seen


@pytest.mark.parametrize(
    ("line", "expected"),
    [("authorize! if current_user.super_admin?", Status.PRESENT), ("greet if current_user.customer?", Status.NOT_SEEN)],
)
def test_a_role_of_the_user_narrows_what_staff_may(check: Check, line: str, expected: Status) -> None:
    files = {f"app/policies/{name}_policy.rb": f"class {name}\n  {line}\nend\n" for name in ("order", "invoice")}
    users = {"app/models/user.rb": "class User < ApplicationRecord\n  has_secure_password\nend\n"}
    assert status(check({**RAILS, **users, **files}), "scoped-admin-access") is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("cargo run -- --wait-for 15 migrate", Status.PARTIAL),
        ("go run ./cmd/shop migrate sql", Status.PARTIAL),
        ("cargo run -- generate", Status.NOT_SEEN),
    ],
)
def test_a_program_may_have_a_command_that_migrates(check: Check, command: str, expected: Status) -> None:
    migrations = {"migrations/1_a.up.sql": "CREATE TABLE orders (id int);\n"}
    assert status(check({**NODE, **migrations, ".github/workflows/ci.yml": on_change(command)}), "migration-tests") is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/main/data/upgrade/lts/4.2.3/schema_update.sql", Status.PRESENT),
        ("src/main/data/upgrade/v12/tables.sql", Status.PRESENT),
        ("src/main/data/reports/4.2.3/schema_update.sql", Status.ABSENT),
        ("src/main/data/upgrade/notes/tables.sql", Status.NOT_SEEN),
    ],
)
def test_a_script_may_lie_in_the_folder_of_its_version(check: Check, path: str, expected: Status) -> None:
    store = "<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>"
    files = {**SPRING, "pom.xml": SPRING["pom.xml"].format(store), path: "ALTER TABLE orders ADD COLUMN note text;\n"}
    judged = check(files)
    assert status(judged, "migrations-in-code") is expected
    by_hand = Status.ABSENT if expected is Status.PRESENT else Status.PRESENT
    assert status(judged, "manual-migrations") is by_hand


@pytest.mark.parametrize(
    ("image", "expected"), [("-p 5432:5432 postgres:16", Status.NOT_SEEN), ("registry.example.org/warmer", Status.PRESENT)]
)
def test_a_job_that_starts_its_own_database_deploys_nothing(check: Check, image: str, expected: Status) -> None:
    migrations = {"prisma/migrations/20260101000000_first/migration.sql": "CREATE TABLE orders (id int);\n"}
    job = f"    steps:\n      - run: docker run -d {image}\n      - run: npx prisma migrate deploy\n"
    judged = check({**NODE, **migrations, ".github/workflows/images.yml": workflow(job)})
    assert status(judged, "migration-automation") is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("yarn workspace @shop/db prisma:migrate:prod", Status.PARTIAL),
        ("pnpm --filter db db:migrate:deploy", Status.PARTIAL),
        ("yarn workspace @shop/db prisma:studio", Status.NOT_SEEN),
    ],
)
def test_a_workspace_may_hold_the_command_that_migrates_at_start(check: Check, command: str, expected: Status) -> None:
    migrations = {"prisma/migrations/20260101000000_first/migration.sql": "CREATE TABLE orders (id int);\n"}
    assert (
        status(check({**NODE, **migrations, "entrypoint.sh": f"{command}\nexec node server.js\n"}), "migration-automation")
        is expected
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rollback.yml", Status.PARTIAL),
        ("restore-db-from-snapshot.yml", Status.PARTIAL),
        ("restore-cache.yml", Status.NOT_SEEN),
    ],
)
def test_a_workflow_may_be_named_for_the_way_back(check: Check, name: str, expected: Status) -> None:
    back = {f".github/workflows/{name}": workflow("    steps:\n      - run: ./back.sh\n")}
    assert status(check({**NODE, **back}), "rollback-ready") is expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("dev.s3.tfbackend", "prod.s3.tfbackend"), Status.PARTIAL),
        (("shared.s3.tfbackend", "prod.s3.tfbackend"), Status.NOT_SEEN),
    ],
)
def test_each_environment_may_keep_its_state_apart(check: Check, names: tuple[str, str], expected: Status) -> None:
    kept = {f"infra/service/{name}": 'bucket = "state"\n' for name in names}
    assert status(check({**NODE, **kept}), "environment-isolation") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # Runs once, when Heroku has made an app.
        ({"app.json": '{"scripts": {"postdeploy": "npx prisma migrate deploy"}}'}, Status.NOT_SEEN),
        ({"azure.yaml": "hooks:\n  postdeploy: npx prisma migrate deploy\n"}, Status.PRESENT),
        (
            {".github/workflows/ship.yml": workflow("    steps:\n      - run: ./bin/run-database-migrations shop\n")},
            Status.PRESENT,
        ),
        (
            {".github/workflows/ship.yml": workflow("    steps:\n      - run: ./bin/check-database-migrations shop\n")},
            Status.NOT_SEEN,
        ),
    ],
)
def test_who_migrates_with_each_deploy(check: Check, files: dict[str, str], expected: Status) -> None:
    migrations = {"prisma/migrations/20260101000000_first/migration.sql": "CREATE TABLE orders (id int);\n"}
    assert status(check({**NODE, **migrations, **files}), "migration-automation") is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [("${PREFIX}mypy shop", Status.PRESENT), ("${PREFIX}black --check shop", Status.PARTIAL), ("echo mypyshop", Status.ABSENT)],
)
def test_a_checker_may_stand_behind_a_variable(check: Check, command: str, expected: Status) -> None:
    assert (
        status(
            check({**DJANGO, "bin/check": f"#!/bin/sh\n{command}\n", ".github/workflows/ci.yml": on_change("bin/check")}),
            "lint-config",
        )
        is expected
    )
