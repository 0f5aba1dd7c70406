"""Reads CircleCI configuration: workflows, jobs, commands and orbs of one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import re2

from collectors.ci.documents import Node, yaml_document
from collectors.ci.facts import Command, Job, Pipeline, Step
from collectors.ci.shell import Script, commands, commands_of

_NESTING_LIMIT = 8
_STEP_LIMIT = 2_000
_TEXT_LIMIT = 100_000
"""Characters of one script, its parameters filled in."""
_BUILT_IN = frozenset(
    (
        "checkout", "setup_remote_docker", "add_ssh_keys", "attach_workspace", "persist_to_workspace", "restore_cache",
        "save_cache", "store_artifacts", "store_test_results",
    )
)  # fmt: skip
_OF_THE_JOB = frozenset(("requires", "context", "name", "filters", "matrix", "type", "pre-steps", "post-steps"))
"""What a workflow says of a job, beside the parameters that the job takes."""
_PARAMETER = re2.compile(r"<<\s*(?:parameters|matrix|pipeline\.parameters)\.([\w-]+)\s*>>")

_NONE = Node()

Arguments = Mapping[str, Node]


def read_circleci(text: str) -> Pipeline:
    """A file of ``.circleci``; raises :class:`collectors.ci.facts.Unreadable`."""
    reader = _Reader(yaml_document(text))
    return Pipeline(tuple(reader.jobs()))


class _Reader:
    def __init__(self, root: Node) -> None:
        self._root = root
        self._commands = root["commands"].mapping()
        self._jobs = root["jobs"].mapping()
        self._executors = root["executors"].mapping()
        self._orbs = {name: orb.text for name, orb in root["orbs"].items() if orb.text}
        for orb, inline in root["orbs"].items():
            for name, command in inline["commands"].items():
                self._commands |= {f"{orb}/{name}": command, name: self._commands.get(name, command)}
            for name, job in inline["jobs"].items():
                self._jobs[f"{orb}/{name}"] = job
        self._steps = 0

    def jobs(self) -> Iterator[Job]:
        workflows = {name: flow for name, flow in self._root["workflows"].mapping().items() if flow.is_map}
        if not workflows and "build" in self._jobs:
            yield self._job("build", "build", Node(), ("push", "pull_request"), ())
        for flow in workflows.values():
            yield from self._workflow(flow)

    def _workflow(self, flow: Node) -> Iterator[Job]:
        scheduled = any("schedule" in trigger.mapping() for trigger in flow["triggers"].each())
        listed = [_named(item) for item in flow["jobs"].each()]
        needs = {options["name"].text or name: _required(options) for name, options in listed}
        approvals = {options["name"].text or name for name, options in listed if options["type"].text == "approval"}
        for name, options in listed:
            shown = options["name"].text or name
            if options["type"].text == "approval" or not name:
                continue
            events, branches = _filtered(options["filters"])
            if scheduled:
                events = ("schedule",)
            elif _waits_for(shown, needs, approvals):
                events = ("workflow_dispatch",)
            yield self._job(name, shown, options, events, branches)

    def _job(self, name: str, shown: str, options: Node, events: tuple[str, ...], branches: tuple[str, ...]) -> Job:
        job = self._jobs.get(name, Node())
        arguments = {**_defaults(job), **options.mapping(), **options["matrix"]["parameters"].mapping()}
        steps = [*self._all(options["pre-steps"], arguments, 0)]
        if name in self._jobs:
            steps += self._all(job["steps"], arguments, 0)
        elif "/" in name:
            steps += self._orb(name, options, options.line, arguments, 0)
        steps += self._all(options["post-steps"], arguments, 0)
        folder = job["working_directory"].text
        if folder and not folder.startswith(("~", "/", "<<")):
            steps = [step if step.folder else replace(step, folder=folder.removeprefix("./")) for step in steps]
        return Job(id=shown, steps=tuple(steps), events=events, branches=branches, services=self._services(job, arguments))

    def _services(self, job: Node, arguments: Arguments) -> tuple[str, ...]:
        executor = job["executor"]
        named = self._executors.get(_filled(executor["name"].text or executor.text, arguments), _NONE)
        if not job["docker"]:
            arguments = {**_defaults(named), **{key: _through(value, arguments) for key, value in executor.items()}}
        images = job["docker"].each() or named["docker"].each()
        return tuple(_filled(image["image"].text, arguments) for image in images[1:] if image["image"].text)

    def _all(self, steps: Node, arguments: Arguments, depth: int) -> Iterator[Step]:
        for step in steps.each():
            self._steps += 1
            if depth > _NESTING_LIMIT or self._steps > _STEP_LIMIT:
                return
            if step.is_map:
                for name, options in step.items():
                    yield from self._one(name, options, step.line, arguments, depth)
            elif step.text:
                yield from self._one(step.text, Node(), step.line, arguments, depth)

    def _one(self, name: str, options: Node, line: int, arguments: Arguments, depth: int) -> Iterator[Step]:
        if name == "steps":
            passed = _PARAMETER.fullmatch(options.text)
            yield from self._all(arguments.get(passed.group(1), _NONE) if passed is not None else options, arguments, depth + 1)
        elif name in ("when", "unless"):
            yield from self._all(options["steps"], arguments, depth + 1)
        elif name == "run":
            script = options["command"] if options.is_map else options
            folder = _filled(options["working_directory"].text, arguments)
            found = tuple(_commands(script, arguments))
            condition = "on_fail" if options["when"].text == "on_fail" else ""
            yield Step(script.line or line, found, folder="" if folder[:1] in ("~", "/") else folder, condition=condition)
        elif name in self._commands:
            command = self._commands[name]
            inner = {**_defaults(command), **options.mapping()}
            handed = {key: _through(value, arguments) for key, value in inner.items()}
            yield from self._all(command["steps"], handed, depth + 1)
        elif "/" in name and name.split("/", 1)[0] in self._orbs:
            yield from self._orb(name, options, line, arguments, depth)
        elif name not in _BUILT_IN:
            yield Step(line, uses=name)

    def _orb(self, name: str, options: Node, line: int, arguments: Arguments, depth: int) -> Iterator[Step]:
        """What an orb does cannot be seen from here; the steps that it is handed, to be run within what it does, can."""
        orb, _, part = name.partition("/")
        slug, _, version = self._orbs.get(orb, orb).partition("@")
        given = (item for item in options.items() if item[0] not in ("requires", "context", "name"))
        inputs = tuple((key, value.text) for key, value in given if value.text)
        scripts = [options[key] for key in ("command", "run", "script", "test-command", "cmd")]
        uses = f"{slug}/{part}@{version}" if version else f"{slug}/{part}"
        yield Step(line, commands_of(*scripts), uses=uses, inputs=inputs)
        for key, value in options.items():
            handed = _through(value, arguments)
            if key not in _OF_THE_JOB and handed.is_list and (key.endswith("steps") or self._are_steps(handed)):
                yield from self._all(handed, arguments, depth + 1)

    def _are_steps(self, handed: Node) -> bool:
        """Orbs name their parameters as they like; a list of steps shows itself by what it runs."""
        return any("run" in step or step.text in self._commands for step in handed.each())


def _named(item: Node) -> tuple[str, Node]:
    return next(iter(item.mapping().items()), ("", Node())) if item.is_map else (item.text, Node())


def _required(options: Node) -> tuple[str, ...]:
    names = (next(iter(item.mapping()), "") if item.is_map else item.text for item in options["requires"].each())
    return tuple(name for name in names if name)


def _waits_for(name: str, needs: Mapping[str, tuple[str, ...]], approvals: set[str]) -> bool:
    waiting, seen = [name], set[str]()
    while waiting:
        current = waiting.pop()
        if current in approvals:
            return True
        if current not in seen:
            seen.add(current)
            waiting += needs.get(current, ())
    return False


def _filtered(filters: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Events and branches of a job. Every branch is built, those of pull requests too, unless only some are named."""
    branches, ignored = filters["branches"]["only"].texts(), filters["branches"]["ignore"].texts()
    tags = filters["tags"]["only"].texts()
    events: tuple[str, ...] = ("push", "pull_request")
    if branches and not any(branch in ("/.*/", "/.+/") for branch in branches):
        events = ("push",)
    if any(branch in ("/.*/", "/.+/", "/^.*$/") for branch in ignored):
        events = ()
    return (*events, "tag") if tags else events, branches if events == ("push",) else ()


def _defaults(part: Node) -> dict[str, Node]:
    return {name: parameter["default"] for name, parameter in part["parameters"].items()}


def _filled(text: str, arguments: Arguments) -> str:
    if "<<" not in text:
        return text
    filled: str = _PARAMETER.sub(lambda match: arguments.get(match.group(1), _NONE).text or match.group(), text)
    return filled[:_TEXT_LIMIT]


def _through(value: Node, arguments: Arguments) -> Node:
    """An argument that may itself be a parameter of what passes it on."""
    passed = _PARAMETER.fullmatch(value.text)
    return arguments.get(passed.group(1), value) if passed is not None else value


def _commands(script: Node, arguments: Arguments) -> Iterator[Command]:
    """The commands of a script with its parameters filled in; a parameter of many values gives as many scripts."""
    texts = [script.text]
    used = _PARAMETER.search(script.text)
    many = arguments.get(used.group(1), _NONE).texts() if used is not None else ()
    if used is not None and len(many) > 1:
        texts = [script.text.replace(used.group(), value) for value in many[:16]]
    for text in texts:
        yield from commands(Script(_filled(text, arguments), script.first_line if script.exact else script.line, script.exact))
