"""What is said of a practice that was not seen: what was looked for, where, and what came closest."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise import near
from rungwise.catalogue import load
from rungwise.model import Assessment, Finding, Role, Status
from tests.repositories import Files

Check = Callable[..., Assessment]

GO = {
    "go.mod": "module example.com/shop\n\nrequire github.com/jackc/pgx/v5 v5.0.0\n",
    "main.go": "package main\n\nfunc main() { http.ListenAndServe(addr, mux) }\n",
    "main_test.go": "package main\n\nfunc TestShop(t *testing.T) {}\n",
    "Dockerfile": "FROM scratch\n",
}
NODE = {
    "package.json": '{"private": true, "dependencies": {"express": "5", "pg": "8"}}',
    "src/server.js": "const app = express();\napp.listen(3000);\n",
    "Procfile": "web: node src/server.js\n",
}


def finding(assessment: Assessment, practice: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.practice == practice)


def workflow(on: str, step: str) -> Files:
    return {".github/workflows/ci.yml": f"on: {on}\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n"}


def test_absent_says_what_was_looked_for_and_where(check: Check) -> None:
    found = finding(check(GO), "error-tracking")
    assert found.status is Status.ABSENT
    assert found.reason == f"We looked for {found.looked_for} in {near.where(load()['error-tracking'])} and found none."
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
