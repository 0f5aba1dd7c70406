"""Stage 3: what counts as testing, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Finding, Status

Check = Callable[..., Assessment]


def node(dependencies: str = "", development: str = "") -> str:
    listed = ", ".join(f'"{name}": "1"' for name in f"express pg react {dependencies}".split())
    dev = ", ".join(f'"{name}": "1"' for name in development.split())
    return f'{{"name": "shop", "private": true, "dependencies": {{{listed}}}, "devDependencies": {{{dev}}}}}'


NODE = {
    "package.json": node(),
    "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
    "Procfile": "web: node server.js\n",
}
TESTED = {**NODE, **{f"test/order{number}.test.js": "it('adds', () => expect(1).toBe(1));\n" for number in range(6)}}
RAILS = {
    "Gemfile": 'gem "rails"\ngem "pg"\ngem "turbo-rails"\n',
    "config/routes.rb": "Rails.application.routes.draw do\nend\n",
    "config/application.rb": "module Shop\n  class Application < Rails::Application\n  end\nend\n",
    "app/controllers/orders_controller.rb": "class OrdersController < ApplicationController\nend\n",
    "app/views/orders/index.html.erb": "<h1>Orders</h1>\n",
    "spec/models/order_spec.rb": "it 'adds' do\nend\n",
}


def finding(assessment: Assessment, practice: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.practice == practice)


def status(assessment: Assessment, practice: str) -> Status:
    return finding(assessment, practice).status


def workflow(steps: str, on: str = "pull_request", job: str = "") -> str:
    return f"on: {on}\njobs:\n  check:\n    runs-on: ubuntu-latest\n{job}    steps:\n{steps}"


def running(command: str, on: str = "pull_request", job: str = "") -> dict[str, str]:
    return {".github/workflows/ci.yml": workflow(f"      - run: {command}\n", on, job)}


def sources(count: int) -> dict[str, str]:
    return {f"src/part{number}.js": f"export const part = {number};\n" for number in range(count)}


@pytest.mark.parametrize(
    ("tests", "source", "expected"),
    [(0, 3, Status.ABSENT), (1, 10, Status.PARTIAL), (6, 20, Status.PRESENT), (6, 90, Status.PARTIAL), (2, 2, Status.PRESENT)],
)
def test_tests_count_against_the_source(check: Check, tests: int, source: int, expected: Status) -> None:
    cases = {f"src/part{number}.test.js": "test('adds', () => { expect(1).toBe(1); });\n" for number in range(tests)}
    assert status(check({**NODE, **sources(source - 1), **cases}), "unit-tests") is expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/App.test.js", "test('renders', () => { expect(1).toBe(1); });\n"),
        ("e2e/login.spec.js", "test('signs in', async ({ page }) => { await page.goto('/'); });\n"),
        ("tests/fixtures/order.test.js", "test('adds', () => { expect(1).toBe(1); });\n"),
        ("vendor/lib/order.test.js", "test('adds', () => { expect(1).toBe(1); });\n"),
        ("train/test.py", "print(evaluate(model))\n"),
    ],
)
def test_scaffolds_and_browser_tests_are_no_unit_tests(check: Check, path: str, text: str) -> None:
    assert status(check({**NODE, path: text}), "unit-tests") is Status.ABSENT


def test_a_test_inside_rust_source_is_a_test(check: Check) -> None:
    crate = {
        "Cargo.toml": '[package]\nname = "shop"\nversion = "1.0.0"\n',
        "src/lib.rs": "pub fn add() {}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() {}\n}\n",
    }
    assert status(check(crate), "unit-tests") is Status.PARTIAL


@pytest.mark.parametrize(
    "command",
    [
        "npm test",
        "pnpm --filter web test:unit",
        "npx vitest run",
        "uv run --python 3.12 --frozen pytest -x",
        "RAILS_ENV=test bundle exec rspec",
        "docker compose run --rm web bundle exec rake test",
        "./gradlew check",
        "cargo test --profile ci",
        'dotnet test ./test --logger "trx;LogFileName=unit-test-results.trx"',
        "mix test",
        "make test",
        "script/test",
    ],
)
def test_a_command_that_runs_tests_on_a_change_is_ci(check: Check, command: str) -> None:
    assert status(check({**TESTED, **running(command)}), "ci-tests") is Status.PRESENT


@pytest.mark.parametrize(
    "command",
    [
        "npm run lint",
        "npm run test:types",
        "npm ci",
        "pip install pytest",
        "npx playwright install --with-deps",
        "cargo test --no-run",
        "mvn package -DskipTests",
        "test -f package.json",
        "echo run pytest",
        "mkdir -p test-results",
        "docker build -t test .",
        "bundle exec rake assets:precompile",
        "git diff --exit-code test",
    ],
)
def test_commands_that_only_look_like_tests_are_none(check: Check, command: str) -> None:
    assert status(check({**TESTED, **running(command)}), "ci-tests") is Status.ABSENT


def test_uploading_test_results_runs_nothing(check: Check) -> None:
    steps = "      - name: Upload test results\n        uses: actions/upload-artifact@v4\n"
    assert status(check({**TESTED, ".github/workflows/ci.yml": workflow(steps)}), "ci-tests") is Status.ABSENT


@pytest.mark.parametrize(
    "files",
    [
        running("npm test", on="{schedule: [{cron: '0 5 * * *'}]}"),
        running("npm test || true"),
        running("npm test", job="    continue-on-error: true\n"),
    ],
)
def test_tests_that_may_fail_or_come_late_are_half_of_it(check: Check, files: dict[str, str]) -> None:
    assert status(check({**TESTED, **files}), "ci-tests") is Status.PARTIAL


def test_a_job_that_never_runs_tests_nothing(check: Check) -> None:
    assert status(check({**TESTED, **running("npm test", job="    if: false\n")}), "ci-tests") is Status.ABSENT


def test_what_cannot_be_seen_through_is_a_question(check: Check) -> None:
    elsewhere = "on: push\njobs:\n  check:\n    uses: acme/ci/.github/workflows/node.yml@main\n"
    assert status(check({**TESTED, ".github/workflows/ci.yml": elsewhere}), "ci-tests") is Status.NOT_SEEN
    assert status(check({**TESTED, ".github/workflows/tests.yml": elsewhere}), "ci-tests") is Status.PRESENT
    assert status(check({**TESTED, ".teamcity/settings.kts": "version = 1\n"}), "ci-tests") is Status.NOT_SEEN
    assert status(check(TESTED), "ci-tests") is Status.ABSENT


def test_a_script_that_was_read_hides_nothing(check: Check) -> None:
    built = running("./build.sh --release", on="push")
    assert status(check({**TESTED, **built}), "ci-tests") is Status.NOT_SEEN
    assert status(check({**TESTED, **built, "build.sh": "#!/bin/sh\ndocker build .\n"}), "ci-tests") is Status.ABSENT


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            ".circleci/config.yml",
            "version: 2.1\norbs: {node: circleci/node@5}\nworkflows: {all: {jobs: [node/test]}}\n",
            Status.PRESENT,
        ),
        (
            ".circleci/config.yml",
            "version: 2.1\norbs: {aws: circleci/aws-cli@5}\nworkflows: {all: {jobs: [aws/setup]}}\n",
            Status.ABSENT,
        ),
        ("Jenkinsfile", "buildPlugin(useContainerAgent: true)\n", Status.PRESENT),
        (".cirrus.yml", "unit_task:\n  script: npm test\n", Status.PRESENT),
        ("buildspec.yml", "phases: {build: {commands: [npm test]}}\n", Status.PARTIAL),
        (".build.yml", "tasks: [{all: npm test}]\n", Status.PRESENT),
    ],
)
def test_tests_run_in_any_system(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**TESTED, path: text}), "ci-tests") is expected


def test_a_convex_test_set_up_in_one_place_is_a_stand_in(check: Check) -> None:
    convex = {"package.json": node("convex"), "convex/test.setup.ts": "export const t = convexTest(schema, modules);\n"}
    assert status(check({**TESTED, **convex}), "integration-tests") is Status.PARTIAL


def test_a_store_beside_the_tests_makes_them_integration_tests(check: Check) -> None:
    service = "    services:\n      db:\n        image: postgres:17\n"
    assert status(check({**TESTED, **running("npm test", job=service)}), "integration-tests") is Status.PRESENT
    assert status(check({**TESTED, **running("npm run lint", job=service)}), "integration-tests") is Status.ABSENT
    started = workflow("      - run: docker compose up -d db\n      - run: npm test\n")
    assert status(check({**TESTED, ".github/workflows/ci.yml": started}), "integration-tests") is Status.PRESENT


def test_a_container_started_by_the_tests_is_a_real_store(check: Check) -> None:
    installed = {**TESTED, "package.json": node(development="@testcontainers/postgresql")}
    used = {"test/db.test.js": "const db = await new PostgreSqlContainer().start();\n"}
    assert status(check({**installed, **used}), "integration-tests") is Status.PRESENT
    drawn = {"test/chart.test.js": "render(<ResponsiveContainer />);\n"}
    assert status(check({**installed, **drawn}), "integration-tests") is Status.ABSENT


def test_a_stand_in_for_the_store_is_half_of_it(check: Check) -> None:
    memory = {"test/db.test.js": "const db = new Database(':memory:');\n"}
    assert status(check({**TESTED, **memory}), "integration-tests") is Status.PARTIAL


def test_rails_tests_go_to_the_database_that_is_configured(check: Check) -> None:
    helper = {"spec/rails_helper.rb": "RSpec.configure do |config|\n  config.use_transactional_fixtures = true\nend\n"}
    assert status(check({**RAILS, **helper}), "integration-tests") is Status.PRESENT


@pytest.mark.parametrize(
    ("name", "command", "on", "expected"),
    [
        ("preview.yml", "npx netlify deploy --dir dist", "pull_request", Status.PRESENT),
        ("deploy-pr.yml", "docker build -t shop:pr .", "pull_request", Status.PRESENT),
        ("preview-docs.yml", "npx netlify deploy --dir site", "pull_request", Status.NOT_SEEN),
        ("storybook.yml", "npx netlify deploy --dir storybook", "pull_request", Status.NOT_SEEN),
        ("deploy.yml", "kubectl apply -f k8s", "push", Status.ABSENT),
        ("ci.yml", "npm test", "pull_request", Status.NOT_SEEN),
    ],
)
def test_a_preview_is_a_deployment_of_the_pull_request(check: Check, name: str, command: str, on: str, expected: Status) -> None:
    files = {**TESTED, f".github/workflows/{name}": workflow(f"      - run: {command}\n", on)}
    assert status(check(files), "preview-deployments") is expected


def test_a_branch_or_the_host_may_ask_for_the_preview(check: Check) -> None:
    deploying = workflow("      - run: ./bin/create_review_app.sh\n", "{push: {branches: ['review-app-*']}}")
    assert status(check({**TESTED, ".github/workflows/review.yml": deploying}), "preview-deployments") is Status.PRESENT
    steady = workflow("      - run: ./bin/deploy.sh\n", "{push: {branches: [preview]}}")
    assert status(check({**TESTED, ".github/workflows/ship.yml": steady}), "preview-deployments") is not Status.PRESENT
    tried = workflow("      - run: npx playwright test\n", "deployment_status")
    assert status(check({**TESTED, ".github/workflows/e2e.yml": tried}), "preview-deployments") is Status.PRESENT
    live = workflow(
        "      - run: npx playwright test\n", "deployment_status", "    if: github.event.deployment.environment == 'Production'\n"
    )
    assert status(check({**TESTED, ".github/workflows/e2e.yml": live}), "preview-deployments") is not Status.PRESENT


PLAYWRIGHT = {
    "package.json": node(development="@playwright/test"),
    "playwright.config.ts": "export default defineConfig({});\n",
    "e2e/login.spec.ts": "test('signs in', async ({ page }) => { await page.goto('/'); });\n",
}


def test_browser_tests_count_when_ci_runs_them(check: Check) -> None:
    assert status(check({**TESTED, **PLAYWRIGHT}), "e2e-smoke-tests") is Status.PARTIAL
    assert status(check({**TESTED, **PLAYWRIGHT, **running("npm test")}), "e2e-smoke-tests") is Status.PARTIAL
    assert status(check({**TESTED, **PLAYWRIGHT, **running("npx playwright test")}), "e2e-smoke-tests") is Status.PRESENT


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("./gradlew :web:runE2eTests --info", Status.PRESENT),
        ("./gradlew test endToEndTest", Status.PRESENT),
        ("mvn verify -P ci,e2e", Status.PRESENT),
        ("./gradlew installE2eTools", Status.PARTIAL),
    ],
)
def test_a_build_tool_of_java_may_run_the_browser(check: Check, command: str, expected: Status) -> None:
    assert status(check({**TESTED, **PLAYWRIGHT, **running(command)}), "e2e-smoke-tests") is expected


@pytest.mark.parametrize(
    ("package", "script", "expected"),
    [
        ("backend", "jest --config jest-e2e.json", Status.PARTIAL),
        ("backend", "playwright test -c ../frontend", Status.PRESENT),
        ("frontend", "jest --config jest-e2e.json", Status.PRESENT),
    ],
)
def test_what_is_called_end_to_end_may_drive_no_browser(check: Check, package: str, script: str, expected: Status) -> None:
    files = {
        "package.json": '{"name": "shop", "private": true, "workspaces": ["backend", "frontend"]}',
        "backend/package.json": node(),
        "frontend/package.json": node(development="@playwright/test"),
        "frontend/playwright.config.ts": "export default defineConfig({});\n",
        "frontend/e2e/login.spec.ts": PLAYWRIGHT["e2e/login.spec.ts"],
        "backend/server.js": NODE["server.js"],
        **running(f"yarn test:e2e --filter={package}"),
    }
    files[f"{package}/package.json"] = (
        files[f"{package}/package.json"]
        .replace('"private"', f'"scripts": {{"test:e2e": "{script}"}}, "private"')
        .replace('"shop"', f'"{package}"')
    )
    assert status(check(files), "e2e-smoke-tests") is expected


def test_a_browser_that_makes_documents_tests_nothing(check: Check) -> None:
    pdf = {"package.json": node("playwright"), "pdf.js": "const page = await browser.newPage(); await page.goto(url);\n"}
    assert status(check({**TESTED, **pdf, **running("npm test")}), "e2e-smoke-tests") is Status.ABSENT


def test_a_job_called_end_to_end_is_half_of_it_without_a_browser(check: Check) -> None:
    named = {".github/workflows/e2e.yml": workflow("      - run: node shots/run.js\n", "workflow_dispatch")}
    assert status(check({**TESTED, **named}), "e2e-smoke-tests") is Status.PARTIAL
    assert (
        status(check({**TESTED, ".github/workflows/x.yml": named[".github/workflows/e2e.yml"]}), "e2e-smoke-tests")
        is Status.ABSENT
    )


def test_an_api_is_tried_by_requests(check: Check) -> None:
    api = {
        "requirements.txt": "fastapi==0.1\nsqlalchemy==2.0\n",
        "app/main.py": "app = FastAPI()\n",
        "Dockerfile": "FROM python\nCMD uvicorn app.main:app\n",
        "tests/test_orders.py": "def test_order():\n    assert True\n",
    }
    assert status(check(api), "e2e-smoke-tests") is Status.NOT_APPLICABLE
    assert status(check({**api, "requests/order.hurl": "GET http://localhost/\n"}), "e2e-smoke-tests") is Status.PARTIAL
    assert status(check({**api, "tests_smoke/send.py": "send()\n"}), "e2e-smoke-tests") is Status.PARTIAL
    assert status(check({**api, "app/smoke/chimney.py": "send()\n"}), "e2e-smoke-tests") is Status.NOT_APPLICABLE
    run = {".github/workflows/e2e.yml": workflow("      - run: pytest tests/flows\n")}
    assert status(check({**api, **run}), "e2e-smoke-tests") is Status.PRESENT


def test_features_without_a_browser_are_half_of_it(check: Check) -> None:
    gems = RAILS["Gemfile"] + 'group :test do\n  gem "capybara"\nend\n'
    feature = {"Gemfile": gems, "spec/features/buy_spec.rb": "it 'buys' do\n  visit '/'\nend\n", **running("bundle exec rspec")}
    assert status(check({**RAILS, **feature}), "e2e-smoke-tests") is Status.PARTIAL
    driven = gems.replace('"capybara"', '"capybara"\n  gem "selenium-webdriver"')
    browser = {"Gemfile": driven, "spec/system/buy_spec.rb": "it 'buys' do\n  visit '/'\nend\n"}
    assert status(check({**RAILS, **feature, **browser}), "e2e-smoke-tests") is Status.PRESENT


@pytest.mark.parametrize(
    ("dependencies", "text", "expected"),
    [
        ("unleash-client", "if (unleash.isEnabled('checkout')) {}\n", Status.PRESENT),
        ("unleash-client", "", Status.PARTIAL),
        ("posthog-js", "posthog.capture('paid');\n// posthog.isFeatureEnabled('checkout')\n", Status.ABSENT),
        ("posthog-js", "if (posthog.isFeatureEnabled('checkout')) {}\n", Status.PRESENT),
        ("flags", "const options = flags.parse();\n", Status.ABSENT),
        ("country-flag-icons", "isEnabled('fr');\n", Status.ABSENT),
        ("", "const on = process.env.ENABLE_CHECKOUT === 'true';\n", Status.PARTIAL),
        ("", "const ssl = process.env.MYSQL_USE_SSL;\n", Status.ABSENT),
        ("", "export const INVOICE = process.env.FF_INVOICE === 'true';\n", Status.PARTIAL),
        ("", "const url = process.env.FF_FEED_URL;\n", Status.ABSENT),
    ],
)
def test_flags_are_asked_and_can_be_turned_elsewhere(check: Check, dependencies: str, text: str, expected: Status) -> None:
    assert status(check({**NODE, "package.json": node(dependencies), "flags.js": text}), "feature-flags") is expected


def test_a_table_of_flags_that_is_asked_is_a_flag_system(check: Check) -> None:
    table = {"migrations/1.sql": "CREATE TABLE feature_flags (key text, enabled boolean);\n"}
    asked = {"flags.js": "if (await isFeatureEnabled('checkout')) {}\n"}
    assert status(check({**NODE, **table, **asked}), "feature-flags") is Status.PRESENT
    assert status(check({**NODE, **table}), "feature-flags") is Status.ABSENT


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("## How I tested this\n", Status.PARTIAL),
        ("## What changed\n", Status.NOT_SEEN),
        ("<!-- ## How I tested this -->\n", Status.NOT_SEEN),
    ],
)
def test_a_template_can_only_ask_for_evidence(check: Check, template: str, expected: Status) -> None:
    assert status(check({**TESTED, ".github/pull_request_template.md": template}), "manual-test-evidence") is expected
    assert status(check(TESTED), "manual-test-evidence") is Status.NOT_SEEN, "an organisation's own template is not here"


def test_a_workflow_in_a_folder_that_github_does_not_read_drives_no_browser(check: Check) -> None:
    workflow = "jobs:\n  e2e:\n    steps:\n      - run: npx playwright test\n"
    assert status(check({**TESTED, "web/.github/workflows/e2e.yml": workflow}), "e2e-smoke-tests") is Status.ABSENT
    assert status(check({**TESTED, "web/tools/e2e.yml": workflow}, "acme+tools"), "e2e-smoke-tests") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("second", "expected"), [(".expectStatus().isForbidden", Status.PRESENT), (".expectStatus().isOk", Status.NOT_SEEN)]
)
def test_one_test_may_tell_strangers_from_those_who_may_not(check: Check, second: str, expected: Status) -> None:
    users = {"package.json": node("passport")}
    both = {"src/test/kotlin/OrdersTest.kt": f"client.get().expectStatus().isUnauthorized\nclient.get(){second}\n"}
    assert status(check({**TESTED, **users, **both}), "critical-path-tests") is expected


def test_refusals_and_money_are_both_tested_where_both_matter(check: Check) -> None:
    users = {"package.json": node("passport")}
    refused = {
        f"test/{name}.test.js": "it('is refused', () => expect(response.status).toBe(403));\n" for name in ("orders", "teams")
    }
    paid = {"package.json": node("passport stripe")}
    assert status(check({**TESTED, **users, **refused}), "critical-path-tests") is Status.PRESENT
    assert status(check({**TESTED, **paid, **refused}), "critical-path-tests") is Status.PARTIAL
    amounts = {"test/refund.test.js": "it('pays back', () => expect(refund(5)).toBe(5));\n"}
    assert status(check({**TESTED, **paid, **refused, **amounts}), "critical-path-tests") is Status.PRESENT
    kept = {"shop/billing/tests/test_events.py": "def test_total():\n    assert total(order) == 5\n"}
    assert status(check({**TESTED, **paid, **refused, **kept}, "acme+kept"), "critical-path-tests") is Status.PRESENT
    shown = {"src/billing/card.test.tsx": "it('shows a card', () => render(card));\n"}
    assert status(check({**TESTED, **paid, **refused, **shown}, "acme+shown"), "critical-path-tests") is Status.PARTIAL
    assert status(check({**TESTED, **users}), "critical-path-tests") is Status.NOT_SEEN


def test_benchmarks_count_in_full_when_they_are_compared(check: Check) -> None:
    measured = {"package.json": node(development="size-limit")}
    assert status(check({**TESTED, **measured}), "performance-regression-tests") is Status.PARTIAL
    assert status(check({**TESTED, **measured, **running("npx size-limit")}), "performance-regression-tests") is Status.PRESENT
    assert status(check(TESTED), "performance-regression-tests") is Status.ABSENT


@pytest.mark.parametrize(
    ("needs", "expected"),
    [("django==5.2\n", Status.PRESENT), ("django==5.2\npsycopg==3\n", Status.PARTIAL)],
)
def test_sqlite_is_the_real_store_where_there_is_no_other(check: Check, needs: str, expected: Status) -> None:
    files = {
        "requirements.txt": needs,
        "manage.py": "execute_from_command_line()\n",
        "web/urls.py": "urlpatterns = []\n",
        "shop/settings.py": "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n",
        "shop/tests/test_orders.py": "from django.test import TestCase\nclass OrderTest(TestCase): ...\n",
        ".github/workflows/ci.yml": "on: [push]\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: pytest\n",
    }
    assert status(check(files), "integration-tests") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("const on = process.env.SHOP_ENABLE_CHECKOUT;\n", Status.NOT_SEEN),
        ("const on = process.env.SHOP_CHECKOUT;\n", Status.ABSENT),
    ],
)
def test_a_switch_in_the_environment_is_a_question(check: Check, line: str, expected: Status) -> None:
    assert status(check({**NODE, "checkout.js": line}), "feature-flags") is expected


@pytest.mark.parametrize(("name", "expected"), [("checkout.enabled", Status.NOT_SEEN), ("checkout.currency", Status.ABSENT)])
def test_a_switch_in_a_configuration_is_a_question(check: Check, name: str, expected: Status) -> None:
    files = {
        "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
        "src/main/java/App.java": f'@SpringBootApplication class App {{ boolean on = config.getBooleanProperty("{name}", true); }}\n',
    }
    assert status(check(files), "feature-flags") is expected


@pytest.mark.parametrize(
    ("stage", "expected"), [("FROM production AS concourse_tests", Status.NOT_SEEN), ("FROM node AS builder", Status.ABSENT)]
)
def test_an_image_for_tests_is_run_by_somebody(check: Check, stage: str, expected: Status) -> None:
    assert status(check({**TESTED, "Dockerfile": f"FROM node AS production\n{stage}\nRUN npm ci\n"}), "ci-tests") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (running("flyctl deploy --config fly.staging.toml", on="push"), Status.PRESENT),
        (running("flyctl deploy", on="push", job="    environment: staging\n"), Status.PRESENT),
        (running("npm test", on="push", job="    environment: staging\n"), Status.NOT_SEEN),
        (running("python3 ship.py", on="push", job="    name: Deploy to staging\n"), Status.PRESENT),
        (running("python3 ship.py", on="push", job="    name: Prepare staging\n"), Status.NOT_SEEN),
        (running("curl -fsS https://staging.shop.example/up", on="push"), Status.PRESENT),
        (running("curl -fsS https://shop.example/staging", on="push"), Status.NOT_SEEN),
        ({"tfc/web.tf": 'module "web" {\n  workspace_name = "web-staging"\n  vcs_repo = {\n  }\n}\n'}, Status.PRESENT),
        ({"tfc/web.tf": 'module "web" {\n  workspace_name = "web-production"\n  vcs_repo = {\n  }\n}\n'}, Status.NOT_SEEN),
        ({"chart/values-staging.yaml": "replicas: 1\n"}, Status.PARTIAL),
        ({"models/staging/orders.sql": "select 1\n"}, Status.NOT_SEEN),
    ],
)
def test_staging_is_deployed_to(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**TESTED, **files}), "staging-environment") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"monitor.tf": 'resource "pingdom_check" "home" {\n}\n'}, Status.PRESENT),
        ({"health.js": "app.get('/healthz', (request, response) => response.send('ok'));\n"}, Status.PARTIAL),
        ({"Dockerfile": "FROM node\nHEALTHCHECK CMD curl -f http://localhost/\n"}, Status.PARTIAL),
        ({"composer.json": "{}", "bootstrap/app.php": "<?php\nreturn $app->withRouting(health: '/up');\n"}, Status.PARTIAL),
        ({"menu.js": "const keys = { up: move, ping: twoFactor };\nfetch('https://pdf.example/health');\n"}, Status.NOT_SEEN),
    ],
)
def test_health_is_asked_from_outside_or_at_least_served(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**TESTED, **files}), "uptime-checks") is expected


def test_data_is_verified_on_a_schedule(check: Check) -> None:
    job = {"src/jobs/stock-consistency.js": "export default { cron: '0 3 * * *', run };\n"}
    assert status(check({**TESTED, **job}), "data-integrity-checks") is Status.PRESENT
    command = {"lib/tasks/verify_stock.rake": "task verify_stock: :environment do\nend\n"}
    assert status(check({**TESTED, **command}), "data-integrity-checks") is Status.PARTIAL
    registered = {"src/tasks.py": 'config.add_periodic_task(crontab(minute="*/15"), reconcile_file_storages)\n'}
    assert status(check({**TESTED, **registered}), "data-integrity-checks") is Status.PRESENT
    hosted = {"vercel.json": '{"crons": [{"path": "/api/cron/reconcile-payouts", "schedule": "0 3 * * *"}]}\n'}
    assert status(check({**TESTED, **hosted}), "data-integrity-checks") is Status.PRESENT
    listed = {"config/recurring.yml": "nightly:\n  class: RecalculateBalancesJob\n  schedule: every night\n"}
    assert status(check({**TESTED, **listed}), "data-integrity-checks") is Status.PRESENT
    mail = {"src/jobs/verify-email.js": "export default { cron: '0 3 * * *', run };\n"}
    assert status(check({**TESTED, **mail}), "data-integrity-checks") is Status.NOT_SEEN


def test_what_dbt_checks_counts_in_full_where_it_is_built(check: Check) -> None:
    models = {
        "dbt_project.yml": "name: shop\n",
        "models/orders.sql": "select 1\n",
        "load.py": "import dbt\n",
        "models/orders.yml": "models:\n  - name: orders\n    data_tests:\n      - unique\nunit_tests:\n  - name: adds\n",
    }
    assert status(check(models), "data-integrity-checks") is Status.PARTIAL
    assert status(check(models), "unit-tests") is Status.PARTIAL
    assert status(check({**models, **running("dbt build --target ci")}), "data-integrity-checks") is Status.PRESENT


def test_a_flag_service_asked_all_over_is_a_flag_system(check: Check) -> None:
    asked = {f"src/Page{number}.cs": "if (_featureService.IsEnabled(Keys.A)) { }\n" for number in range(5)}
    assert status(check({**TESTED, **asked}), "feature-flags") is Status.PRESENT
    one = {"src/Page.cs": "if (_featureService.IsEnabled(FeatureFlags.A)) { }\n"}
    assert status(check({**TESTED, **one}), "feature-flags") is Status.PARTIAL


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("src/Engine.cs", "if (await _features.FeatureEnabled(Names.Checkout)) { }\n", Status.PARTIAL),
        ("src/panel.js", "if (isFeatureEnabled('checkout')) show();\n", Status.PARTIAL),
        ("src/licence/panel.js", "if (isFeatureEnabled('checkout')) show();\n", Status.NOT_SEEN),
        ("src/license.js", "if (isFeatureEnabled('checkout')) show();\n", Status.NOT_SEEN),
        ("main.go", "if conf.Server.DevShowArtistPage {\n}\n", Status.PARTIAL),
        ("main.go", "if conf.Server.DevEnableProfiler {\n}\n", Status.ABSENT),
        ("main.go", "if conf.Server.DevEnableProfiler || conf.Server.ExperimentalSearch {\n}\n", Status.PARTIAL),
        ("main.go", "wait(conf.Server.DevInsightsDelay)\n", Status.ABSENT),
        ("src/page.js", "if (options.experimentalCheckout && user) show();\n", Status.PARTIAL),
        ("src/build.js", "nextConfig.experimental.serverActions = {};\n", Status.ABSENT),
        ("shop/settings.py", "SIGNUP = extract_bool('ENABLE_SIGNUP', False)\n", Status.PARTIAL),
        ("shop/settings.py", "DEBUG = extract_bool('ENABLE_DEBUG_TOOLBAR', False)\n", Status.ABSENT),
        ("src/server.js", "if (process.env.ENABLE_TRACING) trace();\n", Status.ABSENT),
        ("src/server.js", "if (process.env.ENABLE_CHECKOUT) sell();\n", Status.PARTIAL),
    ],
)
def test_a_switch_is_half_a_flag_and_one_for_diagnostics_none(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**TESTED, path: text}), "feature-flags") is expected


def test_queries_counted_in_a_test_are_a_measurement(check: Check) -> None:
    counted = {"tests/test_views.py": "with CaptureQueriesContext(connection) as captured:\n    pass\n"}
    assert status(check({**TESTED, **counted}), "performance-regression-tests") is Status.PARTIAL
    bench = {"Cargo.toml": '[package]\nname = "x"\n', **running("cargo xtask bench --dashboard-url x", on="push")}
    assert status(check({**TESTED, **bench}), "performance-regression-tests") is Status.PRESENT


@pytest.mark.parametrize(
    ("path", "text", "expected", "guards"),
    [
        ("tests/test_plan.py", "plan = run('EXPLAIN ' + sql)\nassert 'Seq Scan' not in plan\n", Status.PARTIAL, True),
        (
            "test/plan.test.js",
            "const plan = await db.query(`explain ${sql}`);\nexpect(plan).toContain('Index Scan');\n",
            Status.PARTIAL,
            True,
        ),
        ("test/plan.test.js", "it('can explain it', () => expect(text).toBe('using index'));\n", Status.ABSENT, False),
        ("test/plan.test.js", "const plan = await db.query(`explain ${sql}`);\n", Status.ABSENT, False),
        ("test/orders.test.js", "expect(queryCount).toBe(2);\n", Status.PARTIAL, False),
        ("test/search.test.js", "expect(queries.length).toBe(2);\n", Status.ABSENT, False),
    ],
)
def test_a_plan_that_is_read_guards_speed(check: Check, path: str, text: str, expected: Status, guards: bool) -> None:
    seen = check({**TESTED, "schema.sql": "CREATE INDEX o ON orders (shop);\n", path: text})
    assert status(seen, "performance-regression-tests") is expected
    assert (status(seen, "indexed-queries") is Status.PRESENT) is guards


SCAFFOLD = """
import * as request from 'supertest';
import { AppModule } from './../src/app.module';
it('/ (GET)', () => request(app.getHttpServer()).get('/').expect(200).expect('Hello World!'));
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"test/app.e2e-spec.ts": SCAFFOLD}, Status.ABSENT),
        ({"test/app.e2e-spec.ts": SCAFFOLD, "test/orders.e2e-spec.ts": SCAFFOLD}, Status.PARTIAL),
        ({"test/orders.test.js": "await prisma.order.deleteMany();\nawait request(app).get('/');\n"}, Status.PARTIAL),
        ({f"test/{name}.test.js": "await request(app).get('/');\n" for name in "ab"}, Status.NOT_SEEN),
    ],
)
def test_asking_a_handler_is_no_integration_test(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**TESTED, "package.json": node("", "supertest"), **files}), "integration-tests") is expected


