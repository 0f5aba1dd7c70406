"""Reads GitHub Actions workflows and actions; Gitea, Forgejo and Depot have the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from collectors.ci.documents import Node, yaml_document
from collectors.ci.facts import Action, Command, GithubJob, Input, Step, Workflow
from collectors.ci.shell import Script, commands, commands_of

_VALUE_LIMIT = 500
"""Characters of one input that are kept."""

_CHANGE_TYPES = {"opened", "synchronize", "reopened", "ready_for_review", "labeled", "edited"}
"""Of a pull request: those that can mean new work in it."""
_NO_SHELL = ("python", "node", "ruby", "perl", "php", "deno", "bun")
_COMMAND_INPUTS = ("run", "command", "commands", "cmd", "script", "inlineScript", "runCmd", "pre-command", "start")
"""Inputs of ready-made actions that hold shell commands."""
_PREFIXED_INPUTS = {
    "actions-rs/cargo": ("cargo", ("command", "args")),
    "borales/actions-yarn": ("yarn", ("cmd",)),
    "cloudflare/wrangler-action": ("wrangler", ("command",)),
    "gradle/gradle-build-action": ("gradle", ("arguments",)),
    "eskatos/gradle-command-action": ("gradle", ("arguments",)),
    "superfly/flyctl-actions": ("flyctl", ("args",)),
    "superfly/flyctl-actions/flyctl": ("flyctl", ("args",)),
    "helmfile/helmfile-action": ("helmfile", ("helmfile-args",)),
    "amondnet/vercel-action": ("vercel", ("vercel-args",)),
    "netlify/actions/cli": ("netlify", ("args",)),
    "w9jds/firebase-action": ("firebase", ("args",)),
    "actions-hub/gcloud": ("gcloud", ("args",)),
    "pulumi/actions": ("pulumi", ("command",)),
    "goreleaser/goreleaser-action": ("goreleaser", ("args",)),
    "php-actions/composer": ("composer", ("command",)),
    "deployphp/action": ("dep", ("dep",)),
}
"""Actions that are a command line without its first word: the word, and the inputs that follow it."""
_NOT_SHELL_ACTIONS = ("actions/github-script",)


def read_workflow(text: str) -> Workflow:
    """A file of ``.github/workflows``; raises :class:`collectors.ci.facts.Unreadable`."""
    root = yaml_document(text)
    on = root["on"] or root["true"] or root["True"] or root["On"] or root["ON"]
    inputs = {found.name: found for event in ("workflow_call", "workflow_dispatch") for found in _inputs(on[event]["inputs"])}
    defaults = root["defaults"]["run"]
    return Workflow(
        events=tuple(_events(on)),
        inputs=tuple(inputs.values()),
        env=_pairs(root["env"]),
        jobs=tuple(_job(name, job, defaults) for name, job in root["jobs"].mapping().items() if job.is_map),
    )


def read_action(text: str) -> Action:
    """An ``action.yml``; raises :class:`collectors.ci.facts.Unreadable`."""
    root = yaml_document(text)
    return Action(tuple(_inputs(root["inputs"])), tuple(_steps(root["runs"]["steps"], "", "")))


def _events(on: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    named = on.mapping() if on.is_map else {item.text: Node() for item in on.each() if item.text}
    for event, details in named.items():
        if event == "push":
            yield from _push(details)
        elif event in ("pull_request", "pull_request_target"):
            types = details["types"].texts()
            yield (event if not types or set(types) & _CHANGE_TYPES else "pull_request_closed"), types
        elif event == "workflow_run":
            yield event, details["branches"].texts()
        else:
            yield event, details["types"].texts() if details.is_map else ()


def _push(details: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    branches = tuple(branch for branch in details["branches"].texts() if not branch.startswith("!"))
    tags, ignored = details["tags"].texts(), details["branches-ignore"].texts()
    on_branches, on_tags = bool(branches or ignored), bool(tags or details["tags-ignore"])
    if not on_branches and not on_tags:
        # Without a filter of either kind both are meant.
        on_branches = on_tags = True
    if on_branches and not set(ignored) & {"**", "*"}:
        yield "push", () if set(branches) & {"**", "*"} else branches
    if on_tags or set(ignored) & {"**", "*"}:
        yield "tag", tags


def _inputs(inputs: Node) -> Iterator[Input]:
    for name, details in inputs.mapping().items():
        yield Input(name, details["type"].text, details["default"].text, details["options"].texts())


def _pairs(node: Node) -> tuple[tuple[str, str], ...]:
    return tuple((key, value.text) for key, value in node.mapping().items() if value.scalar is not None)


def _job(name: str, job: Node, defaults: Node) -> GithubJob:
    own = job["defaults"]["run"]
    folder = own["working-directory"].text or defaults["working-directory"].text
    shell = own["shell"].text or defaults["shell"].text
    calls = job["uses"]
    environment = job["environment"]
    services = (service["image"].text if service.is_map else service.text for service in job["services"].mapping().values())
    return GithubJob(
        id=name,
        line=job.line,
        name=job["name"].text,
        steps=tuple(_steps(job["steps"], folder, shell)),
        calls=Step(calls.line, uses=calls.text, inputs=_with(job["with"])) if calls.text else None,
        needs=job["needs"].texts(),
        environment=environment["name"].text if environment.is_map else environment.text,
        services=tuple(service for service in services if service),
        condition=_condition(job),
        soft=job["continue-on-error"].true,
        matrix=tuple(_matrix(job["strategy"]["matrix"])),
        env=_pairs(job["env"]),
    )


def _condition(node: Node) -> str:
    return " ".join(node["if"].text.split())


def _with(node: Node) -> tuple[tuple[str, str], ...]:
    return tuple((key, value[:_VALUE_LIMIT]) for key, value in _pairs(node))


def _matrix(matrix: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The values of each key; ``*`` as a key says that there are keys that only a run knows."""
    if matrix.text:
        yield "*", ()
        return
    values: dict[str, list[str]] = defaultdict(list)
    for key, value in matrix.mapping().items():
        if key == "include" and value.text:
            yield "*", ()
        elif key == "include":
            for item in value.each():
                _collect("", item, values)
        elif key != "exclude":
            for item in value.each():
                _collect(key, item, values)
    for key, found in values.items():
        yield key, tuple(dict.fromkeys(found))


