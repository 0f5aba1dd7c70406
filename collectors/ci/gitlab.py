"""Reads GitLab CI files, and puts together what they include and extend."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from fnmatch import fnmatchcase
from itertools import islice

import re2

from collectors.ci.documents import Node, yaml_documents
from collectors.ci.facts import CiFile, Command, Gitlab, GitlabJob, Reference, Rule, Step
from collectors.ci.running import Running
from collectors.ci.shell import commands_of, normal

MAIN = (".gitlab-ci.yml", ".gitlab-ci.yaml")
_NESTING_LIMIT = 10
_REFERENCE_LIMIT = 3
_COMMAND_LIMIT = 500
"""Commands behind one ``!reference``."""
_FILE_LIMIT = 200
_CHILD_LIMIT = 30
"""Child pipelines of one repository that are followed."""
_CHILD_DEPTH = 3
_NOT_JOBS = frozenset(
    "stages variables workflow default include image services before_script after_script cache pages:deploy spec types".split()
)
_PIPELINE = ("merge_request", "push")


def read_gitlab(text: str) -> Gitlab:
    """A GitLab CI file; raises :class:`collectors.ci.facts.Unreadable`."""
    documents = [root for root in yaml_documents(text) if root.is_map and list(root.key_lines()) != ["spec"]]
    root = documents[0] if documents else Node()
    top = {**{key: node for key, node in root.items() if key in _NOT_JOBS}, **root["default"].mapping()}
    jobs = tuple(_job(name, job) for name, job in root.mapping().items() if name not in _NOT_JOBS and job.is_map)
    local, remote = _includes(root["include"])
    default = _job("default", Node(1, pairs=[(Node(1, key), node) for key, node in top.items() if key != "variables"]))
    variables = _variables(root["variables"])
    return Gitlab(jobs, replace(default, variables=variables), _rules(root["workflow"]["rules"]), tuple(local), tuple(remote))


def _includes(include: Node) -> tuple[list[str], list[tuple[int, str]]]:
    local: list[str] = []
    remote: list[tuple[int, str]] = []
    for item in include.each():
        if item.text:
            (remote.append((item.line, item.text)) if "://" in item.text else local.append(item.text))
            continue
        local += item["local"].texts()
        project = item["project"].text
        names = item["file"].texts() or ("",) if project else ()
        remote += [(item.line, f"{project}/{name.lstrip('/')}".rstrip("/") + _at(item["ref"].text)) for name in names]
        remote += [(item.line, item[key].text) for key in ("template", "component", "remote") if item[key].text]
    return local, remote


def _at(ref: str) -> str:
    return f"@{ref}" if ref else ""


def _job(name: str, job: Node) -> GitlabJob:
    trigger = job["trigger"]
    environment = job["environment"]
    return GitlabJob(
        id=name,
        line=job.line,
        extends=job["extends"].texts(),
        before=_script(job["before_script"]),
        script=_script(job["script"]),
        after=_script(job["after_script"]),
        services=_services(job["services"]),
        environment=(environment["name"].text if environment.is_map else environment.text) or None,
        rules=_rules(job["rules"]),
        refs=_refs(job["only"], job["except"]),
        when=job["when"].text or None,
        soft=job["allow_failure"].true if job["allow_failure"].scalar is not None else None,
        variables=_with_matrix(job),
        calls=_calls(trigger) or None,
    )


def _calls(trigger: Node) -> tuple[str, ...]:
    """What a trigger starts: local files with a leading slash, projects without."""
    if trigger.text or trigger["project"].text:
        return (trigger.text or trigger["project"].text,)
    local, remote = _includes(trigger["include"])
    return (*(f"/{path.lstrip('/')}" for path in local), *(name for _, name in remote))


def _script(node: Node) -> tuple[Command | Reference, ...] | None:
    if node.scalar is None and not node.is_list:
        return None
    out: list[Command | Reference] = []
    held: list[Node] = []
    for item in _leaves(node, 0):
        if item.tag == "!reference":
            out += commands_of(*held)
            held = []
            job, key = [*(part.text for part in item.each()), "", ""][:2]
            out.append(Reference(job, key))
        else:
            held.append(item)
    return (*out, *commands_of(*held))


def _leaves(node: Node, depth: int) -> Iterator[Node]:
    for item in node.each():
        if item.is_list and item.tag != "!reference" and depth < _NESTING_LIMIT:
            yield from _leaves(item, depth + 1)
        else:
            yield item


def _services(node: Node) -> tuple[str, ...] | None:
    if not node.is_list:
        return None
    return tuple(name for item in node.each() if (name := item["name"].text if item.is_map else item.text))


def _rules(node: Node) -> tuple[Rule | Reference, ...] | None:
    if not node.is_list:
        return None
    out: list[Rule | Reference] = []
    for item in _leaves(node, 0):
        if item.tag == "!reference":
            job, key = [*(part.text for part in item.each()), "", ""][:2]
            out.append(Reference(job, key))
        else:
            out.append(Rule(" ".join(item["if"].text.split()), item["when"].text))
    return tuple(out)


def _refs(only: Node, without: Node) -> tuple[str, ...] | None:
    """What ``only`` names, then what ``except`` names with a leading ``!``."""
    if not only and not without:
        return None
    names = only["refs"].texts() if only.is_map else only.texts()
    others = without["refs"].texts() if without.is_map else without.texts()
    return (*names, *(f"!{name}" for name in others))


def _variables(node: Node) -> tuple[tuple[str, str], ...] | None:
    found = tuple((name, value["value"].text if value.is_map else value.text) for name, value in node.items())
    return found or None


def _with_matrix(job: Node) -> tuple[tuple[str, str], ...] | None:
    found = dict(_variables(job["variables"]) or ())
    for item in job["parallel"]["matrix"].each():
        for name, value in item.items():
            found[name] = " ".join(dict.fromkeys([*found.get(name, "").split(), *value.texts()]))
    return tuple(found.items()) or None


def running_gitlab(files: Iterable[CiFile]) -> Iterator[Running]:
    """The steps of the jobs that the main GitLab file comes to, with all that it includes."""
    contents = {file.path: file.content for file in files if isinstance(file.content, Gitlab)}
    for main in MAIN:
        if main in contents:
            yield from _Pipeline(contents, main, (), iter(range(_CHILD_LIMIT))).run(None)
            return


class _Pipeline:
    """One pipeline: a file and all that it includes."""

    def __init__(self, contents: Mapping[str, Gitlab], main: str, above: tuple[str, ...], children: Iterator[int]) -> None:
        self._contents, self._main, self._above, self._children = contents, main, (*above, main), children
        self._paths = self._gather()
        self._jobs: dict[str, GitlabJob] = {}
        self._whole: dict[str, GitlabJob] = {}
        self._sections: dict[tuple[str, str], list[tuple[str, Command]]] = {}
        self._origins: dict[int, str] = {}
        self._default = GitlabJob("default", 0)
        self._workflow: tuple[Rule | Reference, ...] | None = None
        for path in reversed(self._paths):
            # The including file comes last: it wins, and adds to jobs of the same name.
            content = contents[path]
            for job in (*content.jobs, content.default):
                self._origins.update((id(section), path) for section in (job.before, job.script, job.after) if section)
            self._default = _over(self._default, content.default)
            self._workflow = content.rules if content.rules is not None else self._workflow
            for job in content.jobs:
                placed = replace(job, path=path)
                self._jobs[job.id] = _over(self._jobs[job.id], placed) if job.id in self._jobs else placed

    def _gather(self) -> list[str]:
        paths: list[str] = []
        waiting = [self._main]
        while waiting and len(paths) < _FILE_LIMIT:
            path = waiting.pop(0)
            if path in paths:
                continue
            paths.append(path)
            for local in self._contents[path].local:
                waiting += _matching(local, self._contents)
        return paths

    def run(self, started: tuple[str, ...] | None) -> Iterator[Running]:
        """The pipeline's steps; ``started`` are the events of the job that triggers it."""
        events = self._events(self._workflow, ("push",))
        for path in self._paths:
            for line, name in self._contents[path].remote:
                yield Running(Step(line, uses=name), path, line, "gitlab-ci", self._main, events=started or events)
        for name in list(self._jobs):
            if not name.startswith("."):
                yield from self._job(self._extended(name), started)

    def _extended(self, name: str, depth: int = 0) -> GitlabJob:
        """A job on top of all that it extends; one that extends itself stays as it is."""
        if name not in self._whole:
            job = self._whole[name] = self._jobs[name]
            base: GitlabJob | None = None
            for parent in job.extends if depth < _NESTING_LIMIT else ():
                if parent in self._jobs:
                    found = self._extended(parent, depth + 1)
                    base = _over(base, found) if base else found
            self._whole[name] = _over(base, job) if base else job
        return self._whole[name]

    def _job(self, job: GitlabJob, started: tuple[str, ...] | None) -> Iterator[Running]:
        whole = replace(_over(self._default, job), line=job.line, path=job.path)
        events = self._when(whole, started)
        if not events or not (whole.script or whole.calls):
            return
        branches = _branches(whole.rules, whole.refs)
        for call in whole.calls or ():
            called = _matching(call, self._contents)[:1] if call.startswith("/") else []
            if not called:
                yield from self._running(whole, Step(whole.line, uses=call.lstrip("/")), events, branches)
            for path in called:
                if path not in self._above and len(self._above) < _CHILD_DEPTH and next(self._children, None) is not None:
                    yield from _Pipeline(self._contents, path, self._above, self._children).run(events)
        if not whole.script:
            return
        for section, soft in ((whole.before, False), (whole.script, False), (whole.after, True)):
            for path, found in self._commands(section, whole.path):
                step = Step(found.line, (found,), soft=soft, path="" if path == whole.path else path)
                yield from self._running(whole, step, events, branches)

    def _section(self, name: str, key: str, depth: int) -> list[tuple[str, Command]]:
        """The commands of a section of a job, each with the file that it stands in, for ``!reference``."""
        if (name, key) not in self._sections:
            self._sections[name, key] = []
            job = self._extended(name)
            section = {"script": job.script, "before_script": job.before, "after_script": job.after}.get(key)
            self._sections[name, key] = list(islice(self._commands(section, job.path, depth + 1), _COMMAND_LIMIT))
        return self._sections[name, key]

    def _commands(
        self, section: tuple[Command | Reference, ...] | None, path: str, depth: int = 0
    ) -> Iterator[tuple[str, Command]]:
        origin = self._origins.get(id(section), path)
        for item in section or ():
            if isinstance(item, Command):
                yield origin, item
            elif item.job in self._jobs and depth < _NESTING_LIMIT:
                yield from self._section(item.job, item.key, depth)

    def _running(self, job: GitlabJob, step: Step, events: tuple[str, ...], branches: tuple[str, ...]) -> Iterator[Running]:
        for environment in _environments(job):
            yield Running(
                step=step,
                path=job.path,
                line=job.line if step.path else step.line,
                system="gitlab-ci",
                workflow=self._main,
                job=job.id,
                events=events,
                branches=branches,
                environment=environment,
                services=job.services or (),
                soft=bool(job.soft) or step.soft,
            )

    def _when(self, job: GitlabJob, started: tuple[str, ...] | None) -> tuple[str, ...]:
        if job.rules is not None:
            events = self._events(job.rules, started or self._events(self._workflow, ("push",)), started)
        elif job.refs is not None:
            events = _events_of_refs(job.refs)
        else:
            events = started or self._events(self._workflow, ("push",))
        if job.when == "never":
            return ()
        return ("workflow_dispatch",) if job.when == "manual" and events else events

    def _events(
        self, rules: tuple[Rule | Reference, ...] | None, otherwise: tuple[str, ...], started: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        if rules is None:
            return otherwise
        found: dict[str, None] = {}
        for rule in self._flat(rules, frozenset()):
            if rule.when == "manual":
                found["workflow_dispatch"] = None
            elif rule.when != "never":
                found.update(dict.fromkeys(_events_of_rule(rule.condition, otherwise, started)))
        return tuple(found)

    def _flat(self, rules: tuple[Rule | Reference, ...], above: frozenset[str]) -> Iterator[Rule]:
        for rule in rules:
            if isinstance(rule, Rule):
                yield rule
            elif rule.job in self._jobs and rule.job not in above and len(above) < _REFERENCE_LIMIT:
                yield from self._flat(self._extended(rule.job).rules or (), above | {rule.job})


def _over(base: GitlabJob, job: GitlabJob) -> GitlabJob:
    """A job on top of what it starts from: whatever it says itself wins, variables are joined."""
    said = {field.name: getattr(job, field.name) for field in fields(GitlabJob) if getattr(job, field.name) is not None}
    if base.variables and job.variables:
        said["variables"] = tuple({**dict(base.variables), **dict(job.variables)}.items())
    return replace(base, **said)


def _matching(local: str, contents: Mapping[str, Gitlab]) -> list[str]:
    path = normal(local.lstrip("/"))
    if "*" in path:
        return sorted(
            other
            for other in contents
            if fnmatchcase(other, path) and ("**" in path or posixpath.dirname(other) == posixpath.dirname(path))
        )
    return [path] if path in contents else []


_SOURCES = (
    ("merge_request", ("merge_request_event", "CI_MERGE_REQUEST", "CI_OPEN_MERGE_REQUESTS")),
    ("tag", ("CI_COMMIT_TAG",)),
    ("schedule", ('"schedule"', "'schedule'", "/schedule")),
    ("workflow_dispatch", ('"web"', '"api"', '"trigger"', '"pipeline"', '"chat"', "'web'", "'api'", "'trigger'", "'pipeline'")),
    ("push", ("CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME", '"push"', "'push'", "CI_COMMIT_REF_PROTECTED", "CI_DEFAULT_BRANCH")),
)


def _events_of_rule(condition: str, otherwise: tuple[str, ...], started: tuple[str, ...] | None) -> tuple[str, ...]:
    if not condition:
        return otherwise if otherwise != ("push",) else _PIPELINE
    if "parent_pipeline" in condition:
        return started or ("push",)
    found: dict[str, None] = {}
    for part in condition.replace("&&", "||").split("||") if "||" in condition else [condition]:
        if "!=" in part and "null" not in part and '""' not in part and "''" not in part:
            continue
        found.update(dict.fromkeys(event for event, words in _SOURCES if any(word in part for word in words)))
        if "CI_COMMIT_TAG == null" in part:
            found.pop("tag", None)
    if len(found) > 1 and "||" not in condition:
        # Two of them in one condition: the one that names the source decides.
        found = {event: None for event in found if event != "push"}
    return tuple(found) or otherwise


_BRANCH = re2.compile(r"CI_COMMIT_(?:BRANCH|REF_NAME)\s*==\s*(?:[\"']([^\"']+)[\"']|(\$CI_DEFAULT_BRANCH))")
_KEYWORDS = {
    "merge_requests": "merge_request",
    "external_pull_requests": "pull_request",
    "tags": "tag",
    "schedules": "schedule",
    "branches": "push",
    "pushes": "push",
    "web": "workflow_dispatch",
    "triggers": "workflow_dispatch",
    "api": "workflow_dispatch",
    "pipelines": "workflow_dispatch",
    "chat": "workflow_dispatch",
}


def _branches(rules: tuple[Rule | Reference, ...] | None, refs: tuple[str, ...] | None) -> tuple[str, ...]:
    named = [
        a or b
        for rule in rules or ()
        if isinstance(rule, Rule) and rule.when != "never"
        for a, b in _BRANCH.findall(rule.condition)
    ]
    named += [ref for ref in refs or () if ref not in _KEYWORDS and not ref.startswith("!")]
    return tuple(dict.fromkeys(named))


def _events_of_refs(refs: tuple[str, ...]) -> tuple[str, ...]:
    named = [ref for ref in refs if not ref.startswith("!")]
    without = {_KEYWORDS.get(ref[1:], "") for ref in refs if ref.startswith("!")}
    events = dict.fromkeys(_KEYWORDS.get(ref, "push") for ref in named) if named else {"push": None}
    return tuple(event for event in events if event not in without)


_VARIABLE = re2.compile(r"\$\{?(\w+)\}?")


def _environments(job: GitlabJob) -> list[str]:
    """The environments of a job; a variable of many values, as a matrix has them, gives as many."""
    text = job.environment or ""
    variables = dict(job.variables or ())
    used = next((match for match in _VARIABLE.finditer(text) if variables.get(match.group(1))), None)
    if used is None:
        return [text]
    return [text.replace(used.group(), value) for value in variables[used.group(1)].split()[:16]]