def test_an_experiment_branches_on_its_variant(check: Check) -> None:
    users = node("passport @growthbook/growthbook-react")
    asked = {"page.js": "const { variant } = useExperiment('checkout');\n"}
    assert status(check({**TESTED, "package.json": users, **asked}), "ab-experiments") is Status.PRESENT
    assert status(check({**TESTED, "package.json": users}), "ab-experiments") is Status.PARTIAL
    assert (
        status(check({**TESTED, "package.json": node("passport class-variance-authority")}), "ab-experiments") is Status.NOT_SEEN
    )


@pytest.mark.parametrize(
    ("packages", "text", "expected"),
    [
        ("passport posthog-node", "if (bannerVariant === 'test') show();\n", Status.PARTIAL),
        ("passport posthog-node", "if (variant === 'outlined') show();\n", Status.NOT_SEEN),
        ("passport", "if (bannerVariant === 'test') show();\n", Status.NOT_SEEN),
    ],
)
def test_a_flag_with_variants_is_half_an_experiment(check: Check, packages: str, text: str, expected: Status) -> None:
    assert status(check({**TESTED, "package.json": node(packages), "page.js": text}), "ab-experiments") is expected


def test_an_experiment_of_ones_own_is_recorded(check: Check) -> None:
    users = {**TESTED, "package.json": node("passport")}
    asked = {f"src/Page{number}.cs": "if (_abTestService.IsEnrolled(user)) { }\n" for number in range(3)}
    assert status(check({**users, **asked}), "ab-experiments") is Status.PARTIAL
    recorded = {"src/Telemetry.cs": "public void Seen() { TrackABTestEvaluated(name, bucket); }\n"}
    assert status(check({**users, **asked, **recorded}, "acme+recorded"), "ab-experiments") is Status.PRESENT
    alike = {f"src/Page{number}.cs": "var found = new LabTest(user); TabTests();\n" for number in range(3)}
    assert status(check({**users, **alike}, "acme+alike"), "ab-experiments") is Status.NOT_SEEN


