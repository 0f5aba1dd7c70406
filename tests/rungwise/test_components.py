"""The parts of a monorepo, on repositories of a few files each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.assess import parts
from rungwise.catalogue import load
from rungwise.components import only_lacking
from rungwise.model import Assessment, Kind, Part, Snapshot, Status
from tests.repositories import Files

Look = Callable[..., Snapshot]
Check = Callable[..., Assessment]

IMAGE = "FROM scratch\n"
EXPRESS = '{"private": true, "dependencies": {"express": "5"}}'
FASTAPI = '[project]\nname = "api"\ndependencies = ["fastapi", "sentry-sdk"]\n'
REACT = '{"private": true, "dependencies": {"react": "19"}, "devDependencies": {"vite": "7"}}'
LISTENS = "const app = express()\napp.listen(3000)\n"
SENTRY = "import sentry_sdk\nfrom fastapi import FastAPI\nsentry_sdk.init(dsn=DSN)\napp = FastAPI()\n"

TWO: Files = {
    "services/api/pyproject.toml": FASTAPI,
    "services/api/main.py": SENTRY,
    "services/api/Dockerfile": IMAGE,
    "services/mailer/package.json": EXPRESS,
    "services/mailer/index.js": LISTENS,
    "services/mailer/Dockerfile": IMAGE,
    "package.json": '{"private": true, "workspaces": ["services/*"], "devDependencies": {"eslint": "9"}}',
    "eslint.config.js": "export default []",
}

COMPONENTS: dict[str, tuple[Files, dict[str, Kind]]] = {
    "two services": (TWO, {"services/api": Kind.APP, "services/mailer": Kind.APP}),
    "a service and its site": (
        {
            "backend/pyproject.toml": FASTAPI,
            "backend/main.py": SENTRY,
            "backend/Dockerfile": IMAGE,
            "frontend/package.json": REACT,
            "frontend/src/a.tsx": "export const a = 1",
            "frontend/Dockerfile": IMAGE,
        },
        {"backend": Kind.APP, "frontend": Kind.SPA},
    ),
    "a worker that serves nothing": (
        TWO | {"worker/go.mod": "module example.org/worker\n", "worker/main.go": 'package main\nfunc main() { slog.Info("x") }\n', "worker/Dockerfile": IMAGE},
        {"services/api": Kind.APP, "services/mailer": Kind.APP, "worker": Kind.APP},
    ),
    "forty libraries and one service": (
        {f"packages/p{number}/package.json": f'{{"name": "@acme/p{number}", "main": "index.js", "dependencies": {{"express": "5"}}}}' for number in range(40)}
        | {f"packages/p{number}/index.js": LISTENS for number in range(40)}
        | {"apps/api/package.json": EXPRESS, "apps/api/index.js": LISTENS, "apps/api/Dockerfile": IMAGE},
        {".": Kind.APP},
    ),
    "an embedded frontend": (
        {"pyproject.toml": FASTAPI, "main.py": SENTRY, "Dockerfile": IMAGE, "ui/package.json": REACT, "ui/src/a.tsx": "1"},
        {".": Kind.APP},
    ),
    "images of the development environment": (
        {
            "pyproject.toml": FASTAPI,
            "main.py": SENTRY,
            "Dockerfile": IMAGE,
            "docker/package.json": EXPRESS,
            "docker/index.js": LISTENS,
            "docker/Dockerfile": IMAGE,
            "e2e/package.json": EXPRESS,
            "e2e/index.js": LISTENS,
            "e2e/Dockerfile": IMAGE,
        },
        {".": Kind.APP},
    ),
    "images that carry the data over": (
        {
            "src/api/pyproject.toml": FASTAPI,
            "src/api/main.py": SENTRY,
            "src/api/Dockerfile": IMAGE,
            "util/migrator/package.json": EXPRESS,
            "util/migrator/index.js": LISTENS,
            "util/migrator/Dockerfile": IMAGE,
        },
        {".": Kind.APP},
    ),
    "an image around somebody else's program": (
        TWO | {"proxy/package.json": "{}", "proxy/start.sh": "exec nginx", "proxy/Dockerfile": IMAGE},
        {"services/api": Kind.APP, "services/mailer": Kind.APP},
    ),
    "a library with a sample service": (
        {"setup.py": "setup(name='thing')", "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "thing"\n', "thing/a.py": "1"}
        | {f"examples/{path}": text for path, text in TWO.items()},
        {".": Kind.LIB},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPONENTS)
def test_components(check: Check, name: str) -> None:
    files, expected = COMPONENTS[name]
    found = check(files)
    assert {component.path: component.kind for component in found.components} == expected, found.kind_reason


def judged(snapshot: Snapshot, whole: Assessment) -> dict[str, Part]:
    return {part.component.path: part for part in parts(snapshot, whole, load())}


def status(part: Part, practice: str) -> Status:
    return next(finding.status for finding in part.findings if finding.practice == practice)


def test_what_one_component_has_does_not_count_for_another(look: Look, check: Check) -> None:
    found = judged(look(TWO), check(TWO))
    assert status(found["services/api"], "error-tracking") is Status.PRESENT
    assert status(found["services/mailer"], "error-tracking") is Status.ABSENT
    assert {finding.component for finding in found["services/api"].findings} == {"services/api"}


def test_what_belongs_to_no_component_counts_for_all(look: Look, check: Check) -> None:
    shared = TWO | {"packages/log/package.json": '{"name": "log", "main": "a.js", "dependencies": {"pino": "9"}}', "packages/log/a.js": "export const log = pino()\nlog.info({ id }, 'x')\n"}  # fmt: skip
    found = judged(look(shared), check(shared))
    assert status(found["services/mailer"], "structured-logging") in (Status.PRESENT, Status.PARTIAL)


def test_the_weakest_comes_first_and_says_what_only_it_lacks(look: Look, check: Check) -> None:
    weakest, *others = parts(look(TWO), check(TWO), load())
    assert weakest.component.path == "services/mailer"
    assert "error-tracking" in only_lacking(weakest, others)
    assert not only_lacking(others[0], [])


def test_a_repository_with_one_component_has_no_parts(look: Look, check: Check) -> None:
    files = {"pyproject.toml": FASTAPI, "main.py": SENTRY, "Dockerfile": IMAGE}
    assert parts(look(files), check(files), load()) == ()
