"""Reads the smaller CI systems, whose files are complete in themselves: Travis, Jenkins, Buildkite, Bitbucket and others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

import re2

from collectors.ci.documents import Node, yaml_document, yaml_documents
from collectors.ci.facts import Job, Pipeline, Step
from collectors.ci.shell import Script, commands, commands_of, script_lines

_CHANGES = ("push", "pull_request")
_BY_HAND = ("workflow_dispatch",)
_NESTING_LIMIT = 8
_STEP_LIMIT = 2_000


def _run(*scripts: Node, condition: str = "", soft: bool = False) -> tuple[Step, ...]:
    found = commands_of(*scripts)
    return (Step(found[0].line, found, condition=condition, soft=soft),) if found else ()


def read_travis(text: str) -> Pipeline:
    """A .travis.yml."""
    root = yaml_document(text)
    services, branches = root["services"].texts(), root["branches"]["only"].texts()
    events = ("push",) if "type = push" in root["if"].text else _CHANGES
    parts = [part for key in ("jobs", "matrix") for part in root[key]["include"].each() if part.is_map]
    jobs = [Job("build", _travis_steps(root), events=events, branches=branches, services=services)]
    if not root["script"] and (not parts or not all(part["script"] for part in parts)):
        language = root["language"]
        found = script_lines([_TRAVIS_DEFAULTS.get(language.text, "")], language.line)
        jobs.append(Job("build", (Step(language.line, found),), events=events, branches=branches, services=services))
    jobs += _travis_deploys(root, branches)
    for part in islice(parts, 100):
        name, own = part["name"].text or part["stage"].text or "build", part["services"].texts() or services
        jobs.append(
            Job(name, _travis_steps(part), events=_travis_events(part["if"].text, events), branches=branches, services=own)
        )
        jobs += _travis_deploys(part, branches)
    return Pipeline(tuple(job for job in jobs if job.steps))


_TRAVIS_DEFAULTS = {
    "node_js": "npm test", "go": "go test ./...", "rust": "cargo test", "java": "mvn test", "ruby": "bundle exec rake",
    "php": "phpunit", "scala": "sbt test", "elixir": "mix test", "dart": "dart test",
}  # fmt: skip
"""What Travis runs where a language is named and no script is."""


def _travis_steps(part: Node) -> tuple[Step, ...]:
    return _run(*part["before_install"].flat(), *part["install"].flat(), *part["before_script"].flat(), *part["script"].flat())


def _travis_deploys(part: Node, branches: tuple[str, ...]) -> Iterator[Job]:
    for deploy in part["deploy"].each():
        on = deploy["on"] or deploy["true"]
        provider = deploy["provider"]
        if provider.text:
            inputs = tuple((key, value.text) for key, value in deploy.items() if value.text and key != "provider")
            step = Step(provider.line, commands_of(deploy["script"]), f"travis/{provider.text}", inputs)
            # A deployment never runs for a pull request.
            yield Job(
                "deploy", (step,), events=("tag",) if on["tags"].true else ("push",), branches=on["branch"].texts() or branches
            )


def _travis_events(condition: str, events: tuple[str, ...]) -> tuple[str, ...]:
    for words, found in (
        ("type = cron", ("schedule",)),
        ("type = pull_request", ("pull_request",)),
        ("type = push", ("push",)),
        ("tag ", ("tag",)),
    ):
        if words in condition and "!=" not in condition and "OR" not in condition:
            return found
    return events


_GROOVY_COMMENT = re2.compile(
    r"(?m)('''(?s:.*?)'''|\"\"\"(?s:.*?)\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")|//[^\n]*|/\*(?s:.*?)\*/"
)
_GROOVY_STEP = re2.compile(
    r"\b(?P<stage>stage)\s*\(?\s*(?P<name>'[^'\n]*'|\"[^\"\n]*\")"
    r"|\b(?:sh|bat|powershell|pwsh)\s*\(?\s*(?:[^\n'\"()]*\bscript\s*:\s*)?"
    r"(?P<script>'''(?s:.*?)'''|\"\"\"(?s:.*?)\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?m:^)[ \t]*(?:\w+\.(?P<method>gradle|mvn|yarn|npm)[ \t]*\(|(?P<tool>mvnw?|gradlew)\b[ \t]*\(?)[ \t]*(?P<arguments>'[^'\n]*'|\"[^\"\n]*\")"
    r"|@Library\(\s*\[?\s*(?P<library>'[^'\n]*'|\"[^\"\n]*\")"
    r"|(?:\bbranch\s*\(?\s*(?:pattern\s*:\s*)?|\bBRANCH_NAME\s*==\s*)(?P<branch>'[^'\n]*'|\"[^\"\n]*\")"
    r"|\b(?P<when>changeRequest|buildingTag)\b"
    r"|(?m:^)(?P<called>buildPlugin)\s*\("
)
_SCRIPT_GROUP = _GROOVY_STEP.groupindex["script"]


def read_jenkins(text: str) -> Pipeline:
    """A Jenkinsfile, by its text: what ``sh`` and steps called after build tools are given, under the stage and the condition on its branch before it."""
    plain = _GROOVY_COMMENT.sub(lambda match: match.group(1) or "\n" * match.group().count("\n"), text)
    steps: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Step]] = {}
    stage = ""
    events: tuple[str, ...] = _CHANGES
    branches: tuple[str, ...] = ()
    at, line = 0, 1
    for match in islice(_GROOVY_STEP.finditer(plain), _STEP_LIMIT):
        line += plain.count("\n", at, match.start())
        at = match.start()
        if match.group("stage"):
            stage, events, branches = match.group("name")[1:-1], _CHANGES, ()
        elif match.group("branch"):
            events, branches = ("push",), (match.group("branch")[1:-1],)
        elif match.group("when"):
            events, branches = ("tag",) if match.group("when") == "buildingTag" else ("pull_request",), ()
        elif match.group("library") or match.group("called"):
            uses = match.group("called") or match.group("library")[1:-1]
            steps.setdefault((stage, events, branches), []).append(Step(line, uses=uses))
        elif match.group("arguments"):
            # Shared libraries name the steps that run a build tool after the tool.
            script = f"{match.group('method') or match.group('tool')} {match.group('arguments')[1:-1]}"
            steps.setdefault((stage, events, branches), []).append(Step(line, commands(Script(script, line, exact=False))))
        else:
            quoted = match.group("script")
            start = line + plain.count("\n", at, match.start(_SCRIPT_GROUP))
            wide = quoted[:3] in ("'''", '"""')
            script = quoted[3:-3] if wide else quoted[1:-1].replace("\\n", "\n").replace('\\"', '"').replace("\\'", "'")
            found = commands(Script(script, start, exact=wide))
            if found:
                steps.setdefault((stage, events, branches), []).append(Step(start, found))
    return Pipeline(tuple(Job(name, tuple(found), events=on, branches=to) for (name, on, to), found in steps.items()))