def test_a_mineral_drives_no_browser(check: Check) -> None:
    named = {"src/nutrients.js": "export const nutrients = ['Copper', 'Selenium'];\n"}
    assert status(check({**TESTED, **named}), "e2e-smoke-tests") is Status.ABSENT
    started = {"docker/browser.sh": "docker run selenium/standalone-chrome\n"}
    assert status(check({**TESTED, **started}, "acme+started"), "e2e-smoke-tests") is Status.NOT_SEEN


ELIXIR = {
    "mix.exs": 'defmodule Shop.MixProject do\n  defp deps do\n    [{:phoenix, "~> 1.8"}, {:ecto_sql, "~> 3.13"}]\n  end\nend\n',
    "lib/shop_web/endpoint.ex": "defmodule ShopWeb.Endpoint do\n  use Phoenix.Endpoint, otp_app: :shop\nend\n",
    "lib/shop_web/router.ex": 'defmodule ShopWeb.Router do\n  use ShopWeb, :router\n  get "/orders", OrderController, :index\nend\n',
    "Dockerfile": "FROM elixir\n",
}


def test_a_module_of_ones_own_for_features_is_half_of_a_flag_system(check: Check) -> None:
    asked = {"lib/shop/orders.ex": "if Features.enabled?(organization), do: pay()\n"}
    assert status(check({**ELIXIR, **asked}), "feature-flags") is Status.PARTIAL
    assert status(check(ELIXIR), "feature-flags") is Status.ABSENT


