"""A step as it runs: in which job, on which events, beside which services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.ci.facts import CiFile, Job, Pipeline, Step
from collectors.ci.shell import normal


@dataclass(frozen=True, slots=True)
class Running:
    """One step and all that its surroundings say about it.

    ``path`` is the CI file that holds it, or that uses what holds it: then ``line`` is where it does, and ``step.path`` the file
    with the step itself. ``workflow`` is the file whose events start it all.
    """

    step: Step
    path: str
    line: int
    system: str
    workflow: str
    job: str = ""
    job_name: str = ""
    events: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    environment: str = ""
    services: tuple[str, ...] = ()
    condition: str = ""
    soft: bool = False


def running_jobs(file: CiFile, jobs: Iterable[Job], started: tuple[str, ...] | None = None) -> Iterable[Running]:
    """The steps of complete jobs; ``started`` are the events of the file that starts this one, if there is one."""
    for job in jobs:
        for step in job.steps:
            yield Running(
                step=step,
                path=file.path,
                line=step.line,
                system=file.kind,
                workflow=file.path,
                job=job.id,
                job_name=job.name,
                events=job.events if started is None else started,
                branches=job.branches,
                environment=job.environment,
                services=job.services,
                condition=both_conditions(job.condition, step.condition),
                soft=job.soft or step.soft,
            )


def running_pipelines(files: Iterable[CiFile]) -> Iterable[Running]:
    """The steps of all files whose jobs are complete; a file that another one starts runs when that one says so."""
    pipelines = {file.path: (file, file.content) for file in files if isinstance(file.content, Pipeline)}
    started: dict[str, tuple[str, ...]] = {}
    for path, (_, content) in pipelines.items():
        folder = path.rpartition("/")[0]
        for called, events in content.calls:
            for candidate in (normal(f"{folder}/{called}"), normal(called.removeprefix("/"))):
                if candidate in pipelines and candidate != path:
                    started[candidate] = tuple(dict.fromkeys((*started.get(candidate, ()), *events)))
                    break
    for path, (file, content) in pipelines.items():
        yield from running_jobs(file, content.jobs, started.get(path))


def both_conditions(one: str, other: str) -> str:
    """Two conditions that both have to hold, in words."""
    return " && ".join(condition for condition in (one, other) if condition)