def read_buildkite(text: str) -> Pipeline:
    """A pipeline of Buildkite."""
    root = yaml_document(text)
    steps = root["steps"] if root.is_map else root
    return Pipeline(tuple(_buildkite_jobs(steps, 0)))


def _buildkite_jobs(steps: Node, depth: int) -> Iterator[Job]:
    blocked = False
    for step in steps.each():
        if step.text == "block" or "block" in step:
            blocked = True
        if step["group"].text or step["steps"].is_list:
            for job in _buildkite_jobs(step["steps"], depth + 1) if depth < _NESTING_LIMIT else ():
                yield replace(job, events=_BY_HAND if blocked else job.events)
            continue
        found = [*_run(*step["command"].flat(), *step["commands"].flat())]
        for plugin in (
            step["plugins"].items() if step["plugins"].is_map else (p for item in step["plugins"].each() for p in _pairs(item))
        ):
            name, options = plugin
            uses, _, ref = name.partition("#")
            inputs = tuple((key, value.text) for key, value in options.items() if value.text)
            found.append(Step(options.line or step.line, uses=f"{uses}@{ref}" if ref else uses, inputs=inputs))
        if step["trigger"].text:
            found.append(Step(step["trigger"].line, uses=step["trigger"].text))
        if not found:
            continue
        only = tuple(branch for branch in step["branches"].text.split() if not branch.startswith("!"))
        condition = step["if"].text
        events: tuple[str, ...] = (
            ("push",) if only or ("build.branch ==" in condition and "pull_request" not in condition) else _CHANGES
        )
        if "build.tag" in condition and "== null" not in condition:
            events = ("tag",)
        label = step["label"].text or step["name"].text
        soft = step["soft_fail"].true
        yield Job(
            step["key"].text or label, tuple(found), label, _BY_HAND if blocked else events, only, condition=condition, soft=soft
        )


def _pairs(item: Node) -> Iterator[tuple[str, Node]]:
    yield from item.items() if item.is_map else [(item.text, Node(item.line))]