def test_a_model_of_features_that_is_asked_is_a_flag_system(check: Check) -> None:
    django = {
        "requirements.txt": "django==5.2\n",
        "manage.py": "execute_from_command_line()\n",
        "web/urls.py": "urlpatterns = []\n",
    }
    model = {"shop/models.py": "class Feature(models.Model):\n    pass\n"}
    asked = {"shop/orders.py": "if shop.has_feature(Feature.PAY):\n    pay()\n"}
    assert status(check({**django, **model, **asked}), "feature-flags") is Status.PRESENT
    assert status(check({**django, **model}), "feature-flags") is Status.ABSENT


def test_queries_counted_in_an_elixir_test_are_a_measurement(check: Check) -> None:
    counted = {"test/orders_test.exs": 'test "lists" do\n  queries = capture_queries(fn -> list() end)\nend\n'}
    assert status(check({**ELIXIR, **counted}), "performance-regression-tests") is Status.PARTIAL


def test_a_size_limit_of_ones_own_counts_where_a_script_holds_it(check: Check) -> None:
    limit = {"scripts/size-limit.mjs": "if (size > limit) process.exit(1);\n"}
    manifest = node().replace('"private"', '"scripts": {"postbuild": "node scripts/size-limit.mjs"}, "private"')
    assert status(check({**TESTED, **limit, "package.json": manifest}), "performance-regression-tests") is Status.PRESENT
    assert status(check({**TESTED, **limit}), "performance-regression-tests") is Status.ABSENT


