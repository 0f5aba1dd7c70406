"""Tells which steps of GitHub Actions workflows can run, on what, and where to; local workflows and actions are followed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

import re2

from collectors.ci.expressions import (
    EITHER,
    EMPTY,
    UNKNOWN,
    Lookup,
    Unknown,
    Value,
    Values,
    can_hold,
    known,
    texts,
    values_of,
    worth,
)
from collectors.ci.facts import Action, CiFile, Command, GithubJob, Input, Step, Workflow
from collectors.ci.running import Running, both_conditions
from collectors.ci.shell import Script, commands, normal

_BRANCH_LIMIT = 20
"""Branches of a push that are told apart; of more, only the event is."""
_NESTING_LIMIT = 5
_STEP_LIMIT = 3_000
"""Steps of one workflow, with all that it calls, that are followed."""


@dataclass(frozen=True, slots=True)
class _Variant:
    """One way in which a workflow starts: an event, for a push one of its branches."""

    event: str
    branch: str = ""
    types: tuple[str, ...] = ()


_Inputs = Mapping[_Variant, Mapping[str, Values]]
"""What each input can be worth, by the way in which the workflow started."""


class Workflows:
    """The workflows of a repository, and the local workflows and actions that they use."""

    def __init__(self, files: Iterable[CiFile]) -> None:
        files = list(files)
        self._workflows = {file.path: file.content for file in files if isinstance(file.content, Workflow)}
        self._actions = {
            file.path.rpartition("/")[0]: (file.path, file.content) for file in files if isinstance(file.content, Action)
        }
        self._called = {_local(job.calls.uses) for workflow in self._workflows.values() for job in workflow.jobs if job.calls}

    def alone(self, file: CiFile) -> bool:
        """Whether a file is a workflow that no other one uses."""
        return isinstance(file.content, Workflow) and file.path not in self._called

    def running(self, file: CiFile) -> Iterator[Running]:
        """Every step of a workflow that can run; none of other files, and where nothing can start it."""
        workflow = self._workflows.get(file.path)
        if workflow is not None:
            flow = _Flow(self._workflows, self._actions, file.path)
            variants = list(_variants(workflow, called=file.path in self._called))
            inputs = {variant: _inputs_of(workflow, variant) for variant in variants}
            yield from flow.run(file.path, workflow, inputs, "", ())


def _variants(workflow: Workflow, *, called: bool) -> Iterator[_Variant]:
    for event, details in workflow.events:
        if event in ("push", "tag", "workflow_run") and details and len(details) <= _BRANCH_LIMIT:
            for branch in details:
                yield _Variant(event, branch)
        elif event != "workflow_call" or not called:
            yield _Variant(event, types=details)


def _inputs_of(workflow: Workflow, variant: _Variant) -> Mapping[str, Values]:
    if variant.event not in ("workflow_dispatch", "workflow_call"):
        return {}
    return {declared.name: _default(declared) for declared in workflow.inputs}


def _default(declared: Input) -> Values:
    if declared.options:
        return known(declared.options)
    if declared.kind == "boolean":
        return EITHER
    return frozenset((declared.default,)) if declared.default else UNKNOWN


def _local(uses: str) -> str:
    return normal(uses[2:].partition("@")[0]) if uses.startswith("./") else ""


class _Flow:
    """Follows one workflow, and the local workflows and actions that it uses."""

    def __init__(self, workflows: Mapping[str, Workflow], actions: Mapping[str, tuple[str, Action]], start: str) -> None:
        self._workflows, self._actions, self._start, self._left = workflows, actions, start, _STEP_LIMIT

    def run(self, path: str, workflow: Workflow, inputs: _Inputs, prefix: str, stack: tuple[str, ...]) -> Iterator[Running]:
        if path in stack or len(stack) > _NESTING_LIMIT:
            return
        alive = _alive(workflow, inputs)
        for job in workflow.jobs:
            variants = alive[job.id]
            self._left -= 1
            if not variants or self._left < 0:
                continue
            env = dict((*workflow.env, *job.env))
            scopes = {variant: _scope(variant, inputs[variant], dict(job.matrix), env) for variant in variants}
            callee = self._workflows.get(_local(job.calls.uses)) if job.calls else None
            if job.calls is not None and callee is not None:
                passed = {variant: _passed(callee, dict(job.calls.inputs), lookup) for variant, lookup in scopes.items()}
                yield from self.run(_local(job.calls.uses), callee, passed, f"{prefix}{job.id} / ", (*stack, path))
                continue
            for environment, held in _by_environment(job, scopes).items():
                around = Running(
                    step=Step(job.line),
                    path=path,
                    line=job.line,
                    system="github-actions",
                    workflow=self._start,
                    job=prefix + job.id,
                    job_name=job.name,
                    environment=environment,
                    services=_images(job.services, held.values()),
                    condition=job.condition,
                    soft=job.soft,
                )
                for step in (job.calls,) if job.calls else job.steps:
                    yield from self._step(around, step, held, 0)

    def _step(self, around: Running, step: Step, scopes: Mapping[_Variant, Lookup], depth: int) -> Iterator[Running]:
        self._left -= 1
        if self._left < 0:
            return
        held = _held(step.condition, scopes)
        if not held:
            return
        line, soft = around.line if depth else step.line, around.soft or step.soft
        condition = both_conditions(around.condition, step.condition)
        path, action = self._actions.get(_local(step.uses), ("", None)) if step.uses.startswith("./") else ("", None)
        if action is not None and action.steps and depth < _NESTING_LIMIT:
            passed = {variant: _action_scope(action, dict(step.inputs), lookup) for variant, lookup in held.items()}
            here = replace(around, line=line, condition=condition, soft=soft)
            for inner in action.steps:
                yield from self._step(here, replace(inner, path=path), passed, depth + 1)
            return
        rendered: dict[Command, None] = {}
        for command in step.run:
            for lookup in _telling(command.text, held).values():
                rendered.update(dict.fromkeys(_rendered(command, lookup)))
        folders = texts(step.folder, next(iter(held.values())))
        yield replace(
            around,
            line=line,
            condition=condition,
            soft=soft,
            step=replace(step, run=tuple(rendered), folder=folders[0] if "${{" not in folders[0] else ""),
            events=tuple(dict.fromkeys(variant.event for variant in held)),
            branches=tuple(dict.fromkeys(variant.branch for variant in held if variant.event != "tag" and variant.branch)),
        )


def _images(services: Iterable[str], lookups: Iterable[Lookup]) -> tuple[str, ...]:
    lookups = list(lookups)
    return tuple(dict.fromkeys(text for image in services for lookup in lookups for text in texts(image, lookup) if text))


def _alive(workflow: Workflow, inputs: _Inputs) -> dict[str, list[_Variant]]:
    """For each job the ways of starting the workflow that can reach it."""
    jobs = {job.id: job for job in workflow.jobs}
    found: dict[str, list[_Variant]] = {}

    def look(job: GithubJob, above: tuple[str, ...]) -> list[_Variant]:
        if job.id not in found:
            env = dict((*workflow.env, *job.env))
            held = [variant for variant in inputs if can_hold(job.condition, _scope(variant, inputs[variant], {}, env))]
            # A job is skipped with those that it needs, unless its condition asks how they went.
            if not any(word in job.condition for word in ("always()", "cancelled()", "failure()")) and len(above) < 200:
                for name in job.needs:
                    if name in jobs and name not in above:
                        reached = look(jobs[name], (*above, job.id))
                        held = [variant for variant in held if variant in reached]
            found[job.id] = held
        return found[job.id]

    for job in workflow.jobs:
        look(job, (job.id,))
    return found


def _by_environment(job: GithubJob, scopes: Mapping[_Variant, Lookup]) -> dict[str, dict[_Variant, Lookup]]:
    found: dict[str, dict[_Variant, Lookup]] = defaultdict(dict)
    for variant, lookup in scopes.items():
        for name in texts(job.environment, lookup):
            found[name][variant] = lookup
    return found


def _telling(template: str, scopes: Mapping[_Variant, Lookup]) -> Mapping[_Variant, Lookup]:
    """As many of the scopes as can make a difference: one, where nothing is said about the event."""
    if any(context in template for context in ("github", "inputs", "env")):
        return scopes
    return dict(islice(scopes.items(), 1))


def _held(condition: str, scopes: Mapping[_Variant, Lookup]) -> Mapping[_Variant, Lookup]:
    found = {variant: lookup for variant, lookup in _telling(condition, scopes).items() if can_hold(condition, lookup)}
    return scopes if found and len(found) == len(_telling(condition, scopes)) else found


_FROM_JSON = re2.compile(r"(?i)\$\{\{\s*fromJSON\(((?s:.*))\)\s*\}\}")


def _scope(
    variant: _Variant, inputs: Mapping[str, Values], matrix: Mapping[str, tuple[str, ...]], env: Mapping[str, str]
) -> Lookup:
    def look(name: str, deep: bool = True) -> Values:
        context, _, rest = name.partition(".")
        if context == "github":
            if rest.startswith("event.inputs."):
                return inputs.get(rest.removeprefix("event.inputs."), EMPTY)
            return _github(variant, rest)
        if context == "inputs":
            return inputs.get(rest, EMPTY)
        if context == "matrix":
            if rest in matrix:
                return frozenset(value for raw in matrix[rest] for value in _element(raw, shallow))
            return UNKNOWN if not matrix or "*" in matrix else EMPTY
        if context == "env" and deep and rest in env:
            return worth(env[rest], shallow)
        return UNKNOWN

    def shallow(name: str) -> Values:
        return UNKNOWN if name.startswith(("matrix.", "env.")) else look(name, deep=False)

    return look


def _element(raw: str, lookup: Lookup) -> Iterator[Value]:
    """The values of a matrix key: itself, or what a list in an expression can hold."""
    whole = _FROM_JSON.fullmatch(raw.strip())
    if whole is None:
        yield from worth(raw, lookup)
        return
    for value in values_of(whole.group(1), lookup):
        try:
            items = json.loads(value) if isinstance(value, str) else None
        except (ValueError, RecursionError):
            items = None
        if isinstance(items, list):
            yield from (item for item in items if isinstance(item, str))
        else:
            yield Unknown()


def _passed(callee: Workflow, given: Mapping[str, str], lookup: Lookup) -> dict[str, Values]:
    return {declared.name: _worth(declared, given, lookup) for declared in callee.inputs}


def _worth(declared: Input, given: Mapping[str, str], lookup: Lookup) -> Values:
    values = worth(given.get(declared.name, declared.default), lookup)
    if declared.kind == "boolean":
        return frozenset(value == "true" if isinstance(value, str) else value for value in values)
    return values


def _action_scope(action: Action, given: Mapping[str, str], lookup: Lookup) -> Lookup:
    inputs = {declared.name: _worth(declared, given, lookup) for declared in action.inputs}

    def look(name: str) -> Values:
        context, _, rest = name.partition(".")
        if context == "inputs":
            return inputs.get(rest, EMPTY)
        return lookup(name) if context in ("github", "env") else UNKNOWN

    return look


_REFS = {
    "push": "refs/heads/",
    "tag": "refs/tags/",
    "release": "refs/tags/",
    "pull_request": "refs/pull/",
    "pull_request_closed": "refs/pull/",
    "pull_request_target": "refs/heads/",
    "merge_group": "refs/heads/gh-readonly-queue/",
    "schedule": "refs/heads/",
    "workflow_run": "refs/heads/",
}
_PULL_REQUEST = ("pull_request", "pull_request_target", "pull_request_closed")


def _github(variant: _Variant, name: str) -> Values:
    """A field of the ``github`` context, as the event that started the workflow fills it."""
    event = variant.event
    if event == "workflow_call":
        return UNKNOWN
    if name == "event_name":
        if event == "pull_request_closed":
            return frozenset(("pull_request", "pull_request_target"))
        return frozenset(("push" if event == "tag" else event,))
    if name in ("ref", "ref_name"):
        return _ref(variant, name)
    if name == "ref_type":
        return (
            frozenset(("tag",))
            if event in ("tag", "release")
            else UNKNOWN
            if event == "workflow_dispatch"
            else frozenset(("branch",))
        )
    if name in ("base_ref", "head_ref"):
        return UNKNOWN if event in _PULL_REQUEST else EMPTY
    if name == "event.action":
        return known(variant.types) if variant.types else UNKNOWN if event not in ("push", "tag", "schedule") else EMPTY
    for field, filled in _EVENT_FIELDS.items():
        if name == field or name.startswith(f"{field}."):
            if (
                name == "event.pull_request.merged"
                and event == "pull_request"
                and variant.types
                and "closed" not in variant.types
            ):
                return frozenset((False,))
            return UNKNOWN if event in filled else EMPTY
    return UNKNOWN


_EVENT_FIELDS = {
    "event.pull_request": (*_PULL_REQUEST, "pull_request_review", "pull_request_review_comment"),
    "event.workflow_run": ("workflow_run",),
    "event.release": ("release",),
    "event.schedule": ("schedule",),
    "event.client_payload": ("repository_dispatch",),
}
"""Which events fill which part of ``github.event``."""


def _ref(variant: _Variant, name: str) -> Values:
    prefix = _REFS.get(variant.event)
    if prefix is None:
        return frozenset((Unknown("refs/"),)) if name == "ref" else UNKNOWN
    head = prefix if name == "ref" else ""
    if variant.event in ("push", "tag") and variant.branch:
        start = variant.branch
        for wildcard in "*?+[":
            start = start.partition(wildcard)[0]
        return frozenset((head + start if start == variant.branch else Unknown(head + start),))
    if prefix == "refs/pull/":
        return frozenset((Unknown(head, "/merge"),))
    return frozenset((Unknown(head),))


_MATRIX_TOOLS = frozenset(
    "npm pnpm yarn bun npx bunx turbo nx lerna make just task mise composer rake rails bundle tox nox poe pdm hatch uv uvx"
    " poetry pipenv python python3 pytest mix cargo go gradle gradlew mvn mvnw dotnet deno earthly bash sh php docker"
    " docker-compose pre-commit terraform tofu helm kubectl".split()
)
"""Tools of which it matters what exactly they are asked to run."""


def _rendered(command: Command, lookup: Lookup) -> Iterator[Command]:
    """A command with its expressions resolved: every way in which it can run, where that makes another command of it."""
    found = texts(command.text, lookup) if "${{" in command.text else (command.text,)
    if len(found) > 1:
        first = next((word for word in command.text.split() if "=" not in word), "")
        if not ("${{" in first or "/" in first or first.rsplit("/", 1)[-1] in _MATRIX_TOOLS):
            found = (command.text,)
    for text in found:
        if text == command.text:
            yield command
        else:
            # A value may be a whole script of its own.
            for inner in commands(Script(text, command.line, exact=False)):
                yield replace(command, text=inner.text, soft=command.soft or inner.soft)
