"""Stage 1: what counts as prototyping well, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Finding, Status

Check = Callable[..., Assessment]

NODE = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8", "react": "19"}}',
    "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
    "Procfile": "web: node server.js\n",
}
RAILS = {
    "Gemfile": 'gem "rails"\ngem "pg"\n',
    "config/routes.rb": "Rails.application.routes.draw do\nend\n",
    "config/application.rb": "module Shop\n  class Application < Rails::Application\n  end\nend\n",
    "app/controllers/orders_controller.rb": "class OrdersController < ApplicationController\nend\n",
}
LARAVEL = {
    "composer.json": '{"name": "acme/shop", "type": "project", "require": {"laravel/framework": "^12"}}',
    "artisan": "<?php\n",
    "routes/web.php": "<?php\nRoute::get('/', fn () => 1);\n",
    "config/database.php": "<?php\nreturn ['default' => 'mysql'];\n",
}


def finding(assessment: Assessment, practice: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.practice == practice)


def status(assessment: Assessment, practice: str) -> Status:
    return finding(assessment, practice).status


def workflow(steps: str, on: str = "push") -> str:
    return f"on: {on}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"


def test_a_history_in_small_steps_is_version_control(check: Check) -> None:
    judged = check({**NODE, ".gitignore": "node_modules\n"}, commits=12)
    assert status(judged, "version-control") is Status.PRESENT
    assert finding(judged, "version-control").evidence[0].path == ".gitignore"


def test_one_drop_of_code_is_half_of_version_control(check: Check) -> None:
    judged = check(NODE, commits=1)
    assert status(judged, "version-control") is Status.PARTIAL
    assert "1 commit on 1 day" in finding(judged, "version-control").reason


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.js": "logger.warn('slow');\n", "b.js": "logger.info('done');\n"}, Status.PRESENT),
        ({"a.js": "logger.warn('slow');\n"}, Status.PARTIAL),
        ({"a.js": "logger.warn('slow');\n", "backendHarness.js": "console.error('not up');\n"}, Status.PARTIAL),
        ({"a.js": "console.log('slow');\n", "b.js": "console.log('done');\n"}, Status.PARTIAL),
        ({"public/a.js": "console.error('slow');\n", "public/b.js": "console.error('done');\n"}, Status.PARTIAL),
        ({"a.js": "// logger.warn('slow')\n", "b.js": "Math.log(2); const text = 'logger.warn()';\n"}, Status.ABSENT),
        ({"test/a.js": "logger.warn('slow');\n", "test/b.js": "logger.info('done');\n"}, Status.ABSENT),
    ],
)
def test_levelled_calls_in_two_source_files_are_logging(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, **files}), "leveled-logging") is expected


def test_a_logger_that_is_set_up_and_not_used_is_half_of_it(check: Check) -> None:
    assert status(check(LARAVEL), "leveled-logging") is Status.ABSENT
    assert status(check({**LARAVEL, "config/logging.php": "<?php\nreturn [];\n"}), "leveled-logging") is Status.PARTIAL


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("nodemon server.js", Status.PRESENT),
        ("node --watch server.js", Status.PRESENT),
        ("cross-env NODE_ENV=development vite", Status.PRESENT),
        ("turbo run dev", Status.PRESENT),
        ("vite build", Status.ABSENT),
        ("node server.js", Status.ABSENT),
    ],
)
def test_a_script_that_watches_is_hot_reload(check: Check, script: str, expected: Status) -> None:
    package = NODE["package.json"].replace('"dependencies"', f'"scripts": {{"dev": "{script}"}}, "dependencies"')
    assert status(check({**NODE, "package.json": package}), "hot-reload") is expected


def test_tests_that_watch_are_no_hot_reload(check: Check) -> None:
    for name, expected in (("test:watch", Status.ABSENT), ("start:dev", Status.PRESENT)):
        package = NODE["package.json"].replace('"dependencies"', f'"scripts": {{"{name}": "runner --watch"}}, "dependencies"')
        assert status(check({**NODE, "package.json": package}), "hot-reload") is expected


def test_frameworks_that_reload_by_themselves_need_no_watcher(check: Check) -> None:
    assert status(check(LARAVEL), "hot-reload") is Status.PRESENT
    assert status(check({**RAILS, "bin/rails": "#!/usr/bin/env ruby\n"}), "hot-reload") is Status.PRESENT


@pytest.mark.parametrize(
    ("seeds", "expected"),
    [('Order.create!(name: "first")\n', Status.PRESENT), ("# Order.create!(name: 'first')\n", Status.ABSENT)],
)
def test_rails_seeds_count_by_what_is_in_them(check: Check, seeds: str, expected: Status) -> None:
    assert status(check({**RAILS, "db/seeds.rb": seeds}), "seed-data") is expected


PHOENIX = {
    "mix.exs": 'defmodule Shop.MixProject do\n  defp deps do\n    [{:phoenix, "~> 1.8"}, {:ecto_sql, "~> 3.13"}]\n  end\nend\n',
    "lib/shop_web/endpoint.ex": "defmodule ShopWeb.Endpoint do\nend\n",
    "Dockerfile": "FROM elixir\n",
}
DOTNET = {
    "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Npgsql" Version="9" /></ItemGroup></Project>\n',
}
SPRING = {
    "pom.xml": "<project><dependencies>"
    "<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>"
    "<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency></dependencies></project>",
    "src/main/java/acme/App.java": "@SpringBootApplication\nclass App {}\n",
}
FLYWAY = {"src/main/resources/db/testdata/V2__orders.sql": "INSERT INTO orders VALUES (1);\n"}
LOCATIONS = "spring:\n  flyway:\n    locations: classpath:db/migration,classpath:db/{}\n"
SYMFONY = {
    "composer.json": '{"type": "project", "require": {"symfony/framework-bundle": "^7", "doctrine/orm": "^3"}}',
    "public/index.php": "<?php\n",
}
DJANGO = {"requirements.txt": "django==5.2\n", "manage.py": "execute_from_command_line()\n", "web/urls.py": "urlpatterns = []\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({**PHOENIX, "priv/repo/seeds.exs": "Shop.Accounts.register_user(%{name: name})\n"}, Status.PRESENT),
        ({**PHOENIX, "priv/repo/seeds.exs": "# Shop.Repo.insert!(%Shop.Order{})\n"}, Status.ABSENT),
        ({**DOTNET, "Startup.cs": "await new ShopContextSeed().SeedAsync(context);\n"}, Status.PRESENT),
        ({**DOTNET, "Startup.cs": "await _policyStore.SeedAsync();\n"}, Status.ABSENT),
        ({**DOTNET, "Data/DbInitializer.cs": "context.Orders.AddRange(orders);\n"}, Status.PRESENT),
        ({**DOTNET, "Data/DbInitializer.cs": "context.Database.EnsureCreated();\n"}, Status.ABSENT),
        (
            {**SPRING, "src/main/java/acme/LoadDatabase.java": "CommandLineRunner load() { return a -> orders.save(o); }\n"},
            Status.PRESENT,
        ),
        ({**SPRING, "src/main/java/acme/LoadDatabase.java": "class LoadDatabase {}\n"}, Status.ABSENT),
        ({**SPRING, **FLYWAY, "src/main/resources/application-dev.yml": LOCATIONS.format("testdata")}, Status.PRESENT),
        ({**SPRING, **FLYWAY, "src/main/resources/application-dev.yml": LOCATIONS.format("legacy")}, Status.NOT_SEEN),
        ({**SYMFONY, "src/DataFixtures/AppFixtures.php": "<?php\nclass AppFixtures {}\n"}, Status.PRESENT),
        ({**SYMFONY, "src/Fixtures.php": "<?php\nclass Fixtures {}\n"}, Status.ABSENT),
        ({**DJANGO, "shop/fixtures/shop.json": "[]", "Makefile": "data:\n\tpython manage.py loaddata shop\n"}, Status.PRESENT),
        ({**DJANGO, "shop/tests/fixtures/shop.json": "[]", "Makefile": "x:\n\tpython manage.py loaddata shop\n"}, Status.ABSENT),
    ],
)
def test_each_framework_has_its_way_to_seed(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check(files), "seed-data") is expected


def test_a_seed_file_that_nothing_runs_is_half_of_it(check: Check) -> None:
    seed = {"scripts/seed.js": "await insert();\n"}
    assert status(check({**NODE, **seed}), "seed-data") is Status.PARTIAL
    package = NODE["package.json"].replace('"dependencies"', '"scripts": {"db:seed": "node scripts/seed.js"}, "dependencies"')
    assert status(check({**NODE, **seed, "package.json": package}), "seed-data") is Status.PRESENT


@pytest.mark.parametrize("path", ["model/train.py", "lib/fuzz/seed.go", "assets/seedrandom.js"])
def test_seeds_of_chance_are_no_seed_data(check: Check, path: str) -> None:
    assert status(check({**NODE, path: "np.random.seed(1)\n"}), "seed-data") is Status.ABSENT


@pytest.mark.parametrize(
    ("steps", "on", "expected"),
    [
        ("      - run: flyctl deploy --remote-only\n", "push", Status.PRESENT),
        ("      - run: npx convex deploy\n", "release", Status.PRESENT),
        ("      - uses: acme/ci/.github/workflows/notify.yml@main\n", "push", Status.PARTIAL),
        ("      - run: cap production deploy\n", "workflow_dispatch", Status.PARTIAL),
        ("      - run: |\n          echo flyctl deploy\n", "push", Status.PARTIAL),
        ("      - uses: actions/deploy-pages@v4\n", "push", Status.PARTIAL),
        ("      - run: aws s3 sync coverage s3://reports\n", "push", Status.PARTIAL),
    ],
)
def test_only_what_deploys_on_its_own_is_auto_deploy(check: Check, steps: str, on: str, expected: Status) -> None:
    # The Procfile alone makes it partial: the host may deploy from there.
    assert status(check({**NODE, ".github/workflows/ship.yml": workflow(steps, on)}), "auto-deploy") is expected


def test_a_host_may_be_told_by_its_hook(check: Check) -> None:
    told = workflow("      - run: curl -X POST ${{ secrets.RENDER_DEPLOY_HOOK_URL }}\n")
    asked = workflow("      - run: curl -X POST https://shop.example.org/health\n")
    assert status(check({**NODE, ".github/workflows/ship.yml": told}), "auto-deploy") is Status.PRESENT
    assert status(check({**NODE, "Procfile": "", ".github/workflows/ship.yml": asked}), "auto-deploy") is not Status.PRESENT


def test_a_cluster_thrown_away_after_the_test_is_no_deployment(check: Check) -> None:
    steps = "      - uses: helm/kind-action@v1\n      - run: kubectl apply -f k8s/\n"
    bare = {path: text for path, text in NODE.items() if path != "Procfile"}
    assert status(check({**bare, ".github/workflows/ship.yml": workflow(steps)}), "auto-deploy") is Status.NOT_SEEN


def test_a_workflow_that_publishes_documentation_is_no_deployment(check: Check) -> None:
    steps = "      - run: npx wrangler pages deploy site\n"
    bare = {path: text for path, text in NODE.items() if path != "Procfile"}
    assert status(check({**bare, ".github/workflows/docs.yml": workflow(steps)}), "auto-deploy") is Status.NOT_SEEN


def test_no_deployment_in_the_repository_is_a_question(check: Check) -> None:
    bare = {path: text for path, text in NODE.items() if path != "Procfile"}
    assert status(check(bare), "auto-deploy") is Status.NOT_SEEN


def test_an_application_that_argo_syncs_is_auto_deploy(check: Check) -> None:
    application = "kind: Application\nspec:\n  syncPolicy:\n    automated:\n      prune: true\n"
    assert status(check({**NODE, "deploy/app.yaml": application}), "auto-deploy") is Status.PRESENT
    assert status(check({**NODE, "deploy/app.yaml": application.replace("automated", "manual")}), "auto-deploy") is Status.PARTIAL


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"package-lock.json": "{}", "bin/setup": "#!/bin/sh\nnpm ci\n"}, Status.PRESENT),
        (
            {
                "package-lock.json": "{}",
                "README.md": "# Shop\n\n## Getting started\n\n```sh\nnpm ci\n```\n",
                ".env.example": "PORT=\n",
            },
            Status.PRESENT,
        ),
        ({"package-lock.json": "{}", "README.md": "# Shop\n\n## Getting started\n\n```sh\nnpm ci\n```\n"}, Status.PARTIAL),
        ({"package-lock.json": "{}"}, Status.PARTIAL),
        ({}, Status.ABSENT),
    ],
)
def test_setting_up_takes_pinned_versions_and_a_way_to_start(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, **files}), "one-command-setup") is expected


def test_a_tool_reads_its_environment_and_needs_none(check: Check) -> None:
    tool = {
        "Cargo.toml": '[package]\nname = "find"\n[dependencies]\nclap = "4"\n',
        "Cargo.lock": "",
        "src/main.rs": 'fn main() { env::var("HOME"); }\n',
        "README.md": "# Find\n\n## Building\n\n```sh\ncargo build\n```\n",
    }
    assert status(check(tool), "one-command-setup") is Status.PRESENT


def test_a_manifest_may_name_the_command(check: Check) -> None:
    composer = LARAVEL["composer.json"].replace(
        '"require"', '"scripts": {"setup": ["composer install", "@php artisan migrate"]}, "require"'
    )
    assert status(check(LARAVEL), "one-command-setup") is Status.ABSENT
    assert status(check({**LARAVEL, "composer.json": composer}), "one-command-setup") is Status.PARTIAL
    assert status(check({**LARAVEL, "composer.json": composer, "composer.lock": "{}"}), "one-command-setup") is Status.PRESENT


def test_a_stack_of_many_parts_is_worth_a_thought(check: Check) -> None:
    heavy = {
        "package.json": NODE["package.json"].replace('"pg": "8"', '"pg": "8", "kafkajs": "2", "@elastic/elasticsearch": "9"'),
        "chart/Chart.yaml": "name: shop\n",
    }
    assert status(check(NODE), "simple-stack") is Status.PRESENT
    judged = check({**NODE, **heavy})
    assert status(judged, "simple-stack") is Status.PARTIAL
    assert "container orchestration, a message broker, a search engine" in finding(judged, "simple-stack").reason


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"db.tf": 'resource "aws_db_instance" "shop" {\n  backup_retention_period = 7\n}\n'}, Status.PRESENT),
        ({"db.tf": 'resource "aws_db_instance" "shop" {\n  backup_retention_period = 0\n}\n'}, Status.NOT_SEEN),
        ({"scripts/backup.sh": "pg_dump shop\n"}, Status.PARTIAL),
        ({"src/backup.js": "export const backup = feature;\n"}, Status.NOT_SEEN),
        ({"images/sql/backup-db.sh": "sqlcmd -i /backup-db.sql\n"}, Status.PARTIAL),
        ({"ops/dump.yaml": "kind: CronJob\nspec:\n  command: [pg_dump, shop]\n"}, Status.PRESENT),
        ({"ops/dump.yaml": "kind: Job\nspec:\n  command: [pg_dump, shop]\n"}, Status.NOT_SEEN),
        ({"infra/stack.ts": "new Table(this, 'shop', { pointInTimeRecovery: true });\n"}, Status.PRESENT),
    ],
)
def test_backups_are_scheduled_or_scripted(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, **files}), "data-snapshots") is expected


def test_a_console_or_a_studio_shows_the_data(check: Check) -> None:
    assert status(check({**RAILS, "bin/rails": "#!/usr/bin/env ruby\n"}), "interactive-data-access") is Status.PRESENT
    assert (
        status(check({**NODE, "compose.yaml": "services:\n  look:\n    image: adminer:5\n"}), "interactive-data-access")
        is Status.PRESENT
    )
    assert status(check({**NODE, "requests.http": "GET /orders\n"}), "interactive-data-access") is Status.PARTIAL
    assert status(check(LARAVEL), "interactive-data-access") is Status.PRESENT
    assert (
        status(check({**NODE, "db/schema/main.prisma": "model Order { id Int @id }\n"}), "interactive-data-access")
        is Status.PRESENT
    )
    assert status(check(NODE), "interactive-data-access") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("deploy/migrate.sh", "#!/bin/sh\npython manage.py migrate\n", Status.ABSENT),
        ("Dockerfile", 'FROM node\nCMD ["sh", "-c", "npx prisma migrate deploy && node server.js"]\n', Status.ABSENT),
        ("deploy/push.sh", "#!/bin/sh\nnpx prisma db push\n", Status.PRESENT),
        ("deploy/check.sh", "#!/bin/sh\n# python manage.py migrate\npython manage.py check\n", Status.PRESENT),
    ],
)
def test_migrations_that_are_run_may_lie_in_a_shared_package(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**NODE, path: text}), "manual-migrations") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("before_action { head :forbidden unless current_user.administrator? }", Status.ABSENT),
        ("head :forbidden unless Current.user.can_administer?(room)", Status.ABSENT),
        ("AdministratorMailer.greet(user)", Status.PRESENT),
    ],
)
def test_who_may_administer_has_something_to_do_it_with(check: Check, line: str, expected: Status) -> None:
    assert status(check({**NODE, "app/controllers/rooms_controller.rb": f"{line}\n"}), "admin-ui-deferred") is expected


def test_the_corners_are_told_by_what_is_missing(check: Check) -> None:
    assert status(check(NODE), "auth-deferred") is Status.PRESENT
    assert status(check(NODE), "admin-ui-deferred") is Status.PRESENT
    assert status(check(NODE), "manual-migrations") is Status.PRESENT
    assert status(check(NODE), "loose-schema") is Status.ABSENT
    left = {
        "login.js": "authenticate(user);\n",
        "session.js": "const user = currentUser(request);\n",
        "admin/orders.js": "list();\n",
        "migrations/001.sql": "CREATE TABLE orders (id int);\n",
    }
    judged = check({**NODE, **left})
    assert {status(judged, corner) for corner in ("auth-deferred", "admin-ui-deferred", "manual-migrations")} == {Status.ABSENT}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/management/commands/full_backup.py", Status.PARTIAL),
        ("shop/management/commands/backup_codes.py", Status.NOT_SEEN),
    ],
)
def test_a_command_that_saves_the_data_is_half_of_a_snapshot(check: Check, path: str, expected: Status) -> None:
    assert status(check({**DJANGO, path: "class Command(BaseCommand):\n    pass\n"}), "data-snapshots") is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (".env.example", "FLASK_DEBUG=1\n", Status.PRESENT),
        ("start.sh", "export FLASK_DEBUG=0\nflask run\n", Status.ABSENT),
        ("README.md", "Put `export FLASK_DEBUG=1` into environment.sh.\n", Status.NOT_SEEN),
    ],
)
def test_flask_reloads_where_it_debugs(check: Check, path: str, text: str, expected: Status) -> None:
    flask = {
        "requirements.txt": "flask==3.1\n",
        "application.py": "app = Flask(__name__)\n",
        "Procfile": "web: gunicorn application\n",
    }
    assert status(check({**flask, path: text}), "hot-reload") is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("fixtures/OrderFixtures.php", Status.PRESENT), ("tests/fixtures/OrderFixtures.php", Status.ABSENT)],
)
def test_doctrine_loads_fixtures_by_a_command(check: Check, path: str, expected: Status) -> None:
    needs = '"require-dev": {"doctrine/doctrine-fixtures-bundle": "^4"}'
    files = {**SYMFONY, "composer.json": SYMFONY["composer.json"].rstrip("}") + "}, " + needs + "}"}
    fixture = "<?php\nclass OrderFixtures extends Fixture { public function load(ObjectManager $manager) {} }\n"
    assert status(check({**files, path: fixture}), "seed-data") is expected


def test_a_script_that_fills_its_tables_may_be_a_seed(check: Check) -> None:
    made = "CREATE TABLE users (name TEXT);\n"
    filled = made + "INSERT INTO users VALUES ('ada');\n"
    assert status(check({**NODE, "scripts/install.sql": filled}), "seed-data") is Status.NOT_SEEN
    assert status(check({**NODE, "scripts/install.sql": made}, "acme+empty"), "seed-data") is Status.ABSENT
    assert status(check({**NODE, "db/migrations/1.sql": filled}, "acme+migrated"), "seed-data") is Status.ABSENT


def test_data_that_is_loaded_at_the_first_start_is_a_seed(check: Check) -> None:
    assert status(check({**SPRING, "app/src/main/resources/initial-data.yaml": "kind: Post\n"}), "seed-data") is Status.PRESENT
    assert status(check({**SPRING, "app/src/main/resources/messages.yaml": "kind: Post\n"}), "seed-data") is Status.ABSENT


def test_factories_and_imports_from_production_are_half_of_a_seed(check: Check) -> None:
    for path, text in (
        ("requirements/testing.txt", "django-dynamic-fixture==4.0\n"),
        ("shop/management/commands/import_orders_from_live.py", "class Command(BaseCommand):\n    pass\n"),
    ):
        assert status(check({**DJANGO, path: text}, f"acme+{len(path)}"), "seed-data") is Status.PARTIAL


@pytest.mark.parametrize("name", ["Readme.md", "readme.md", "README.MD", "Contributing.md"])
def test_steps_count_however_the_readme_is_spelled(check: Check, name: str) -> None:
    library = {"package.json": '{"name": "thing", "main": "index.js", "version": "1.0.0"}', "index.js": "module.exports = 1\n"}
    steps = {name: "## Running tests\n\n```sh\nnpm install\nnpm test\n```\n"}
    assert status(check({**library, **steps}), "one-command-setup") is Status.PARTIAL


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({**SPRING, "src/main/resources/import.sql": "INSERT INTO orders VALUES (1);\n"}, Status.PRESENT),
        ({**SPRING, "src/main/resources/import.sql": "-- INSERT INTO orders VALUES (1);\n"}, Status.ABSENT),
        ({**NODE, "scripts/seed.js": "// insert the first orders here\n"}, Status.ABSENT),
        (
            {**SPRING, "src/main/java/ShopDataLoader.java": "class ShopDataLoader implements CommandLineRunner {}\n"},
            Status.PRESENT,
        ),
        (
            {
                **SPRING,
                "src/main/java/ScriptDatabaseInitializer.java": "class ScriptDatabaseInitializer extends Initializer {}\n",
                "src/main/java/Registry.java": "class Registry { @PostConstruct void start() {} }\n",
            },
            Status.ABSENT,
        ),
    ],
)
def test_a_seed_holds_data_and_is_run(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check(files), "seed-data") is expected


def test_the_lock_file_shown_is_the_products_and_not_that_of_its_documentation(check: Check) -> None:
    files = {
        **NODE,
        "docs/package-lock.json": "{}",
        "package-lock.json": "{}",
        "docs/compose.yml": "services: {}\n",
        "Makefile": "dev:\n\tnode .\n",
    }
    judged = next(finding for finding in check(files).findings if finding.practice == "one-command-setup")
    assert {evidence.path for evidence in judged.evidence} == {"Makefile", "package-lock.json"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"Makefile": "run:\n\tflask run -p 5000\n"}, Status.NOT_SEEN),
        ({"Makefile": "run:\n\tFLASK_DEBUG=1 flask run -p 5000\n"}, Status.PRESENT),
        ({"Makefile": "run:\n\tFLASK_DEBUG=0 flask run\n"}, Status.NOT_SEEN),
        # The one who starts it decides.
        ({"run.sh": "docker run -e FLASK_DEBUG=$FLASK_DEBUG shop flask run\n"}, Status.PRESENT),
        ({"run.sh": "docker run -e FLASK_DEBUG=$FLASK_DEBUG shop\n"}, Status.ABSENT),
    ],
)
def test_flask_reloads_where_it_is_told_to_debug(check: Check, files: dict[str, str], expected: Status) -> None:
    flask = {"requirements.txt": "flask==3.1\n", "shop.py": "app = Flask(__name__)\n", "Procfile": "web: gunicorn shop:app\n"}
    assert status(check({**flask, **files}), "hot-reload") is expected


@pytest.mark.parametrize(
    ("locations", "folder", "text", "expected"),
    [
        ("classpath:db/migration,classpath:db/local", "local", "INSERT INTO shops VALUES (1);\n", Status.PRESENT),
        ("classpath:db/migration", "local", "INSERT INTO shops VALUES (1);\n", Status.ABSENT),
        ("classpath:db/migration,classpath:db/local", "local", "CREATE TABLE shops (id int);\n", Status.ABSENT),
        ("classpath:db/migration,classpath:db/vendor", "vendor", "INSERT INTO shops VALUES (1);\n", Status.ABSENT),
    ],
    ids=["a folder of seeds", "never loaded", "tables only", "a folder of something else"],
)
def test_flyway_seeds_from_a_location_of_its_own(check: Check, locations: str, folder: str, text: str, expected: Status) -> None:
    files = {
        **SPRING,
        "src/main/resources/application-seed.yml": f"spring:\n  flyway:\n    locations: {locations}\n",
        f"src/main/resources/db/{folder}/V99__shops.sql": text,
    }
    assert status(check(files), "seed-data") is expected


@pytest.mark.parametrize(
    ("base", "profile", "expected"),
    [
        ("validate", "ddlwriter", Status.ABSENT),
        ("update", "ddlwriter", Status.PRESENT),
        ("validate", "prod", Status.PRESENT),
        ("validate", "mysql", Status.PRESENT),
    ],
)
def test_a_profile_beside_a_strict_default_leaves_the_corner(check: Check, base: str, profile: str, expected: Status) -> None:
    files = {
        **SPRING,
        "src/main/resources/application.yml": f"spring:\n  jpa:\n    hibernate:\n      ddl-auto: {base}\n",
        f"src/main/resources/application-{profile}.yml": "spring:\n  jpa:\n    hibernate:\n      ddl-auto: create\n",
    }
    assert status(check(files), "loose-schema") is expected


@pytest.mark.parametrize(("path", "expected"), [("src/{}.js", Status.PRESENT), ("scripts/{}.js", Status.PARTIAL)])
def test_scripts_that_are_run_by_hand_log_for_whoever_ran_them(check: Check, path: str, expected: Status) -> None:
    files = {path.format(name): "console.error('failed', e);\n" for name in ("icons", "languages")}
    assert status(check({**NODE, **files}), "leveled-logging") is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("scripts/db-dump.sh", Status.PARTIAL),
        ("docker/scripts/02-dump-env.sh", Status.NOT_SEEN),
        ("scripts/heap-dump.sh", Status.NOT_SEEN),
        ("script/admin/prepare-backup", Status.PARTIAL),
        ("script/icons/backup-set", Status.NOT_SEEN),
        ("nix/backup_and_restore.nix", Status.PARTIAL),
    ],
)
def test_what_is_dumped_has_to_be_data(check: Check, path: str, expected: Status) -> None:
    assert status(check({**NODE, path: "#!/bin/sh\nset -eu\n"}), "data-snapshots") is expected


@pytest.mark.parametrize(
    ("action", "on", "expected"),
    [
        ("acme/actions/backup-postgres@v1", "\n  schedule:\n    - cron: '0 2 * * *'", Status.PRESENT),
        ("acme/actions/backup-postgres@v1", "workflow_dispatch", Status.NOT_SEEN),
        ("acme/actions/deploy-postgres@v1", "\n  schedule:\n    - cron: '0 2 * * *'", Status.NOT_SEEN),
    ],
)
def test_an_action_may_save_the_data_each_night(check: Check, action: str, on: str, expected: Status) -> None:
    nightly = {".github/workflows/nightly.yml": workflow(f"      - uses: {action}\n", on)}
    assert status(check({**NODE, **nightly}), "data-snapshots") is expected


@pytest.mark.parametrize(("target", "expected"), [("psql-dev", Status.PRESENT), ("psql-prod", Status.NOT_SEEN)])
def test_a_shell_on_the_data_of_development_is_a_console(check: Check, target: str, expected: Status) -> None:
    assert status(check({**NODE, "Makefile": f"{target}:\n\tkubectl exec db -- psql\n"}), "interactive-data-access") is expected


DUMPED = "class SaveJob < ApplicationJob\n  def perform\n    system('restic backup storage', exception: true)\n  end\nend\n"


@pytest.mark.parametrize(
    ("job", "timed", "expected"),
    [
        (DUMPED, "production:\n  backup:\n    class: SaveJob\n", Status.PRESENT),
        # Nothing is known to start it.
        (DUMPED, "production:\n  tidy:\n    class: TidyJob\n", Status.NOT_SEEN),
        # What people export of their own data is called so as well.
        ("class BackupJob < ApplicationJob\n  def perform\n    account.backup.process!\n  end\nend\n", "production:\n  a:\n    class: BackupJob\n", Status.NOT_SEEN),
    ],
)  # fmt: skip
def test_a_job_of_the_program_may_save_the_data(check: Check, job: str, timed: str, expected: Status) -> None:
    files = {**RAILS, "app/jobs/save_job.rb": job, "config/recurring.yml": timed}
    assert status(check(files), "data-snapshots") is expected


@pytest.mark.parametrize(("target", "expected"), [("start: deps", Status.PRESENT), ("format", Status.PARTIAL)])
def test_a_file_of_commands_may_start_nothing(check: Check, target: str, expected: Status) -> None:
    files = {
        **NODE,
        "package-lock.json": "{}\n",
        "Justfile": f"{target}:\n\tnpx x\n",
        "README.md": "# Running\n\n```\nnpm i\n```\n",
    }
    assert status(check(files), "one-command-setup") is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("bin/import_orders.js", "run();\n", Status.NOT_SEEN),
        ("bin/important.js", "run();\n", Status.ABSENT),
        ("config.dev.yaml", "staticPasswords:\n- email: admin@example.com\n", Status.NOT_SEEN),
        ("config.prod.yaml", "staticPasswords:\n- email: admin@example.com\n", Status.ABSENT),
    ],
)
def test_what_may_bring_data_to_begin_with_is_a_question(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**NODE, path: text}), "seed-data") is expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('"studio": "prisma studio"', Status.PRESENT),
        ('"db:shell": "docker compose exec db psql"', Status.PRESENT),
        ('"console": "node -r ./lib/console.js"', Status.PRESENT),
        # A design system's studio, and the shell of a page.
        ('"studio": "panda studio"', Status.NOT_SEEN),
        ('"start:shell:test": "http-server . -p 4700"', Status.NOT_SEEN),
    ],
)
def test_a_console_is_one_for_data(check: Check, script: str, expected: Status) -> None:
    package = f'{{"name": "shop", "private": true, "scripts": {{{script}}}, "dependencies": {{"express": "5", "pg": "8"}}}}'
    assert status(check({**NODE, "package.json": package}), "interactive-data-access") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"Makefile": "db-seed-local: guard-DB\n\tpython -m tests.lib.seed_db\n"}, Status.PRESENT),
        ({"pyproject.toml": '[project]\nname = "shop"\n[project.scripts]\ndb-seed = "tests.lib.seed_db:main"\n'}, Status.PRESENT),
        # Nothing runs it.
        ({"Makefile": "seedless-grapes:\n\tpython -m shop.grapes\n"}, Status.ABSENT),
    ],
)
def test_what_seeds_may_lie_with_the_factories_of_the_tests(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**DJANGO, "tests/lib/seed_db.py": "OrderFactory.create_batch(5)\n", **files}), "seed-data") is expected


def test_a_test_of_seeds_seeds_nothing(check: Check) -> None:
    files = {"Makefile": "db-seed:\n\tpython -m pytest\n", "tests/seed_test.py": "def test_seed(): pass\n"}
    assert status(check({**DJANGO, **files}), "seed-data") is Status.ABSENT


@pytest.mark.parametrize(
    ("call", "kept"),
    [
        ("await redis.set(`shop:${name}`, { icon, createdAt: Date.now() });", True),
        ("await redis.hset('shop', data);", True),
        ("await redis.set(`shop:${name}`, { icon }, { ex: 60 });", False),
        ("const shop = await redis.get(name);", False),
    ],
)
def test_a_redis_that_is_written_to_may_be_the_store(check: Check, call: str, kept: bool) -> None:
    shop = {
        "package.json": '{"private": true, "dependencies": {"next": "15", "@upstash/redis": "1"}}',
        "Procfile": "web: next start\n",
        "app/actions.ts": call + "\n",
    }
    assert (status(check(shop), "manual-migrations") is Status.PRESENT) is kept
    assert (status(check(shop), "manual-migrations") is Status.NOT_APPLICABLE) is not kept