COMPOSE = "services:\n  db:\n    image: postgres:17\n"


@pytest.mark.parametrize(
    ("scripts", "files", "expected"),
    [
        (
            '"cypress:run": "docker compose -f cypress/docker-compose.yml up"',
            {"cypress/docker-compose.yml": COMPOSE},
            Status.PRESENT,
        ),
        ('"start": "node ."', {"cypress/docker-compose.yml": COMPOSE}, Status.PARTIAL),
        ('"start": "node ."', {"cypress/docker-compose.yml": "services:\n  web:\n    image: nginx\n"}, Status.NOT_SEEN),
        ('"test": "./with-test-db.sh jest"', {"with-test-db.sh": "docker compose -f db.yml up --wait db\n"}, Status.PRESENT),
        ('"test": "./with-test-db.sh jest"', {"with-test-db.sh": "export PORT=1\n"}, Status.ABSENT),
    ],
)
def test_a_suite_may_start_its_own_store(check: Check, scripts: str, files: dict[str, str], expected: Status) -> None:
    manifest = node().replace('"private"', f'"scripts": {{{scripts}}}, "private"')
    assert status(check({**TESTED, **files, "package.json": manifest}), "integration-tests") is expected


def test_browser_tests_in_elixir_and_rust_count(check: Check) -> None:
    mix = ELIXIR["mix.exs"].replace("[{:phoenix", '[{:wallaby, "~> 0.30", only: :test}, {:phoenix')
    feature = {
        "test/features/pays_test.exs": "defmodule PaysTest do\n  use Wallaby.Feature\nend\n",
        "lib/shop_web/index.html.heex": "<p>\n",
    }
    assert status(check({**ELIXIR, "mix.exs": mix, **feature}), "e2e-smoke-tests") is Status.PARTIAL


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ('app.MapHealthChecks("/health");\n', Status.PARTIAL),
        ('if (app.Environment.IsDevelopment())\n{\n    app.MapHealthChecks("/health");\n}\n', Status.NOT_SEEN),
        ("builder.Services.AddHealthChecks();\n", Status.NOT_SEEN),
    ],
)
def test_a_health_endpoint_exists_where_it_is_deployed(check: Check, program: str, expected: Status) -> None:
    files = {
        "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
        "Program.cs": f"var app = WebApplication.CreateBuilder(args).Build();\n{program}",
        "Procfile": "web: dotnet Shop.dll\n",
    }
    assert status(check(files), "uptime-checks") is expected


