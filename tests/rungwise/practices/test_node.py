"""What a server in Node.js, and the pages that it serves, show of the practices in plain words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Status
from tests.repositories import Files

Check = Callable[..., Assessment]


def express(dependencies: str = "knex", **files: str) -> Files:
    listed = "".join(f', "{name}": "1"' for name in ("pg", "passport", *dependencies.split()))
    package = f'{{"private": true, "scripts": {{"migrate": "knex migrate:latest"}}, "dependencies": {{"express": "5"{listed}}}}}'
    return {
        "package.json": package,
        "server.js": "app.listen(process.env.PORT);\n",
        "migrations/1_a.js": "exports.up = f;\n",
    } | files


def handlers(line: str, times: int = 5) -> dict[str, str]:
    return {"server/links.js": f"async function run(req) {{\n  {line}\n}}\n" * times}


CACHED = 'client.set(key, JSON.stringify(link), "EX", 60 * 15);\n'
WAITING = "clearTimeout(this.timer);\n      this.timer = setTimeout(() => {\n        axios.get(url).then(show);\n      }, 600);"


def page(script: str) -> str:
    return f"<template><input v-model='tag'></template>\n<script>\nexport default {{ methods: {{ changed() {{ {script} }} }} }};\n</script>\n"


@pytest.mark.parametrize(
    ("practice", "files", "expected"),
    [
        ("per-user-authorization", express(**handlers("const link = await query.link.find({ uuid, user_id: req.user.id });")), Status.PRESENT),
        (
            "per-user-authorization",
            express(**handlers("const link = await find({ uuid, ...(!req.user.admin && { user_id: req.user.id }) });")),
            Status.PRESENT,
        ),
        ("per-user-authorization", express(**handlers("query.where('links.user_id', req.user.id);", 2)), Status.PARTIAL),
        # Whose it becomes, or whose it is said to be.
        ("per-user-authorization", express(**handlers("await query.link.create({ user_id: req.user.id });")), Status.NOT_SEEN),
        ("per-user-authorization", express(**handlers("await query.link.find({ user_id: req.body.user.id });")), Status.NOT_SEEN),
        ("cache-friendly-data", express("ioredis", **{"server/links.js": CACHED}), Status.PRESENT),
        ("cache-friendly-data", express("redis", **{"server/links.js": "client.set(key, JSON.stringify(link), { EX: 60 });\n"}), Status.PRESENT),
        ("cache-friendly-data", express("ioredis", **{"server/links.js": "client.set(key, JSON.stringify(link));\n"}), Status.NOT_SEEN),
        ("migration-automation", express(Dockerfile="FROM node:22\nCMD npm run migrate && npm start\n"), Status.PARTIAL),
        ("migration-automation", express(Dockerfile="FROM node:22\nCMD npm run migrate:make && npm start\n"), Status.NOT_SEEN),
        ("client-throttling", express("vue", **{"src/Tags.vue": page(WAITING)}), Status.PRESENT),
        ("client-throttling", express("vue", **{"src/Tags.vue": page("axios.get(url).then(show);")}), Status.NOT_SEEN),
        ("client-throttling", express("vue", **{"src/Tags.vue": page(WAITING.replace("axios.get(url).then(show)", "resize()"))}), Status.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_node(check: Check, practice: str, files: Files, expected: Status) -> None:
    assert next(found.status for found in check(files).findings if found.practice == practice) is expected
