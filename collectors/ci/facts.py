"""What one CI or helper file says, before anything outside of it is looked at.

Every shape here is frozen, holds nothing but text, numbers, flags and tuples, and so can be pickled or written as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


class Unreadable(Exception):
    """The file cannot be understood; the message is a short reason."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a script. ``line`` counts from 1.

    ``folder`` is where it runs, relative to where its script starts; with a leading slash, relative to the repository's root.
    ``within`` is the shell function that holds it, ``arm`` the pattern of a ``case "$1"`` that has to fit the first argument.
    """

    text: str
    line: int
    soft: bool = False
    folder: str = ""
    within: str = ""
    arm: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job: commands, or something ready-made that is used (with its ``@ref``), or both.

    ``path`` is set where a step was brought in from another file: a composite action, a template.
    """

    line: int
    run: tuple[Command, ...] = ()
    uses: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    condition: str = ""
    soft: bool = False
    folder: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a system whose files stand for themselves. ``events`` are the words of :data:`collectors.ci.EVENTS`."""

    id: str
    steps: tuple[Step, ...]
    name: str = ""
    events: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    environment: str = ""
    services: tuple[str, ...] = ()
    condition: str = ""
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A file whose jobs are complete: CircleCI, Travis, Jenkins and most others. ``calls`` are pipeline files that it starts."""

    jobs: tuple[Job, ...]
    calls: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """An input of a workflow or an action; ``options`` where it is a choice."""

    name: str
    kind: str = ""
    default: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GithubJob:
    """A job of a GitHub Actions workflow, expressions not yet resolved."""

    id: str
    line: int
    name: str = ""
    steps: tuple[Step, ...] = ()
    calls: Step | None = None
    needs: tuple[str, ...] = ()
    environment: str = ""
    services: tuple[str, ...] = ()
    condition: str = ""
    soft: bool = False
    matrix: tuple[tuple[str, tuple[str, ...]], ...] = ()
    env: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """A GitHub Actions workflow. ``events`` pairs an event with its branches (of a push) or types, both maybe empty."""

    events: tuple[tuple[str, tuple[str, ...]], ...]
    inputs: tuple[Input, ...]
    env: tuple[tuple[str, str], ...]
    jobs: tuple[GithubJob, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """A GitHub action. ``steps`` are empty unless it is a composite one."""

    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """GitLab's ``!reference [job, key]``."""

    job: str
    key: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One of GitLab's rules: in which pipelines a job runs."""

    condition: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class GitlabJob:
    """A job of a GitLab file, as far as this file describes it; ``None`` is what it leaves to what it extends."""

    id: str
    line: int
    extends: tuple[str, ...] = ()
    before: tuple[Command | Reference, ...] | None = None
    script: tuple[Command | Reference, ...] | None = None
    after: tuple[Command | Reference, ...] | None = None
    services: tuple[str, ...] | None = None
    environment: str | None = None
    rules: tuple[Rule | Reference, ...] | None = None
    refs: tuple[str, ...] | None = None
    when: str | None = None
    soft: bool | None = None
    variables: tuple[tuple[str, str], ...] | None = None
    calls: tuple[str, ...] | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Gitlab:
    """A GitLab file. ``default`` is the job that all others start from."""

    jobs: tuple[GitlabJob, ...]
    default: GitlabJob
    rules: tuple[Rule | Reference, ...] | None
    local: tuple[str, ...]
    remote: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class AzureItem:
    """A stage, a job, a step or a template of Azure Pipelines; ``inputs`` are what a template is given."""

    what: str
    id: str = ""
    name: str = ""
    line: int = 0
    items: tuple[AzureItem, ...] = ()
    step: Step | None = None
    environment: str = ""
    services: tuple[str, ...] = ()
    condition: str = ""
    soft: bool = False
    inputs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Azure:
    """An Azure Pipelines file; ``events`` are empty where it is a template."""

    items: tuple[AzureItem, ...]
    parameters: tuple[tuple[str, str], ...]
    events: tuple[str, ...]
    branches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Something with a name that a command can run: a make target, an npm script, a hook, a whole shell script.

    ``after`` are targets of the same runner and file that run with it.
    """

    runner: str
    name: str
    line: int
    commands: tuple[Command, ...]
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Targets:
    """A file that commands can be found behind. ``name`` is a package's, ``workspaces`` its globs."""

    targets: tuple[Target, ...] = ()
    name: str = ""
    workspaces: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


Content = Workflow | Action | Pipeline | Gitlab | Azure | Targets

_SHAPES = (
    Command, Step, Job, Pipeline, Input, GithubJob, Workflow, Action, Reference, Rule, GitlabJob, Gitlab, AzureItem, Azure,
    Target, Targets,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CiFile:
    """What one file says: the kind that its name gave it, and its content."""

    path: str
    kind: str
    content: Content

    def to_json(self) -> list[Any]:
        """Lists, text, numbers and flags only, for ``json.dumps``; :meth:`from_json` reads it back."""
        return [self.path, self.kind, _packed(self.content)]

    @classmethod
    def from_json(cls, packed: list[Any]) -> CiFile:
        """The inverse of :meth:`to_json`; raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
        path, kind, content = packed
        unpacked = _unpacked(content)
        if not isinstance(unpacked, Content):
            raise TypeError("not the content of a CI file")
        return cls(path, kind, unpacked)


_BY_NAME = {shape.__name__: shape for shape in _SHAPES}


def _packed(value: Any) -> Any:
    # A tuple is marked by a leading null, a shape by its name, so that the two stay apart from each other.
    if isinstance(value, tuple):
        return [None, *map(_packed, value)]
    if type(value) in _SHAPES:
        return [type(value).__name__, *(_packed(getattr(value, field.name)) for field in fields(value))]
    return value


def _unpacked(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    shape, *parts = value
    unpacked = tuple(_unpacked(part) for part in parts)
    return unpacked if shape is None else _BY_NAME[shape](*unpacked)