def test_statements_that_a_test_listens_to_are_counted(check: Check) -> None:
    listened = "listen(Engine, 'before_cursor_execute', seen)\n\n\ndef before_cursor_execute(*given): seen.append(given)\n"
    assert status(check({**TESTED, "tests/conftest.py": listened}), "performance-regression-tests") is Status.PARTIAL
    assert status(check({**TESTED, "app/db.py": listened}, "acme+app"), "performance-regression-tests") is Status.ABSENT


@pytest.mark.parametrize(
    ("name", "expected"),
    [("check-for-missing-rows", Status.PRESENT), ("report-mismatches", Status.PRESENT), ("send-missing-mails", Status.NOT_SEEN)],
)
def test_looking_for_what_is_missing_verifies_data(check: Check, name: str, expected: Status) -> None:
    beat = {"src/config.py": f'schedule = {{"nightly": {{"task": "{name}", "schedule": crontab(hour=3)}}}}\n'}
    assert status(check({**TESTED, **beat}), "data-integrity-checks") is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("tests/conftest.py", Status.PRESENT), ("app/setup.py", Status.ABSENT), ("tests/test_parser.py", Status.ABSENT)],
)
def test_tests_that_make_their_database_reach_one(check: Check, path: str, expected: Status) -> None:
    made = {path: "connection.execute(text(f'CREATE DATABASE {name}'))\n"}
    assert status(check({**TESTED, **made}), "integration-tests") is expected


SPRING = {
    "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
    "<artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
    "src/main/java/acme/App.java": "@SpringBootApplication\nclass App {}\n",
    "Dockerfile": "FROM eclipse-temurin\n",
}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("List.kt", 'class A(@Value("\\${catalogue.show-drafts}") private val drafts: Boolean)\n', Status.PARTIAL),
        ("List.java", 'class A {\n  @Value("${feature.drafts:false}")\n  private boolean drafts;\n}\n', Status.PARTIAL),
        ("List.java", '@ConditionalOnProperty("experimental.drafts")\nclass A {}\n', Status.PARTIAL),
        ("List.java", 'class A {\n  @Value("${orders.show-sql}")\n  private boolean sql;\n}\n', Status.ABSENT),
        ("List.java", 'class A {\n  @Value("${feature.limit}")\n  private int limit;\n}\n', Status.ABSENT),
        ("List.java", 'class A {\n  @Value("${bookings.enabled}")\n  private boolean on;\n}\n', Status.NOT_SEEN),
        ("List.java", '@ConditionalOnProperty("shop.storage.s3")\nclass A {}\n', Status.ABSENT),
    ],
    ids=["Kotlin", "Java", "a bean", "says more of itself", "a number", "only in doubt", "a store"],
)
def test_springs_properties_may_be_switches(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**SPRING, f"src/main/java/acme/{path}": text}), "feature-flags") is expected


def test_tests_within_what_an_orb_is_handed_run_on_each_change(check: Check) -> None:
    config = (
        "version: 2.1\norbs:\n  gradle: circleci/gradle@4.1\njobs:\n  build:\n    docker:\n      - image: cimg/openjdk:21.0\n"
        "      - image: cimg/postgres:16.0\n    steps:\n      - checkout\n      - gradle/with_cache:\n          steps:\n"
        "            - run: ./gradlew {}\nworkflows:\n  main:\n    jobs:\n      - build\n"
    )
    spring = {
        **SPRING,
        "pom.xml": SPRING["pom.xml"].replace(
            "</dependencies>",
            "<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency></dependencies>",
        ),
        "src/test/java/acme/AppTest.java": "class AppTest { @Test void adds() { assertEquals(1, 1); } }\n",
    }
    judged = check({**spring, ".circleci/config.yml": config.format("check")})
    assert (status(judged, "ci-tests"), status(judged, "integration-tests")) == (Status.PRESENT, Status.PRESENT)
    judged = check({**spring, ".circleci/config.yml": config.format("jar")}, "acme+jar")
    assert status(judged, "ci-tests") is Status.ABSENT


