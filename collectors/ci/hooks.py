"""Reads git hooks: pre-commit, lefthook, husky."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.ci.documents import Node, toml_document, yaml_document
from collectors.ci.facts import Command, Target, Targets
from collectors.ci.shell import Script, commands, commands_of
from collectors.ci.targets import read_shell

COMMIT_HOOKS = ("pre-commit", "pre-push", "commit-msg", "pre-merge-commit", "prepare-commit-msg")
"""Hooks that run before work leaves a developer's machine."""


def read_pre_commit(text: str, name: str) -> Targets:
    """A .pre-commit-config.yaml: one target a hook; flags say ``ci`` if pre-commit.ci is set up, and what it skips."""
    root = _from_toml(toml_document(text)) if name.endswith(".toml") else yaml_document(text)
    targets = [target for repository in root["repos"].each() for target in _hooks(repository)]
    flags = ("ci", *root["ci"]["skip"].texts()) if "ci" in root else ()
    return Targets(tuple(targets), flags=flags)


def _from_toml(value: object, depth: int = 0) -> Node:
    """Parsed TOML in the shape of a YAML document, without lines."""
    if isinstance(value, dict) and depth < 20:
        return Node(1, pairs=[(Node(1, str(key), '"'), _from_toml(item, depth + 1)) for key, item in value.items()])
    if isinstance(value, list) and depth < 20:
        return Node(1, children=[_from_toml(item, depth + 1) for item in value])
    return Node(1, str(value))


def _hooks(repository: Node) -> Iterator[Target]:
    source = repository["repo"].text.removesuffix(".git")
    for hook in repository["hooks"].each():
        name = hook["id"].text
        stages = hook["stages"].texts()
        if not name or (stages and set(stages) <= {"manual"}):
            continue
        line = hook["id"].line
        found = [Command(f"pre-commit {source} {name}", line)]
        if hook["entry"].text:
            entry = " ".join((*hook["entry"].text.split("\n"), *hook["args"].texts()))
            found += commands(Script(entry, hook["entry"].line, exact=False))
        yield Target("pre-commit", name, line, tuple(found))


def read_lefthook(text: str, name: str) -> Targets:
    """A lefthook.yml: one target a hook."""
    root = _from_toml(toml_document(text)) if name.endswith(".toml") else yaml_document(text)
    targets = []
    for hook, body in root.items():
        if not body.is_map or hook in ("remotes", "templates", "output"):
            continue
        found = [command for run in _lefthook_runs(body, 0) for command in commands_of(run)]
        if found:
            targets.append(Target("lefthook", hook, body.line, tuple(found)))
    return Targets(tuple(targets))


def _lefthook_runs(body: Node, depth: int) -> Iterator[Node]:
    for command in body["commands"].mapping().values():
        if not command["skip"].true:
            yield command["run"]
    for job in body["jobs"].each():
        if job["skip"].true:
            continue
        if job["run"].text:
            yield job["run"]
        if depth < 3:
            yield from _lefthook_runs(job["group"], depth + 1)


def read_husky(text: str, name: str) -> Targets:
    """A script of .husky or .githooks, named like the hook that it is."""
    return Targets(tuple(Target("husky", name, 1, target.commands) for target in read_shell(text).targets))
