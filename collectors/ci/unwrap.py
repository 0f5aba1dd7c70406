"""Takes a command's words apart: what a wrapper such as ``sudo``, ``uv run`` or ``docker compose run`` is asked to run."""

from __future__ import annotations

from collections.abc import Sequence

_PLAIN = frozenset(
    "sudo env time nice nohup exec command builtin chronic setsid stdbuf unbuffer timeout gtimeout xvfb-run cross-env"
    " cross-env-shell env-cmd dotenv nyc c8 npx bunx uvx busybox retry caffeinate strace dbus-run-session faketime".split()
)
_TWO_WORDS = frozenset(
    (
        "uv run", "uv tool", "poetry run", "pipenv run", "bundle exec", "pipx run", "npm exec", "npm x", "pnpm exec",
        "pnpm dlx", "yarn exec", "yarn dlx", "yarn node", "bun x", "mise exec", "mise x", "rtx exec", "doppler run", "op run",
        "infisical run", "aws-vault exec", "direnv exec", "dotenvx run", "nix develop", "nix shell", "devbox run",
        "poetry exec", "percy exec", "conda run", "micromamba run", "gotestsum run", "arch -x86_64", "python -m", "python3 -m",
        "coverage run", "spring exec", "asdf exec", "rbenv exec", "pyenv exec", "pdm run", "rye run",
    )
)  # fmt: skip
_WITH_VALUE = frozenset(
    "-u -g -n -k -s -C -e -f -p --group --extra --with --with-requirements --package --python --project --directory"
    " --env-file --only-group --no-group --index --from --spec --server-args --server-num --cache-dir --prefix --name -N"
    " --config --projectId --environment --user --signal --kill-after --profile --with-editable --no-extra --isolated-env".split()
)
_POSITIONALS = {"timeout": 1, "gtimeout": 1, "direnv exec": 1, "aws-vault exec": 1, "faketime": 1}
_MANAGERS = ("yarn", "pnpm")
_CONTAINERS = frozenset(("docker", "podman", "nerdctl"))
_COMPOSES = frozenset(("docker-compose", "podman-compose"))
_CONTAINER_VALUES = frozenset(
    "-e --env -u --user -v --volume -w --workdir --name --entrypoint -p --publish -f --file --profile --env-file --network"
    " --net --platform -l --label --mount --add-host -h --hostname --memory -m --cpus --project-name --project-directory"
    " --index --pull --cap-add --shm-size --ulimit --gpus --ipc --device --security-opt --tmpfs --link --volumes-from"
    " --log-driver --restart --context -c --runtime --dns --pid".split()
)


def without_assignments(words: Sequence[str]) -> list[str]:
    """The words after leading ``NAME=value`` ones."""
    start = 0
    while start < len(words) and _is_assignment(words[start]):
        start += 1
    return list(words[start:])


def assigned(words: Sequence[str], name: str) -> str:
    """The value of a leading ``NAME=value`` word; empty if there is none."""
    for word in words:
        if not _is_assignment(word):
            return ""
        if word.startswith(f"{name}="):
            return word[len(name) + 1 :]
    return ""


def _is_assignment(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()


def unwrapped(words: Sequence[str]) -> list[str]:
    """What a wrapper runs; empty where the words are no wrapper's."""
    first = words[0].rsplit("/", 1)[-1]
    two = f"{first} {words[1]}" if len(words) > 1 else ""
    # What is no script of a package may be a program that it has installed: ``yarn lint-staged``.
    head = (
        2
        if two in _TWO_WORDS or two in ("yarn run", "pnpm run", "bun run")
        else 1
        if first in _PLAIN or first in _MANAGERS
        else 0
    )
    if not head:
        return []
    rest = list(words[head:])
    for command in ("--command", "-c"):
        if two.startswith("nix ") and command in rest:
            return rest[rest.index(command) + 1 :]
    if "--" in rest[:15]:
        return rest[rest.index("--") + 1 :]
    skip = _POSITIONALS.get(two if head == 2 else first, 0)
    index = 0
    while index < len(rest):
        word = rest[index]
        if word.startswith("-"):
            index += 2 if word in _WITH_VALUE else 1
        elif _is_assignment(word):
            index += 1
        elif skip:
            skip, index = skip - 1, index + 1
        else:
            break
    if two == "uv tool" and rest[index : index + 1] == ["run"]:
        index += 1
    return rest[index:]


def in_container(words: Sequence[str]) -> list[str]:
    """The command that ``docker run``, ``docker exec`` and their kin run inside a container; empty for all other commands."""
    first = words[0].rsplit("/", 1)[-1]
    if first not in _CONTAINERS and first not in _COMPOSES:
        return []
    rest = _after_flags(words[1:])
    if rest[:1] == ["compose"]:
        rest = _after_flags(rest[1:])
    if rest[:1] == ["container"]:
        rest = rest[1:]
    if rest[:1] not in (["run"], ["exec"]):
        return []
    return _after_flags(rest[1:])[1:]


def _after_flags(words: Sequence[str]) -> list[str]:
    index = 0
    while index < len(words) and words[index].startswith("-"):
        index += 2 if words[index] in _CONTAINER_VALUES else 1
    return list(words[index:])