@pytest.mark.parametrize(
    ("column", "places", "expected"),
    [
        ('t.boolean "enable_exports"', 3, Status.PRESENT),
        ('t.boolean "enable_exports"', 2, Status.ABSENT),
        ('t.string "enable_exports"', 3, Status.ABSENT),
    ],
    ids=["asked in many places", "in few", "no switch"],
)
def test_a_row_of_switches_is_a_table_of_flags(check: Check, column: str, places: int, expected: Status) -> None:
    schema = f'create_table "settings" do |t|\n  t.string "title"\n  {column}, default: false\nend\n'
    asked = {f"app/models/part{n}.rb": "return unless Setting.enable_exports?\n" for n in range(places)}
    assert status(check({**RAILS, "db/schema.rb": schema, **asked}), "feature-flags") is expected


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("check_balance_integrity", Status.PARTIAL),
        ("checkBalanceConsistency", Status.PARTIAL),
        ("verify_integrity", Status.PARTIAL),
        ("checkbox_integrity", Status.NOT_SEEN),
    ],
)
def test_a_check_of_integrity_is_no_checkbox(check: Check, method: str, expected: Status) -> None:
    rails = {**RAILS, "app/models/order.rb": f"class Order\n  def {method}\n  end\nend\n"}
    assert status(check(rails), "data-integrity-checks") is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("terraform/watch.tf", 'module "watch" {\n  source = "./modules/monitoring/statuscake"\n}\n', Status.PRESENT),
        ("terraform/watch.tf", 'module "watch" {\n  source = "./modules/monitoring/dashboards"\n}\n', Status.NOT_SEEN),
        ("src/app/api/heartbeat/route.ts", "export async function GET() { return ok(); }\n", Status.PARTIAL),
        ("src/app/api/orders/route.ts", "export async function GET() { return ok(); }\n", Status.NOT_SEEN),
    ],
)
def test_a_module_may_watch_from_outside(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**NODE, path: text}), "uptime-checks") is expected


@pytest.mark.parametrize(
    ("imported", "expected"),
    [("github.com/gruntwork-io/terratest/modules/k8s", Status.PRESENT), ("k8s.io/client-go", Status.PARTIAL)],
)
def test_terratest_tries_what_terraform_defines(check: Check, imported: str, expected: Status) -> None:
    defined = {f"terraform/part{n}.tf": 'resource "aws_s3_bucket" "a" {\n}\n' for n in range(20)}
    case = f'package test\n\nimport "{imported}"\n\nvar _ = Describe("names", func() {{\n\tIt("exists", func() {{}})\n}})\n'
    assert status(check({**defined, **{f"test/part{n}_test.go": case for n in range(6)}}), "unit-tests") is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app/Checks/StatisticsIntegrityCheck.php", Status.PARTIAL),
        ("app/tasks/balance_consistency_check.rb", Status.PARTIAL),
        ("app/Checks/ImageIntegrityCheck.php", Status.NOT_SEEN),
        ("app/Checks/StatisticsCheck.php", Status.NOT_SEEN),
    ],
)
def test_a_check_that_is_named_for_consistency_is_half_of_it(check: Check, path: str, expected: Status) -> None:
    assert status(check({**NODE, path: "# compares the sums\n"}), "data-integrity-checks") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  checkoutEnabled: ${CHECKOUT_ENABLED:-false}\n", Status.NOT_SEEN),
        ("  checkoutUrl: ${CHECKOUT_URL}\n", Status.ABSENT),
    ],
)
def test_a_switch_in_the_configuration_is_a_question(check: Check, line: str, expected: Status) -> None:
    assert status(check({**NODE, "config/shop.yaml": f"shop:\n{line}"}), "feature-flags") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('describe "mod-only routes" do\n  it { expect(response).to redirect_to("/login") }\nend\n', Status.PRESENT),
        ('it "signs out" do\n  expect(response).to redirect_to("/login")\nend\n', Status.NOT_SEEN),
        ('describe "mod-only routes" do\n  it { expect(response).to be_successful }\nend\n', Status.NOT_SEEN),
    ],
)
def test_who_may_not_may_be_sent_away(check: Check, text: str, expected: Status) -> None:
    assert (
        status(
            check({**RAILS, "Gemfile": 'gem "rails"\ngem "pg"\ngem "devise"\n', "spec/requests/access_spec.rb": text}),
            "critical-path-tests",
        )
        is expected
    )


EMBEDDED = "spec/rails_helper.rb", "config.use_transactional_fixtures = true\n"
PHOENIX = {
    "mix.exs": 'defmodule S do\n  defp deps, do: [{:phoenix, "1"}, {:ecto_sqlite3, "1"}]\nend\n',
    "lib/s_web/endpoint.ex": "defmodule S do\nend\n",
}
AXUM = {
    "Cargo.toml": '[package]\nname="shop"\n[dependencies]\naxum="0.8"\nrusqlite="0.3"\n',
    "src/main.rs": "fn main() { axum::serve(listener, app) }\n",
}


@pytest.mark.parametrize(
    ("files", "command", "expected"),
    [
        ({**RAILS, "Gemfile": 'gem "rails"\ngem "sqlite3"\n', EMBEDDED[0]: EMBEDDED[1]}, "bundle exec rspec", Status.PRESENT),
        ({**RAILS, "Gemfile": 'gem "rails"\ngem "sqlite3"\n'}, "bundle exec rspec", Status.ABSENT),
        ({**PHOENIX, "test/test_helper.exs": "Ecto.Adapters.SQL.Sandbox.mode(S.Repo, :manual)\n"}, "mix test", Status.PRESENT),
        ({**PHOENIX, "test/test_helper.exs": "ExUnit.start()\n"}, "mix test", Status.ABSENT),
        ({**AXUM, "tests/store.rs": "#[test]\nfn a() { Connection::open_in_memory()?; }\n"}, "cargo test", Status.PRESENT),
        # The real store is another one.
        (
            {**AXUM, "Cargo.toml": AXUM["Cargo.toml"] + 'sqlx="0.8"\n', "tests/store.rs": "#[test]\nfn a() { Connection::open_in_memory()?; }\n"},
            "cargo test",
            Status.ABSENT,
        ),
    ],
)  # fmt: skip
def test_each_stack_may_have_sqlite_for_its_real_store(
    check: Check, files: dict[str, str], command: str, expected: Status
) -> None:
    assert status(check({**files, **running(command)}), "integration-tests") is expected


