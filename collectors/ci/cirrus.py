"""Reads Cirrus CI files: a mapping whose keys end in ``task``, ``script`` and so on, in the order in which they run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from collectors.ci.documents import Node, yaml_document
from collectors.ci.facts import Job, Pipeline, Step
from collectors.ci.shell import commands_of

_TASK_LIMIT = 200


def read_cirrus(text: str) -> Pipeline:
    """A .cirrus.yml. Every push and every pull request starts a task, unless the task says otherwise."""
    root = yaml_document(text)
    # Tasks without a name of their own all stand under the same key.
    named = ((key, task) for key, value in root.items() if _is("task", key) for task in value.each() if task.is_map)
    jobs = (_job(key.removesuffix("task").rstrip("_"), task) for key, task in islice(named, _TASK_LIMIT))
    return Pipeline(tuple(job for job in jobs if job.steps and job.events))


def _is(word: str, key: str) -> bool:
    return key == word or key.endswith(f"_{word}")


def _job(key: str, task: Node) -> Job:
    name = task["name"].text or task["alias"].text
    condition = task["only_if"].text
    return Job(
        key or name,
        tuple(_steps(task)),
        name,
        ("workflow_dispatch",) if task["trigger_type"].text == "manual" else _events(condition),
        services=tuple(image for item in task["additional_containers"].each() if (image := item["image"].text)),
        condition=condition,
        soft=task["allow_failures"].true,
    )


def _steps(task: Node) -> Iterator[Step]:
    for key, value in task.items():
        if _is("script", key):
            found = commands_of(*value.flat())
            if found:
                yield Step(found[0].line, found)
    for part in task["pipe"].each():
        yield from _steps(part)


def _events(condition: str) -> tuple[str, ...]:
    if "CIRRUS_CRON" in condition and "CIRRUS_CRON == ''" not in condition:
        return ("schedule",)
    if "$CIRRUS_TAG !=" in condition and "||" not in condition:
        return ("tag",)
    if "$CIRRUS_PR !=" in condition and "||" not in condition:
        return ("pull_request",)
    return ("push", "pull_request")