def read_bitbucket(text: str) -> Pipeline:
    """A bitbucket-pipelines.yml."""
    root = yaml_document(text)
    services = root["definitions"]["services"]
    pipelines = root["pipelines"]
    jobs: list[Job] = []
    for section, events in (
        ("default", ("push",)),
        ("branches", ("push",)),
        ("pull-requests", ("pull_request",)),
        ("tags", ("tag",)),
        ("custom", _BY_HAND),
    ):
        node = pipelines[section]
        for name, pipeline in node.items() if node.is_map else [("", node)]:
            branches = (name,) if section == "branches" and name not in ("**", "*") else ()
            for step, manual in _bitbucket_steps(pipeline, 0):
                jobs.append(_bitbucket_job(step, services, _BY_HAND if manual else events, branches))
    return Pipeline(tuple(jobs))


def _bitbucket_steps(node: Node, depth: int) -> Iterator[tuple[Node, bool]]:
    manual = False
    for item in node.each():
        if item["step"].is_map:
            manual = manual or item["step"]["trigger"].text == "manual"
            yield item["step"], manual
        for key in ("parallel", "stage"):
            inner = item[key]
            manual = manual or (inner.is_map and inner["trigger"].text == "manual")
            for step, by_hand in (
                _bitbucket_steps(inner["steps"] if inner.is_map else inner, depth + 1) if depth < _NESTING_LIMIT else ()
            ):
                yield step, manual or by_hand


def _bitbucket_job(step: Node, services: Node, events: tuple[str, ...], branches: tuple[str, ...]) -> Job:
    found: list[Step] = []
    scripts: list[Node] = []
    for item in (*step["script"].flat(), *step["after-script"].flat()):
        if item["pipe"].text:
            name, _, version = item["pipe"].text.rpartition(":")
            inputs = tuple((key, value.text) for key, value in item["variables"].items())
            found.append(Step(item["pipe"].line, uses=f"{name}@{version}" if name else version, inputs=inputs))
        elif not item.is_map:
            scripts.append(item)
    images = (services[name]["image"] for name in step["services"].texts())
    used = tuple((image["name"].text or image.text) or name for name, image in zip(step["services"].texts(), images, strict=True))
    return Job(
        step["name"].text,
        (*_run(*scripts), *found),
        events=events,
        branches=branches,
        environment=step["deployment"].text,
        services=used,
    )


_DRONE_EVENTS = {
    "push": "push", "pull_request": "pull_request", "pull-request": "pull_request", "tag": "tag", "cron": "schedule",
    "promote": "workflow_dispatch", "deployment": "workflow_dispatch", "manual": "workflow_dispatch",
    "custom": "workflow_dispatch", "rollback": "workflow_dispatch", "release": "release",
    "pull_request_closed": "pull_request_closed",
}  # fmt: skip


def read_drone(text: str) -> Pipeline:
    """A pipeline of Drone or Woodpecker."""
    jobs: list[Job] = []
    for root in yaml_documents(text):
        steps = root["steps"] or root["pipeline"]
        trigger = root["trigger"] or root["when"]
        services = tuple(image for _, item in _named(root["services"]) if (image := item["image"].text))
        for name, step in _named(steps):
            events, branches = _drone_events(step["when"], *_drone_events(trigger, _CHANGES, ()))
            image, _, tag = step["image"].text.partition(":")
            settings = step["settings"].items()
            inputs = tuple((key, value.text) for key, value in settings if value.text)
            found = _run(*step["commands"].flat(), soft=step["failure"].text == "ignore")
            if not found and image:
                found = (Step(step["image"].line, uses=f"{image}@{tag}" if tag else image, inputs=inputs),)
            if found and events:
                jobs.append(Job(root["name"].text or name, found, name, events, branches, services=services))
    return Pipeline(tuple(jobs[:_STEP_LIMIT]))


def _named(node: Node) -> Iterable[tuple[str, Node]]:
    return node.items() if node.is_map else [(item["name"].text, item) for item in node.each()]


