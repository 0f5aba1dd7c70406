"""Reads Azure Pipelines files, and puts local templates in their place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import re2

from collectors.ci.documents import Node, yaml_document
from collectors.ci.facts import Azure, AzureItem, CiFile, Command, Step
from collectors.ci.running import Running, both_conditions
from collectors.ci.shell import Script, commands, commands_of, normal

_NESTING_LIMIT = 10
_ITEM_LIMIT = 3_000
_SCRIPTS = ("script", "bash", "pwsh", "powershell")
_INLINE = ("script", "inlineScript", "Inline", "scriptInline", "InlineScript")
_TASKS = {
    "DotNetCoreCLI": ("dotnet", ("command", "custom", "projects", "arguments")),
    "Npm": ("npm", ("command", "customCommand")),
    "Maven": ("mvn", ("goals", "options")),
    "Gradle": ("gradle", ("tasks", "options")),
    "Gulp": ("gulp", ("targets",)),
    "Go": ("go", ("command", "arguments")),
    "Yarn": ("yarn", ("Arguments", "arguments")),
    "VSTest": ("vstest", ()),
    "HelmDeploy": ("helm", ("command", "arguments")),
    "Kubernetes": ("kubectl", ("command", "arguments")),
    "TerraformCLI": ("terraform", ("command", "commandOptions")),
    "TerraformTaskV4": ("terraform", ("command", "commandOptions")),
    "Docker": ("docker", ("command", "arguments")),
    "DockerCompose": ("docker compose", ("action", "dockerComposeCommand")),
}
"""Tasks that are a command line without its first word: the word, and the inputs that follow it."""
_PARAMETER = re2.compile(r"\$\{\{\s*parameters\.(\w+)\s*\}\}")


def read_azure(text: str) -> Azure:
    """An Azure Pipelines file or template; raises :class:`collectors.ci.facts.Unreadable`."""
    root = yaml_document(text)
    items = [*_stages(root["stages"]), *_jobs(root["jobs"]), *_steps(root["steps"])]
    if root["extends"]["template"].text:
        items.append(_template(root["extends"]))
    events, branches = _events(root)
    images = {item["container"].text: item["image"].text for item in root["resources"]["containers"].each() if item["image"].text}
    return Azure(tuple(_named_services(item, images) for item in items), _parameters(root["parameters"]), events, branches)


def _named_services(item: AzureItem, images: Mapping[str, str]) -> AzureItem:
    inner = tuple(_named_services(part, images) for part in item.items)
    return replace(item, items=inner, services=tuple(images.get(name, name) for name in item.services))


def _parameters(node: Node) -> tuple[tuple[str, str], ...]:
    if node.is_map:
        return tuple((name, value.text) for name, value in node.items())
    return tuple((item["name"].text, item["default"].text) for item in node.each() if item["name"].text)


def _inputs(node: Node) -> tuple[tuple[str, str], ...]:
    return tuple((name, value.text) for name, value in node.items() if value.text)


def _events(root: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Events and branches; without a word about them every push and every pull request starts a run."""
    trigger, review = root["trigger"], root["pr"]
    events: list[str] = []
    branches: tuple[str, ...] = ()
    if trigger.text != "none":
        included = trigger["branches"]["include"].texts() if trigger.is_map else trigger.texts()
        branches = () if "*" in included else included
        if not trigger["tags"] or included:
            events.append("push")
    if trigger["tags"]:
        events.append("tag")
    if review.text != "none":
        events.append("pull_request")
    if root["schedules"]:
        events.append("schedule")
    if any(item["trigger"] for item in root["resources"]["pipelines"].each()):
        events.append("workflow_run")
    return tuple(events) or ("workflow_dispatch",), branches


def _spread(node: Node, depth: int = 0) -> Iterator[Node]:
    """The items of a list; those under ``${{ if ... }}`` as if they always stood there."""
    for item in node.each():
        keys = list(item.key_lines())
        if len(keys) == 1 and keys[0].startswith("${{") and depth < _NESTING_LIMIT:
            yield from _spread(item[keys[0]], depth + 1)
        else:
            yield item


def _template(item: Node) -> AzureItem:
    return AzureItem("template", item["template"].text, line=item["template"].line, inputs=_inputs(item["parameters"]))


def _stages(node: Node) -> Iterator[AzureItem]:
    for stage in _spread(node):
        if stage["template"].text:
            yield _template(stage)
        elif stage.is_map:
            jobs = tuple(_jobs(stage["jobs"]))
            yield AzureItem(
                "stage", stage["stage"].text, stage["displayName"].text, stage.line, jobs, condition=_condition(stage)
            )


def _jobs(node: Node) -> Iterator[AzureItem]:
    for job in _spread(node):
        if job["template"].text:
            yield _template(job)
            continue
        environment = job["environment"]
        steps = [*_steps(job["steps"])]
        for strategy in ("runOnce", "rolling", "canary"):
            for phase in ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic"):
                steps += _steps(job["strategy"][strategy][phase]["steps"])
        yield AzureItem(
            "job",
            job["job"].text or job["deployment"].text,
            job["displayName"].text,
            job.line,
            tuple(steps),
            environment=(environment["name"].text if environment.is_map else environment.text),
            services=tuple(value["image"].text or value.text for _, value in job["services"].items()),
            condition=_condition(job),
            soft=job["continueOnError"].true,
        )