def _collect(key: str, item: Node, values: dict[str, list[str]]) -> None:
    if item.is_map:
        for name, value in item.mapping().items():
            _collect(f"{key}.{name}" if key else name, value, values)
    elif item.scalar is not None and key:
        values[key].append(item.text)


def _steps(steps: Node, folder: str, shell: str) -> Iterator[Step]:
    # Those of a group that run side by side are steps like others.
    for step in (each for listed in steps.each() for each in (listed["parallel"].each() or [listed])):
        run, uses = step["run"], step["uses"]
        if not run.text and not uses.text:
            continue
        found: tuple[Command, ...] = ()
        if uses.text:
            found = _commands_of_inputs(uses.text.partition("@")[0], step["with"])
        elif not (step["shell"].text or shell).startswith(_NO_SHELL):
            found = commands_of(run)
        yield Step(
            line=uses.line if uses.text else run.line,
            run=found,
            uses=uses.text,
            inputs=_with(step["with"]),
            condition=_condition(step),
            soft=step["continue-on-error"].true,
            folder=step["working-directory"].text or ("" if uses.text else folder),
        )


def _commands_of_inputs(action: str, inputs: Node) -> tuple[Command, ...]:
    """The commands that an action is given to run."""
    prefixed = _PREFIXED_INPUTS.get(action.lower())
    if prefixed is not None:
        word, names = prefixed
        nodes = [inputs[name] for name in names if inputs[name].text]
        text = " ".join([word, *(" ".join(node.text.split()) for node in nodes)])
        return commands(Script(text, nodes[0].line, exact=False)) if nodes else ()
    if action in _NOT_SHELL_ACTIONS:
        return ()
    return commands_of(*(inputs[name] for name in _COMMAND_INPUTS))