def _drone_events(when: Node, events: tuple[str, ...], branches: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found: dict[str, None] = {}
    only: dict[str, None] = {}
    for condition in when.each():
        event, branch = condition["event"], condition["branch"]
        named = event["include"].texts() if event.is_map else event.texts()
        without = {_DRONE_EVENTS.get(name, name) for name in event["exclude"].texts()}
        given = [_DRONE_EVENTS.get(name, name) for name in named] or [name for name in events if name not in without]
        found.update(dict.fromkeys(given))
        only.update(dict.fromkeys(branch["include"].texts() if branch.is_map else branch.texts()))
    return (tuple(found), tuple(only) or branches) if when else (events, branches)


def read_cloudbuild(text: str) -> Pipeline:
    """A cloudbuild.yaml. What starts it is set up elsewhere, so its steps have no events."""
    root = yaml_document(text)
    steps: list[Step] = []
    for step in root["steps"].each():
        image = step["name"].text
        tool = image.rsplit("/", 1)[-1].partition(":")[0].partition("@")[0]
        word = step["entrypoint"].text or tool
        folder = "" if step["dir"].text.startswith("/") else step["dir"].text
        if step["script"].text:
            found = commands_of(step["script"])
        else:
            arguments = [_quoted(argument) for argument in step["args"].texts()]
            found = commands(Script(" ".join([word, *arguments]), step["name"].line, exact=False))
        steps.append(Step(step["name"].line, found, image, folder=folder))
    return Pipeline((Job("build", tuple(step for step in steps if step.run or step.uses)),))


def _quoted(argument: str) -> str:
    return (
        argument
        if argument and all(char.isalnum() or char in "-_./:=,@%+$" for char in argument)
        else "'" + argument.replace("'", "'\\''") + "'"
    )


def read_semaphore(text: str) -> Pipeline:
    """A pipeline of Semaphore, and the pipelines that it is promoted to."""
    root = yaml_document(text)
    jobs: list[Job] = []
    prologue = root["global_job_config"]["prologue"]["commands"].flat()
    for block in root["blocks"].each():
        task = block["task"]
        before = [*prologue, *task["prologue"]["commands"].flat()]
        skipped = block["skip"]["when"].text
        if skipped.strip() == "true":
            continue
        for job in task["jobs"].each():
            found = _run(*before, *job["commands"].flat())
            services = _services_started(command.text for step in found for command in step.run)
            name = block["name"].text or job["name"].text
            jobs.append(Job(name, found, job["name"].text, _CHANGES, condition=block["run"]["when"].text, services=services))
    calls = []
    for promotion in root["promotions"].each():
        automatic = promotion["auto_promote"]["when"].text or promotion["auto_promote_on"].is_list
        calls.append((promotion["pipeline_file"].text, ("push",) if automatic else _BY_HAND))
    return Pipeline(tuple(jobs), tuple(calls))


def _services_started(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in texts:
        words = text.split()
        if words[:2] == ["sem-service", "start"]:
            found.update(dict.fromkeys(words[2:3]))
    return tuple(found)


def read_appveyor(text: str) -> Pipeline:
    """An appveyor.yml."""
    root = yaml_document(text)
    scripts = [
        item if not item.is_map else next((item[key] for key in ("cmd", "ps", "pwsh", "sh", "bash") if item[key].text), Node())
        for section in (
            "init",
            "install",
            "before_build",
            "build_script",
            "before_test",
            "test_script",
            "after_test",
            "before_deploy",
            "deploy_script",
        )
        for item in root[section].flat()
    ]
    deploys = tuple(
        Step(item["provider"].line, uses=f"appveyor/{item['provider'].text}")
        for item in root["deploy"].each()
        if item["provider"].text
    )
    branches = root["branches"]["only"].texts()
    return Pipeline(
        (Job("build", (*_run(*scripts), *deploys), events=_CHANGES, branches=branches, services=root["services"].texts()),)
    )


def read_codefresh(text: str) -> Pipeline:
    """A pipeline of Codefresh. What starts it is set up elsewhere, so its steps have no events."""
    root = yaml_document(text)
    return Pipeline((Job("build", tuple(_codefresh_steps(root["steps"], 0))),))


def _codefresh_steps(steps: Node, depth: int) -> Iterator[Step]:
    for _, step in islice(steps.items(), _STEP_LIMIT):
        soft = step["fail_fast"].false
        yield from _run(*step["commands"].flat(), *step["cmd"].flat(), soft=soft)
        kind = step["type"].text
        if kind and kind not in ("freestyle", "parallel"):
            yield Step(step["type"].line, uses=kind, soft=soft)
        if depth < _NESTING_LIMIT:
            yield from _codefresh_steps(step["steps"], depth + 1)


def read_codebuild(text: str) -> Pipeline:
    """A buildspec of AWS CodeBuild. What starts it is set up elsewhere, so its steps have no events."""
    phases = yaml_document(text)["phases"]
    steps = [step for _, phase in phases.items() for step in _run(*phase["commands"].flat(), *phase["finally"].flat())]
    return Pipeline((Job("build", tuple(steps)),))


def read_sourcehut(text: str) -> Pipeline:
    """A build manifest of SourceHut, one script a task."""
    tasks = (pair for item in yaml_document(text)["tasks"].each() if item.is_map for pair in item.items())
    return Pipeline(tuple(Job(name, _run(script), events=_CHANGES) for name, script in islice(tasks, _STEP_LIMIT)))