def _steps(node: Node) -> Iterator[AzureItem]:
    for item in _spread(node):
        if item["template"].text:
            yield _template(item)
            continue
        script = next((item[key] for key in _SCRIPTS if item[key].text), None)
        soft, condition, folder = item["continueOnError"].true, _condition(item), item["workingDirectory"].text
        if item["enabled"].false:
            continue
        if script is not None:
            step = Step(script.line, commands_of(script), condition=condition, soft=soft, folder=_folder(folder))
            yield AzureItem("step", line=step.line, step=step)
        elif item["task"].text:
            task, inputs = item["task"], item["inputs"]
            name = task.text.partition("@")[0]
            found = _task_commands(name, inputs)
            folder = folder or inputs["workingDirectory"].text or inputs["workingDir"].text
            step = Step(task.line, found, task.text, _inputs(inputs), condition, soft, _folder(folder))
            yield AzureItem("step", line=step.line, step=step)


def _folder(text: str) -> str:
    for variable in ("$(Build.SourcesDirectory)", "$(System.DefaultWorkingDirectory)", "$(Pipeline.Workspace)/s"):
        text = text.replace(variable, "")
    return "" if "$" in text else text.strip("/")


def _condition(node: Node) -> str:
    return node["condition"].text


def _task_commands(name: str, inputs: Node) -> tuple[Command, ...]:
    if name in _TASKS:
        word, keys = _TASKS[name]
        parts = [" ".join(inputs[key].text.split()) for key in keys]
        if parts and parts[0] == "custom":
            parts = parts[1:]
        text = " ".join(part for part in (word, *parts) if part)
        return commands(Script(text, inputs.line, exact=False)) if word else ()
    return commands_of(*(inputs[key] for key in _INLINE))


def running_azure(files: Iterable[CiFile]) -> Iterator[Running]:
    """The steps of all pipelines that stand for themselves: those that no other one uses as a template."""
    contents = {file.path: file.content for file in files if isinstance(file.content, Azure)}
    used = {path for start, content in contents.items() for path in _templates(contents, start, content.items)}
    for path, content in contents.items():
        if path not in used and _is_pipeline(path):
            around = Running(Step(1), path, 1, "azure-pipelines", path, events=content.events, branches=content.branches)
            yield from _Run(contents).items(path, content.items, around, dict(content.parameters), ())


def _is_pipeline(path: str) -> bool:
    return "template" not in path.lower()


def _templates(contents: Mapping[str, Azure], start: str, items: Iterable[AzureItem]) -> Iterator[str]:
    for item in items:
        if item.what == "template":
            path = _resolved(contents, start, item.id)
            if path:
                yield path
        yield from _templates(contents, start, item.items)


def _resolved(contents: Mapping[str, Azure], start: str, name: str) -> str:
    name = name.removesuffix("@self")
    beside = "" if name.startswith("/") else posixpath.dirname(start)
    for path in (normal(posixpath.join(beside, name.lstrip("/"))), normal(name.lstrip("/"))):
        if path in contents:
            return path
    return ""


class _Run:
    """One pipeline, its local templates put in their places."""

    def __init__(self, contents: Mapping[str, Azure]) -> None:
        self._contents, self._left = contents, _ITEM_LIMIT

    def items(
        self, path: str, items: Iterable[AzureItem], around: Running, parameters: Mapping[str, str], above: tuple[str, ...]
    ) -> Iterator[Running]:
        for item in items:
            self._left -= 1
            condition = _filled(item.condition, parameters)
            if self._left < 0 or condition.strip().lower() in ("false", "eq(true, false)", "eq(1, 2)"):
                continue
            if item.what == "template":
                yield from self._template(path, item, around, parameters, above)
            elif item.step is not None:
                yield _step(path, item.step, around, parameters)
            else:
                job = item.what == "job"
                inner = replace(
                    around,
                    job=_filled(item.id, parameters) if job else around.job,
                    job_name=_filled(item.name, parameters) if job else around.job_name,
                    environment=_filled(item.environment, parameters) if job else around.environment,
                    services=item.services if job else around.services,
                    condition=both_conditions(around.condition, condition),
                    soft=around.soft or item.soft,
                )
                yield from self.items(path, item.items, inner, parameters, above)

    def _template(
        self, path: str, item: AzureItem, around: Running, parameters: Mapping[str, str], above: tuple[str, ...]
    ) -> Iterator[Running]:
        name = _filled(item.id, parameters)
        found = _resolved(self._contents, path, name)
        if not found or found in above or len(above) > _NESTING_LIMIT:
            yield replace(around, step=Step(item.line, uses=name, inputs=item.inputs), path=path, line=item.line)
            return
        content = self._contents[found]
        given = {**dict(content.parameters), **{key: _filled(value, parameters) for key, value in item.inputs}}
        yield from self.items(found, content.items, around, given, (*above, found))


def _step(path: str, step: Step, around: Running, parameters: Mapping[str, str]) -> Running:
    run = tuple(found for command in step.run for found in _rendered(command, parameters))
    return replace(
        around,
        step=replace(step, run=run, folder=_filled(step.folder, parameters)),
        path=path,
        line=step.line,
        condition=both_conditions(around.condition, step.condition),
        soft=around.soft or step.soft,
    )


def _rendered(command: Command, parameters: Mapping[str, str]) -> Iterator[Command]:
    text = _filled(command.text, parameters)
    if text == command.text:
        yield command
        return
    for found in commands(Script(text, command.line, exact=False)):
        yield replace(command, text=found.text, soft=command.soft or found.soft)


def _filled(text: str, parameters: Mapping[str, str]) -> str:
    if "${{" not in text:
        return text
    filled: str = _PARAMETER.sub(lambda match: parameters.get(match.group(1)) or match.group(), text)
    return filled[:4_000]
