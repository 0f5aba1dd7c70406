"""What is said of a practice that was not seen: what was looked for, where, and what came closest."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise import near
from rungwise.catalogue import load
from rungwise.model import Assessment, Finding, Role, Stage, Status
from tests.repositories import Files

Check = Callable[..., Assessment]

GO = {
    "go.mod": "module example.com/shop\n\nrequire github.com/jackc/pgx/v5 v5.0.0\n",
    "main.go": 'package main\n\nimport _ "github.com/jackc/pgx/v5/stdlib"\n\nfunc main() { http.ListenAndServe(addr, mux) }\n',
    "main_test.go": "package main\n\nfunc TestShop(t *testing.T) {}\n",
    "Dockerfile": "FROM scratch\n",
}
NODE = {
    "package.json": '{"private": true, "dependencies": {"express": "5", "pg": "8"}}',
    "src/server.js": "const app = express();\napp.listen(3000);\n",
    "Procfile": "web: node src/server.js\n",
}
SITE = {
    **NODE,
    "package.json": '{"private": true, "dependencies": {"express": "5", "react": "19"}}',
    "index.html": "<p>Shop</p>\n",
}


def finding(assessment: Assessment, practice: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.practice == practice)


def workflow(on: str, step: str) -> Files:
    return {".github/workflows/ci.yml": f"on: {on}\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n"}


def test_absent_says_what_was_looked_for_and_where(check: Check) -> None:
    found = finding(check(GO), "error-tracking")
    assert found.status is Status.ABSENT
    assert found.reason == f"We looked for {found.looked_for} (in {near.where(load()['error-tracking'])}) and found none."
    assert "dependencies" in found.reason and "code" in found.reason


@pytest.mark.parametrize(
    ("base", "practice", "files", "told"),
    [
        (
            GO,
            "error-tracking",
            {"go.mod": GO["go.mod"] + "require github.com/getsentry/sentry-go v0.4.0 // indirect\n"},
            "go.mod lists github.com/getsentry/sentry-go, which only another package needs",
        ),
        (
            NODE,
            "error-tracking",
            {"package.json": '{"private": true, "dependencies": {"express": "5"}, "devDependencies": {"@sentry/node": "9"}}'},
            "package.json lists @sentry/node for development only",
        ),
        (
            NODE,
            "error-tracking",
            {"examples/web/package.json": '{"dependencies": {"@sentry/node": "9"}}'},
            "examples/web/package.json lists @sentry/node, and it is a sample",
        ),
        (
            NODE,
            "safe-schema-changes",
            workflow("workflow_dispatch", "run: squawk migrations/*.sql"),
            ".github/workflows/ci.yml runs it, but not on each change",
        ),
        (
            NODE,
            "safe-schema-changes",
            workflow("pull_request", "{run: 'squawk migrations/*.sql', continue-on-error: true}"),
            ".github/workflows/ci.yml runs it and lets a failure pass",
        ),
    ],
)
def test_the_thing_itself_where_it_does_not_count_is_named(
    check: Check, base: Files, practice: str, files: Files, told: str
) -> None:
    before = finding(check(base, "acme+before"), practice)
    after = finding(check({**base, **files}, "acme+after"), practice)
    assert after.status is before.status
    assert "Near miss" not in before.reason
    assert after.reason == f"{before.reason} Near miss: {told}."


NAMED = {
    "ci-tests": (
        {**GO, "ci/build.star": "def main(ctx): pass\n"},
        "ci/build.star belongs to no CI system that is known here",
    ),
    "unit-tests": (
        {**{path: text for path, text in GO.items() if "test" not in path}, "test/shop.robot": "*** Test Cases ***\n"},
        "test/shop.robot lies where tests lie, and no test case that is known here was seen in it",
    ),
    "lint-config": ({**NODE, ".editorconfig": "root = true\n"}, ".editorconfig sets a format, and checks nothing else"),
    "error-tracking": (
        {**NODE, "src/error-handler.js": "export const handle = () => {};\n"},
        "src/error-handler.js handles errors, and was not seen to tell a tracker",
    ),
    "client-error-tracking": (
        {**SITE, "src/ErrorBoundary.tsx": "export class ErrorBoundary extends Component {}\n"},
        "src/ErrorBoundary.tsx catches errors on the page, and was not seen to tell a tracker",
    ),
    "structured-logging": (
        {**NODE, "src/logger.js": "export const log = (text) => print(text);\n"},
        "src/logger.js sets up logging, and no fields were seen in it",
    ),
    "seed-data": (
        {**NODE, "lib/seedling.js": "grow();\n"},
        "lib/seedling.js is named for it, and was not seen to fill a database",
    ),
    "hot-reload": (
        {**NODE, "docker-compose.yml": "services: {}\n"},
        "docker-compose.yml starts things, and nothing in it was seen to reload what changes",
    ),
    "preview-deployments": (
        {**SITE, "fly.toml": "app = 'shop'\n"},
        "fly.toml deploys, though not each pull request by itself",
    ),
    "env-var-checks": (
        {**NODE, "src/config.js": "export const port = process.env.PORT;\n"},
        "src/config.js reads environment variables, and was not seen to check them",
    ),
    "auto-deploy": (
        {
            **{path: text for path, text in NODE.items() if path != "Procfile"},
            "Dockerfile": "",
            "scripts/deploy.sh": "kubectl apply\n",
        },
        "scripts/deploy.sh is for a deployment, and no job was seen to run one",
    ),
}


@pytest.mark.parametrize("practice", NAMED)
def test_what_is_like_it_is_named(check: Check, practice: str) -> None:
    files, told = NAMED[practice]
    found = finding(check(files), practice)
    assert found.status in (Status.ABSENT, Status.NOT_SEEN)
    assert found.reason.endswith(f" Near miss: {told}."), found.reason
    plain = {path: text for path, text in files.items() if path != told.split(" ")[0]}
    assert told not in finding(check(plain, "acme+plain"), practice).reason


def test_every_practice_that_names_a_near_miss_is_tried() -> None:
    assert {practice.id for practice in load() if practice.near} == set(NAMED)


DOUBTED: list[tuple[str, Files, str, str]] = [
    ("e2e-smoke-tests", {**SITE}, "e2e/readme.robot", "*** Test Cases ***\n"),
    ("e2e-smoke-tests", {**SITE}, "scripts/drive.sh", "docker run selenium/standalone-chrome\n"),
    ("performance-regression-tests", {**NODE}, "perf/run.lua", "wrk()\n"),
    ("performance-regression-tests", {**NODE}, "test/shop.test.js", "const queryCount = watch(db);\n"),
    (
        "performance-regression-tests",
        {**NODE},
        ".github/workflows/size.yml",
        "on: push\njobs:\n  t:\n    steps:\n      - run: yarn bundle:stats\n",
    ),
    ("performance-regression-tests", {**GO}, "tests/api.go", "package tests\n\nfunc (s *Scenario) Time(b *testing.B) {}\n"),
    ("feature-flags", {**NODE}, "src/shop.js", "if (hasBetaAccess(user)) {}\n"),
    ("feature-flags", {**NODE}, "src/shop.js", "const embed = process.env.EMBED_ENABLED;\n"),
    ("integration-tests", {**NODE}, "test/shop.test.js", "await connect(config.databaseUrl);\n"),
    ("seed-data", {**NODE}, "src/shop.js", "export const createDemoData = () => {};\n"),
    ("seed-data", {**NODE}, "fixtures/orders.json", "[]\n"),
    ("hot-reload", {**GO}, "README.md", "Run `watchexec go run .` while you work.\n"),
    ("hot-reload", {**GO}, "compose.yml", "services:\n  shop:\n    volumes:\n      - ./src:/app/src\n"),
    ("product-analytics", {**SITE}, "src/cart.js", "trackEvent(name);\n"),
    ("error-tracking", {**NODE}, "src/errors.js", "reportException(error);\n"),
    ("error-tracking", {**NODE}, "src/errors.js", "const dsn = process.env.SENTRY_DSN;\n"),
    ("client-error-tracking", {**SITE}, "src/errors.js", "window.onerror = tell;\n"),
    ("request-tracing", {**NODE}, "src/orders.js", "const requestId = headers.get(name);\n"),
    ("request-tracing", {**NODE}, "deploy/values.yaml", "OTEL_EXPORTER_OTLP_ENDPOINT: http://collector\n"),
    ("structured-logging", {**NODE}, "deploy/values.yaml", "LOG_FORMAT: json\n"),
    ("structured-logging", {**GO}, "orders.go", "package main\n\nfunc save() { log.WithField(name, id).Info(text) }\n"),
    ("ci-tests", {**GO}, ".github/workflows/ci.yml", "on: push\njobs:\n  t:\n    steps:\n      - run: make richtest\n"),
    (
        "one-command-setup",
        {"index.js": "module.exports = 1;\n", "package.json": '{"name": "x", "main": "index.js"}'},
        "guide.md",
        "Run npm install.\n",
    ),
]
"""Practices, a repository without each, and a file that hints at it."""


@pytest.mark.parametrize(("practice", "base", "path", "text"), DOUBTED)
def test_a_hint_asks_people(check: Check, practice: str, base: Files, path: str, text: str) -> None:
    assert finding(check(base, "acme+plain"), practice).status is Status.ABSENT
    found = finding(check({**base, path: text}), practice)
    assert (found.status, found.evidence[0].path) == (Status.NOT_SEEN, path), found
    assert found.reason.startswith(f"{path} ")


def test_every_practice_that_may_be_hinted_at_is_tried() -> None:
    early = (Stage.PROTOTYPING, Stage.OBSERVING, Stage.TESTING)
    assert {practice.id for practice in load() if practice.doubt and practice.stage in early} == {name for name, *_ in DOUBTED}


def test_what_is_there_has_no_near_miss_and_a_corner_has_none_either(check: Check) -> None:
    for found in check({**GO, "examples/x/go.mod": "module x\nrequire github.com/getsentry/sentry-go v0.4.0\n"}).findings:
        if found.status in (Status.PRESENT, Status.PARTIAL, Status.NOT_APPLICABLE) or load()[found.practice].role is Role.CORNER:
            assert "Near miss" not in found.reason, found


@pytest.mark.parametrize("practice", load().practices, ids=lambda practice: practice.id)
def test_every_practice_that_is_measured_says_where_it_is_looked_for(practice: object) -> None:
    told = near.where(practice)  # type: ignore[arg-type]
    assert set(told.replace(" and ", ", ").split(", ")) <= {
        "dependencies", "manifests", "CI jobs", "file names", "GitHub's settings", "tests", "configuration", "code", "files",
    }  # fmt: skip
