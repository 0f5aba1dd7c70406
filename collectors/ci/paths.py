"""Which CI or helper file a path is, by its name alone."""

from __future__ import annotations

from functools import lru_cache

import re2

_KINDS = (
    ("github-actions", r"\.(?:github|gitea|forgejo|depot)/workflows/[^/]+\.ya?ml"),
    ("action", r"(?:.*/)?action\.ya?ml"),
    ("gitlab-ci", r"\.gitlab-ci\.ya?ml|(?:.*/)?[^/]+\.gitlab-ci\.ya?ml|(?:\.gitlab|\.gitlab-ci|gitlab-ci|\.?ci)/.*\.ya?ml"),
    ("circleci", r"\.circleci/[^/]+\.ya?ml"),
    ("travis", r"\.travis\.ya?ml"),
    (
        "azure-pipelines",
        r"(?:[^/]+/)?azure-pipelines?[^/]*\.ya?ml|\.?(?:azure-pipelines|azure|azuredevops|azdo|pipelines|vsts|eng)/.*\.ya?ml",
    ),
    ("jenkins", r"(?:(?:\.?jenkins|\.?ci)/)?(?:Jenkinsfile[^/]*|[^/]+\.jenkinsfile)|jenkins/[^/]+\.groovy"),
    ("buildkite", r"\.buildkite/(?:.*/)?[^/]+\.ya?ml|buildkite\.ya?ml"),
    ("bitbucket", r"bitbucket-pipelines\.ya?ml"),
    ("drone", r"\.drone\.ya?ml|\.woodpecker\.ya?ml|\.woodpecker/.*\.ya?ml"),
    ("cloudbuild", r"(?:.*/)?cloudbuild[^/]*\.ya?ml"),
    ("semaphore", r"\.semaphore/.*\.ya?ml"),
    ("appveyor", r"\.?appveyor\.ya?ml"),
    ("codefresh", r"\.?codefresh\.ya?ml|\.codefresh/[^/]+\.ya?ml"),
    ("cirrus", r"\.cirrus\.ya?ml"),
    ("codebuild", r"(?:.*/)?buildspec[^/]*\.ya?ml"),
    ("sourcehut", r"\.build\.ya?ml|\.builds/[^/]+\.ya?ml"),
    ("pre-commit", r"\.pre-commit-config\.ya?ml|prek\.toml"),
    ("lefthook", r"\.?lefthook(?:-local)?\.(?:ya?ml|toml|json)"),
    ("husky", r"(?:[^/]+/)?\.(?:husky|githooks)/[a-z-]+"),
    ("lint-staged", r"(?:.*/)?(?:\.lintstagedrc(?:\.(?:json|ya?ml|[cm]?[jt]s))?|lint-staged\.config\.[cm]?[jt]s)"),
    ("package.json", r"(?:.*/)?package\.json"),
    ("pnpm-workspace", r"pnpm-workspace\.yaml"),
    ("lerna", r"lerna\.json"),
    ("nx", r"(?:.*/)?project\.json"),
    ("deno", r"(?:.*/)?deno\.jsonc?"),
    ("composer", r"(?:.*/)?composer\.json"),
    ("make", r"(?:.*/)?(?:GNUm|[mM])akefile|(?:.*/)?(?:Makefile\.[\w.-]+|[^/]+\.mk)"),
    ("just", r"(?:.*/)?(?:\.?[jJ]ustfile|[^/]+\.just)"),
    ("task", r"(?:.*/)?[tT]askfile(?:\.dist)?\.ya?ml|(?:.*/)?[tT]askfile[.-][\w-]+\.ya?ml"),
    ("mise", r"(?:.*/)?\.?mise(?:\.[\w-]+)?\.toml|(?:.*/)?\.?(?:config/)?mise/config\.toml"),
    ("mise-task", r"(?:.*/)?(?:\.mise|\.config/mise|mise)[/-]tasks/.+|\.mise-tasks/.+"),
    ("rake", r"(?:.*/)?(?:Rakefile|rakefile|[^/]+\.rake)"),
    ("rails-ci", r"(?:.*/)?config/ci\.rb"),
    ("mix", r"(?:.*/)?mix\.exs"),
    ("cargo", r"(?:.*/)?\.cargo/config(?:\.toml)?"),
    ("earthly", r"(?:.*/)?Earthfile"),
    ("tox", r"(?:.*/)?tox\.(?:ini|toml)"),
    ("nox", r"(?:.*/)?noxfile\.py"),
    ("invoke", r"tasks\.py"),
    ("pyproject", r"(?:.*/)?(?:pyproject|hatch|pixi)\.toml"),
    ("shell", r"(?:.*/)?[^/]+\.(?:sh|bash|zsh)"),
    (
        "shell",
        r"(?:[^/]+/){0,3}(?:[\w.-]*bin|[\w.-]*scripts?|\.?ci|\.buildkite|\.circleci|hack|tools|build|dev|etc|util|support)/(?:.*/)?[\w-]+",
    ),
    ("shell", r"(?:do|run|dev|test|build|ci|lint|check|go|x|deploy|release|ok|please|pants|manage|cli|sail)"),
)
"""Kinds and the paths that are of them; the first that fits counts."""

_SET = re2.Set.FullMatchSet()
for _, _pattern in _KINDS:
    _SET.Add(_pattern)
_SET.Compile()


@lru_cache(maxsize=200_000)
def ci_kind(path: str) -> str | None:
    """The kind of a path: the name of a CI system, or of what its commands may be found behind; ``None`` for all other files."""
    found = _SET.Match(path)
    return _KINDS[min(found)][0] if found else None
