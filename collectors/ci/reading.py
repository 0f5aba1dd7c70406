"""From a path and the bytes of one file to what it says."""

from __future__ import annotations

from collections.abc import Callable

from collectors.ci import azure, circleci, cirrus, github, gitlab, hooks, hosted, python_targets, targets
from collectors.ci.documents import text_of
from collectors.ci.facts import CiFile, Content, Targets, Unreadable
from collectors.ci.paths import ci_kind

_READERS: dict[str, Callable[[str, str], Content]] = {
    "github-actions": lambda text, name: github.read_workflow(text),
    "action": lambda text, name: github.read_action(text),
    "gitlab-ci": lambda text, name: gitlab.read_gitlab(text),
    "circleci": lambda text, name: circleci.read_circleci(text),
    "azure-pipelines": lambda text, name: azure.read_azure(text),
    "travis": lambda text, name: hosted.read_travis(text),
    "jenkins": lambda text, name: hosted.read_jenkins(text),
    "buildkite": lambda text, name: hosted.read_buildkite(text),
    "bitbucket": lambda text, name: hosted.read_bitbucket(text),
    "drone": lambda text, name: hosted.read_drone(text),
    "cloudbuild": lambda text, name: hosted.read_cloudbuild(text),
    "semaphore": lambda text, name: hosted.read_semaphore(text),
    "appveyor": lambda text, name: hosted.read_appveyor(text),
    "codefresh": lambda text, name: hosted.read_codefresh(text),
    "cirrus": lambda text, name: cirrus.read_cirrus(text),
    "codebuild": lambda text, name: hosted.read_codebuild(text),
    "sourcehut": lambda text, name: hosted.read_sourcehut(text),
    "pre-commit": hooks.read_pre_commit,
    "lefthook": hooks.read_lefthook,
    "husky": hooks.read_husky,
    "lint-staged": targets.read_lint_staged,
    "package.json": lambda text, name: targets.read_package(text),
    "pnpm-workspace": lambda text, name: targets.read_workspaces(text),
    "lerna": lambda text, name: targets.read_lerna(text),
    "nx": lambda text, name: targets.read_nx(text),
    "deno": lambda text, name: targets.read_deno(text),
    "composer": lambda text, name: targets.read_composer(text),
    "make": lambda text, name: targets.read_make(text),
    "just": lambda text, name: targets.read_just(text),
    "task": lambda text, name: targets.read_task(text),
    "mise": lambda text, name: targets.read_mise(text),
    "mise-task": targets.read_mise_task,
    "rake": lambda text, name: targets.read_rake(text),
    "rails-ci": lambda text, name: targets.read_rails_ci(text),
    "mix": lambda text, name: targets.read_mix(text),
    "cargo": lambda text, name: targets.read_cargo(text),
    "earthly": lambda text, name: targets.read_earthly(text),
    "tox": lambda text, name: python_targets.read_tox_toml(text) if name.endswith(".toml") else python_targets.read_tox(text),
    "nox": lambda text, name: python_targets.read_nox(text),
    "invoke": lambda text, name: python_targets.read_invoke(text),
    "pyproject": python_targets.read_pyproject,
    "shell": lambda text, name: targets.read_shell(text),
}

_LOOSE = ("shell", "mise-task", "husky")
"""Kinds told by a folder's name, where a file may as well be something else."""


def read(path: str, data: bytes) -> CiFile:
    """What one file says; depends on nothing but its path and its bytes. Raises :class:`Unreadable`."""
    kind = ci_kind(path)
    if kind is None:
        raise Unreadable("not a CI file")
    if kind in _LOOSE and b"\0" in data[:8_000]:
        return CiFile(path, kind, Targets())
    name = path.rsplit("/", 1)[-1]
    return CiFile(path, kind, _READERS[kind](text_of(data), name))