def test_a_status_that_a_plug_answers_is_half_of_a_check(check: Check) -> None:
    plug = 'defmodule SWeb.Up do\n  def call(%Conn{path_info: ["status"]} = conn, _), do: send_resp(conn, 200, "")\nend\n'
    assert status(check({**PHOENIX, "lib/s_web/up.ex": plug}), "uptime-checks") is Status.PARTIAL
    assert status(check({**PHOENIX, "lib/s_web/up.ex": plug.replace("status", "orders")}), "uptime-checks") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("path", "command", "expected"),
    [
        ("gui-tests/home.goml", "just run-gui-tests", Status.PRESENT),
        ("gui-tests/home.goml", "npx eslint .", Status.PARTIAL),
        ("gui-tests/home.txt", "just run-gui-tests", Status.PARTIAL),
    ],
)
def test_pages_of_rust_are_tried_by_scripts_of_their_own(check: Check, path: str, command: str, expected: Status) -> None:
    files = {**NODE, "package.json": node("browser-ui-test"), path: 'go-to: "/"\n', **running(command)}
    assert status(check(files), "e2e-smoke-tests") is expected


@pytest.mark.parametrize(
    ("path", "expected"), [("src/consistency/mod.rs", Status.PARTIAL), ("src/orders/mod.rs", Status.NOT_SEEN)]
)
def test_a_module_for_consistency_that_compares_is_half_of_a_check(check: Check, path: str, expected: Status) -> None:
    compares = "pub async fn run_check(config: &Config, dry_run: bool) -> Result<()> {\n}\n"
    assert status(check({**AXUM, path: compares}), "data-integrity-checks") is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("infrastructure/uat.tfvars", Status.PARTIAL),
        ("charts/shop/values.aat.template.yaml", Status.PARTIAL),
        ("infrastructure/prod.tfvars", Status.NOT_SEEN),
        ("charts/shop/values.yaml", Status.NOT_SEEN),
    ],
)
def test_values_of_an_environment_before_production_are_half(check: Check, path: str, expected: Status) -> None:
    assert status(check({**SPRING, path: "replicas = 1\n"}), "staging-environment") is expected


@pytest.mark.parametrize(("command", "expected"), [("up -d", Status.PRESENT), ("logs", Status.PARTIAL)])
def test_a_suite_may_start_its_stores_from_its_set_up(check: Check, command: str, expected: Status) -> None:
    suite = {
        "packages/e2e_tests/docker-compose.yml": "services:\n  db:\n    image: postgres:17\n",
        "packages/e2e_tests/setup/start.ts": f"execSync(`docker compose {command}`);\n",
    }
    assert status(check({**TESTED, **suite}), "integration-tests") is expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ('schema "features" do\n    field :name, :string\n    field :enabled, :boolean\n  end', Status.PRESENT),
        # What a map shows.
        ('schema "features" do\n    field :geometry, Geo.PostGIS.Geometry\n  end', Status.PARTIAL),
    ],
)
def test_a_table_of_features_with_a_switch_that_is_asked_is_a_flag_system(check: Check, schema: str, expected: Status) -> None:
    files = {
        "lib/shop/features.ex": f"defmodule Shop.Features do\n  use Ecto.Schema\n  {schema}\nend\n",
        "lib/shop/orders.ex": "if Shop.Features.enabled?(:checkout), do: pay()\n",
    }
    assert status(check({**ELIXIR, **files}), "feature-flags") is expected


def test_a_switch_for_an_experiment_may_be_set_by_the_environment(check: Check) -> None:
    asked = "if (env.EXPERIMENT_ASK_ENABLED) ask();\n"
    assert status(check({**NODE, "lib/ask.js": asked}), "feature-flags") is Status.PARTIAL
    assert status(check({**NODE, "lib/ask.js": asked.replace("EXPERIMENT_ASK", "ASK")}), "feature-flags") is Status.NOT_SEEN


def test_the_use_of_a_flag_is_no_experiment(check: Check) -> None:
    users = {**NODE, "package.json": node("passport")}
    counted = {"lib/flags.js": "send('feature_flag_called', name);\n"}
    assert status(check({**users, **counted}), "ab-experiments") is Status.NOT_SEEN
    viewed = {"lib/flags.js": "send('experiment_viewed', name);\n"}
    assert status(check({**users, **viewed}), "ab-experiments") is Status.PARTIAL


def test_budgets_that_angular_wrote_count_where_a_change_is_built(check: Check) -> None:
    angular = {**NODE, "angular.json": '{"configurations": {"production": {"budgets": [{"maximumError": "1mb"}]}}}'}
    assert status(check({**angular, **running("npx eslint .")}), "performance-regression-tests") is Status.ABSENT
    assert status(check({**angular, **running("npx ng build")}), "performance-regression-tests") is Status.PARTIAL


def test_a_comparison_that_only_reports_is_noticed(check: Check) -> None:
    compared = running("bencher run --file results.json", job="    continue-on-error: true\n")
    assert status(check({**NODE, **compared}), "performance-regression-tests") is Status.PRESENT
    upload = running("bench upload results.json", job="    continue-on-error: true\n")
    assert status(check({**NODE, **upload}), "performance-regression-tests") is not Status.PRESENT


@pytest.mark.parametrize(
    "measured",
    [
        {"cypress/e2e/home.audits.ts": "it('is fast', () => cy.lighthouse({ performance: 80 }));\n"},
        {"package.json": node(development="lighthouse")},
        {"composer.json": '{"require-dev": {"phpbench/phpbench": "^1"}}'},
        {"build.gradle.kts": 'plugins {\n    id("me.champeau.jmh") version "0.7"\n}\n'},
    ],
)
def test_an_audit_of_speed_is_measured(check: Check, measured: dict[str, str]) -> None:
    assert status(check({**TESTED, **measured}), "performance-regression-tests") is Status.PARTIAL


def test_what_is_run_to_measure_may_be_a_program_of_its_own(check: Check) -> None:
    assert status(check({**TESTED, "cmd/shop-bench/run.js": "go();\n"}), "performance-regression-tests") is Status.NOT_SEEN
    assert (
        status(check({**TESTED, "cmd/workbench/run.js": "go();\n"}, "acme+work"), "performance-regression-tests") is Status.ABSENT
    )
    looked = {"cypress/e2e/home.cy.ts": "it('is there', () => cy.visit('/lighthouse'));\n"}
    assert status(check({**TESTED, **looked}, "acme+looked"), "performance-regression-tests") is Status.ABSENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("const VARIANTS = ['control', 'treatment'];\n", Status.PARTIAL),
        # Parts of a control, which no experiment has.
        ("const SLOTS = ['control', 'controlsGroup', 'toolbar'];\n", Status.NOT_SEEN),
    ],
)
def test_the_groups_of_an_experiment_are_two(check: Check, text: str, expected: Status) -> None:
    assert status(check({**TESTED, "package.json": node("passport"), "lib/groups.js": text}), "ab-experiments") is expected


def test_a_template_may_ask_how_a_change_was_validated(check: Check) -> None:
    for name, heading, expected in (
        ("steps", "## Validation steps", Status.PARTIAL),
        ("valid", "## Valid reasons", Status.NOT_SEEN),
    ):
        template = {".github/pull_request_template.md": f"{heading}\n"}
        assert status(check({**TESTED, **template}, f"acme+{name}"), "manual-test-evidence") is expected


@pytest.mark.parametrize(
    ("uses", "reached"), [("neondatabase/create-branch-action@v6", True), ("neondatabase/delete-branch-action@v3", False)]
)
def test_a_branch_of_a_hosted_database_is_a_real_one(check: Check, uses: str, reached: bool) -> None:
    ci = {".github/workflows/ci.yml": workflow(f"      - uses: {uses}\n      - run: npm test\n")}
    assert (status(check({**TESTED, **ci}), "integration-tests") is not Status.ABSENT) is reached
