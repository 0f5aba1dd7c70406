"""From a fresh clone to a running app in one command."""

from rungwise.catalogue import CODE, Practice, Verdict
from rungwise.clues import ANYWHERE, ELIXIR, Language, Look, beside, code, either, file, manifest
from rungwise.model import Effort, Fact, Kind, Observable, Place, Role, Signal, Stage, Status

LOCKED = file(
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "requirements*.txt",
    "go.sum",
    "Cargo.lock",
    "Gemfile.lock",
    "composer.lock",
    "packages.lock.json",
    "Directory.Packages.props",
    "gradle.lockfile",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "mix.lock",
    "flake.lock",
    "pubspec.lock",
    "Package.resolved",
    where=ANYWHERE,
)
SCRIPT = file(
    "**/bin/setup",
    "{script,scripts}/{bootstrap,setup,start,dev}*",
    "{setup,bootstrap}.{sh,ps1}",
    "Taskfile.{yml,yaml}",
    "{,.}mise.toml",
    "devbox.json",
    "devenv.nix",
    ".devcontainer/**/devcontainer.json",
    ".devcontainer.json",
    "docker-compose*.y*ml",
    "compose*.y*ml",
    "flake.nix",
    "Vagrantfile",
    "Procfile.dev",
    "bin/dev",
    "startup.sh",
    "Tiltfile",
    "skaffold.yaml",
    "*.AppHost.csproj",
)
SCRIPTED = either(
    SCRIPT,
    code(
        # One that only formats or lints starts nothing.
        r"(?i)^[\w./-]*(set-?up|bootstrap|install|init|dev|run|start|up|serve|server|local|build|deps|all|watch|compose|docker|env|app|venv|sync)"
        r"[\w./-]*( [^:=\n]*)?:([^=]|$)",
        (Language.MAKEFILE,),
        example="setup: deps",
        files=("Makefile", "justfile", "Justfile"),
    ),
    manifest("composer:script", "^(setup|dev)="),
    manifest("npm:script", "^(setup|bootstrap)="),
    code(r"^\s*\"?setup\"?: \[", ELIXIR, example='      setup: ["deps.get", "ecto.setup"],', files="mix.exs"),
)
WRITTEN_DOWN = beside(
    code(r"^\s*(```|~~~|\$ )", (Language.MARKDOWN,), example="```sh", where=ANYWHERE),
    code(
        r"(?i)^#+ .*\b(getting started|quick ?start|develop\w*|set(ting)? ?up|running|run|local\w*|install\w*|build\w*"
        r"|contribut\w*)\b",
        (Language.MARKDOWN,),
        example="## Getting started",
        where=ANYWHERE,
        files=(
            *(
                "".join(f"[{letter.lower()}{letter}]" for letter in name) + "*"
                for name in ("README", "CONTRIBUTING", "DEVELOPMENT", "DEVELOPING", "HACKING")
            ),
            "docs/*develop*",
            "dev/docs/*develop*",
            "**/docs/*{setup,develop,install}*.md",
        ),
    ),
)
ENVIRONMENT = file(
    ".env.{example,sample,template,dist,schema,dev.example,local.example,development}",
    ".env",
    "*.env.example",
    "env.example",
    "example.env",
    "sample.env",
    "**/*.env.{example,sample}",
    "{config,settings,conf}{.,-,_}{example,sample,template,default,dist}.{yml,yaml,toml,json,ini}",
    "{config,settings,conf}.{yml,yaml,toml,json,ini}.{example,sample,template,default,dist}",
    "{example,examples,contrib}/{config,settings,conf}.{yml,yaml,toml,json,ini}",
    where=(Place.SOURCE, Place.SAMPLES),
)
"""What a newcomer copies and fills in: variables, or the settings that they may stand for."""


def judge(look: Look) -> Verdict | None:
    """Present with pinned versions and a way to start; a service that reads its environment needs an example of it or a script."""
    locked, scripted, written = LOCKED.find(look), SCRIPTED.find(look), WRITTEN_DOWN.find(look)
    started = scripted or written
    unset = False in (look.fact(Fact.READS_ENV), look.fact(Fact.HTTP_API))
    if locked and started and (unset or scripted or ENVIRONMENT.find(look)):
        return Verdict(Status.PRESENT, (_nearest(started), _nearest(locked)))
    if found := started or locked:
        return Verdict(Status.PARTIAL, (_nearest(found),))
    return None


def _nearest(found: tuple[Signal, ...]) -> Signal:
    """The one that a newcomer meets first: of the product rather than of its documentation, and near the root."""
    return min(found, key=lambda signal: (signal.place is not Place.SOURCE, (signal.path or "").count("/")))


PRACTICE = Practice(
    id="one-command-setup",
    stage=Stage.PROTOTYPING,
    title="One command takes a fresh clone to a running app",
    why="If it runs on one laptop only, the product is one spilled coffee away from standing still.",
    advice=(
        "Add bin/setup (install, copy the example environment, seed) and a `dev` script, and name both in the README.",
        "Commit the lock file and pin the tools' versions.",
    ),
    looked_for="a lock file, a setup script or setup steps, and an example of the environment",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=tuple(kind for kind in CODE if kind is not Kind.INFRA),
    guide="https://stack.convex.dev/seeding-data-for-preview-deployments",
    judge=judge,
    uses=(LOCKED, SCRIPTED, WRITTEN_DOWN, ENVIRONMENT),
    doubt=(
        (
            code(
                r"\b(npm|pnpm|yarn|bun) (i|install|ci)\b|\bpip install -[re]\b|\b(bundle|composer|poetry) install\b|\bmix deps\.get\b"
                r"|\b(cargo|go) (build|run)\b|\bdocker[ -]compose up\b|\bdotnet (run|build)\b|\bmvnw?\b|\bgradlew\b",
                (Language.MARKDOWN,),
                example="npm install",
                where=ANYWHERE,
            ),
            "names a command to begin with",
        ),
    ),
)
