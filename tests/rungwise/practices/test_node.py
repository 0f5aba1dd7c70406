"""What servers on Node store and test by its own means, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Fact, Status

Check = Callable[..., Assessment]

CHAT = {
    "package.json": '{"name": "chat", "private": true, "dependencies": {"express": "5"}}',
    "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
    "Procfile": "web: node server.js\n",
}
SQLITE = 'import { DatabaseSync } from "node:sqlite";\nconst db = new DatabaseSync(path);\n'


@pytest.mark.parametrize(
    ("path", "text", "stored"),
    [
        ("store.js", SQLITE, True),
        ("store.js", "import { Database } from 'bun:sqlite';\n", True),
        ("test/store.js", SQLITE, False),
        ("store.js", "// import { DatabaseSync } from 'node:sqlite'\n", False),
    ],
)
def test_the_runtime_brings_a_store_along(check: Check, path: str, text: str, stored: bool) -> None:
    assert check({**CHAT, path: text}).facts[Fact.DATASTORE] is stored


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export const migrations: Migration[] = [\n  { version: 2, up: 'ALTER TABLE chats ADD COLUMN note TEXT' },\n];\n", True),
        ("const migrations = [\n  { version: 2, run: (settings) => ({ ...settings, dark: false }) },\n];\n", False),
        ("db.exec('CREATE TABLE chats (id INTEGER)');\n", False),
    ],
)
def test_migrations_may_be_kept_in_a_list(check: Check, text: str, expected: bool) -> None:
    judged = check({**CHAT, "store.ts": SQLITE, "upgrade.ts": text})
    found = {finding.practice: finding.status for finding in judged.findings}
    assert judged.facts[Fact.MIGRATIONS] is expected
    assert (found["migrations-in-code"] is Status.PRESENT) is expected
    assert found["manual-migrations"] is (Status.ABSENT if expected else Status.PRESENT)


@pytest.mark.parametrize(
    ("path", "text", "tested"),
    [
        ("test/rooms/join.ts", "describe('join', () => {\n  it('joins', () => {});\n});\n", True),
        ("test/rooms/data.ts", "export const room = {};\n", False),
        ("test/util.ts", "if (pattern.test(name)) {\n}\n", False),
        ("src/regexp.ts", "if (pattern.test(name)) {\n}\n", False),
    ],
)
def test_cases_are_tests_whatever_their_file_is_called(check: Check, path: str, text: str, tested: bool) -> None:
    assert check({**CHAT, path: text}).facts[Fact.TESTS] is tested
