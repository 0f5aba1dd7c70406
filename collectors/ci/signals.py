"""Makes signals of the steps that run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from collectors.ci.azure import running_azure
from collectors.ci.expand import Scripts
from collectors.ci.facts import CiFile, Step, Target, Targets
from collectors.ci.github_running import Workflows
from collectors.ci.gitlab import running_gitlab
from collectors.ci.hooks import COMMIT_HOOKS
from collectors.ci.runners import join
from collectors.ci.running import Running, running_pipelines
from rungwise.model import Signal, SignalKind

_DETAIL_LIMIT = 1_000
"""Characters of one detail that are kept."""
_BEHIND_ACTIONS = {
    "pre-commit/action": "pre-commit run",
    "j178/prek-action": "prek run",
    "tox-dev/action-pre-commit-uv": "pre-commit run",
    "cloudposse/github-action-pre-commit": "pre-commit run",
}
"""Actions that are known to run something of the repository itself."""


class Kept:
    """What the files of one repository came to when they were put together last.

    What a workflow comes to hangs on nothing but itself and what others may use: scripts, actions, the workflows that are called. While those
    stay the same, only the workflows that changed are followed anew.
    """

    def __init__(self) -> None:
        self.used: list[CiFile] = []
        self.scripts = Scripts(())
        self.workflows: dict[str, tuple[CiFile, list[Signal]]] = {}
        self.others: list[Signal] = []
        """The signals of all that is no workflow of GitHub's."""

    def use(self, used: list[CiFile]) -> None:
        """Let go of everything where other files are used than before."""
        if self.used != used:
            self.scripts, self.workflows = Scripts(used), {}
            runs = (*running_gitlab(used), *running_azure(used), *running_pipelines(used))
            self.others = [signal for run in runs for signal in _signals(run, self.scripts)]
            self.others += _hooks(used, self.scripts)
        self.used = used


def steps(files: Mapping[str, CiFile], kept: Kept | None = None) -> list[Signal]:
    """The STEP signals of a whole repository, from all its files that have a kind, by path.

    Each command and each ready-made step of every job that can run is one signal, and so is each command that stands behind one
    of them. Workflows without an event, jobs that never run, and templates give none. ``kept`` is what other files of the same repository
    came to; it saves time, and changes nothing.
    """
    kept = kept or Kept()
    known = [files[path] for path in sorted(files)]
    workflows = Workflows(known)
    kept.use([file for file in known if not workflows.alone(file)])
    found: dict[Signal, None] = {}
    for file in known:
        last = kept.workflows.get(file.path)
        if last is None or last[0] != file:
            signals = [signal for run in workflows.running(file) for signal in _signals(run, kept.scripts)]
            last = kept.workflows[file.path] = (file, signals)
        found.update(dict.fromkeys(last[1]))
    found.update(dict.fromkeys(kept.others))
    return list(found)


def _signals(run: Running, scripts: Scripts) -> Iterator[Signal]:
    step = run.step
    brought = bool(step.path)
    if step.uses:
        uses, _, ref = step.uses.partition("@") if not step.uses.startswith("docker://") else (step.uses, "", "")
        given = "\n".join(f"{key}={value}" for key, value in step.inputs)
        via = f"{step.path}:{step.line}" if brought else ""
        yield _signal(run, "uses", uses, run.line, run.soft, via, (("with", given), ("ref", ref)))
        behind = _BEHIND_ACTIONS.get(uses)
        for found in scripts.behind(behind, "", f"{run.path}:{run.line}") if behind else ():
            yield _signal(run, "run", found.text, run.line, run.soft or found.soft, found.via)
    functions = {command.within for command in step.run if command.within}
    for command in step.run:
        if command.text.split(" ", 1)[0] in functions:
            continue
        folder = join(join("", step.folder), command.folder)
        origin = f"{step.path or run.path}:{command.line}"
        line = run.line if brought else command.line
        soft = run.soft or command.soft
        yield _signal(run, "run", command.text, line, soft, origin if brought else "")
        for found in scripts.behind(command.text, folder, origin):
            yield _signal(run, "run", found.text, line, soft or found.soft, found.via)


def _signal(run: Running, name: str, value: str, line: int, soft: bool, via: str, more: Iterable[tuple[str, str]] = ()) -> Signal:
    about = (
        ("on", " ".join(run.events)),
        ("branches", " ".join(run.branches)),
        ("workflow", run.workflow),
        ("job", run.job),
        ("job_name", run.job_name),
        ("environment", run.environment),
        ("services", " ".join(run.services)),
        ("soft", "true" if soft else ""),
        ("if", run.condition),
        ("system", run.system),
        ("via", via),
        *more,
    )
    return Signal(
        SignalKind.STEP, name, value, run.path, line, about=tuple((key, text[:_DETAIL_LIMIT]) for key, text in about if text)
    )


def _hooks(files: Iterable[CiFile], scripts: Scripts) -> Iterator[Signal]:
    """Checks that run before a commit or a push, on the machine of whoever has set the hooks up."""
    for file in files:
        if not isinstance(file.content, Targets) or file.path.count("/") > 2:
            continue
        on_host = "ci" in file.content.flags
        for target in file.content.targets:
            if target.runner == "pre-commit":
                events = "pre-commit pull_request push" if on_host and target.name not in file.content.flags else "pre-commit"
                yield from _hook_signals(file.path, target, "pre-commit", events, scripts)
            elif target.runner in ("lefthook", "husky") and target.name in COMMIT_HOOKS:
                yield from _hook_signals(file.path, target, "git-hook", "pre-commit", scripts)


def _hook_signals(path: str, hook: Target, system: str, events: str, scripts: Scripts) -> Iterator[Signal]:
    for command in hook.commands:
        step = Step(command.line, (command,))
        around = Running(step, path, command.line, system, path, hook.name, events=tuple(events.split()))
        yield from _signals(around, scripts)
