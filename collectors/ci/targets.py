"""Reads the files that name commands: package.json, Makefile, justfile and their kin, and shell scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import re2

from collectors.ci.documents import Lines, dig, json_document, strings, toml_document, yaml_document
from collectors.ci.facts import Command, Target, Targets
from collectors.ci.shell import Script, commands, commands_of, script_lines

ENTRY_LIMIT = 500
"""Named commands of one file that are read."""
_COMMAND_LIMIT = 500
"""Commands of one target that are kept."""
_VALUE_LIMIT = 1_000
"""Characters of one variable that are kept."""


def entries(mapping: Any) -> list[tuple[str, Any]]:
    """The first items of a parsed table; none where it is something else."""
    return [(str(name), value) for name, value in islice(mapping.items(), ENTRY_LIMIT)] if isinstance(mapping, dict) else []


def _more(target: Target, found: Iterable[Command] = (), after: Iterable[str] = ()) -> Target:
    commands_ = (*target.commands, *found) if len(target.commands) < _COMMAND_LIMIT else target.commands
    return replace(
        target, commands=commands_, after=(*target.after, *after) if len(target.after) < _COMMAND_LIMIT else target.after
    )


def read_package(text: str) -> Targets:
    """A package.json: its scripts, the hooks that it sets, and which packages it holds."""
    document, lines = json_document(text), Lines(text)
    targets = [*_json_scripts("npm", document, lines, "scripts")]
    for tool, runner in (("husky", "husky"), ("simple-git-hooks", "husky"), ("pre-commit", "husky")):
        hooks = dig(document, tool, "hooks") if tool == "husky" else dig(document, tool)
        for hook, script in entries(hooks):
            targets.append(Target(runner, hook, lines.of(tool, hook), script_lines(strings(script), lines.of(tool, hook))))
    targets += lint_staged(dig(document, "lint-staged"), lines.of("lint-staged"))
    targets += _nx_targets(dig(document, "nx", "targets"), lines)
    workspaces = dig(document, "workspaces")
    return Targets(
        targets=tuple(targets),
        name=str(dig(document, "name") or ""),
        workspaces=tuple(strings(dig(workspaces, "packages") if isinstance(workspaces, dict) else workspaces)),
    )


def _json_scripts(runner: str, document: Any, lines: Lines, *keys: str) -> Iterator[Target]:
    for name, script in entries(dig(document, *keys)):
        line = lines.of(*keys, name)
        yield Target(runner, name, line, script_lines(strings(script), line))


def lint_staged(config: Any, line: int) -> list[Target]:
    """The commands of a lint-staged configuration, as one target."""
    if isinstance(config, dict):
        config = [command for value in config.values() for command in strings(value)]
    found = script_lines(strings(config), line)
    return [Target("lint-staged", "", line, found)] if found else []


def read_lint_staged(text: str, name: str) -> Targets:
    """A lint-staged configuration: JSON or YAML, or a program whose strings are read."""
    if "module.exports" in text or "export default" in text or "=>" in text:
        found = tuple(
            command
            for number, line in enumerate(text.split("\n"), 1)
            for quoted in _JS_STRING.findall(line)
            if " " in quoted[1:-1].strip()
            for command in script_lines([quoted[1:-1]], number)
        )
        return Targets((Target("lint-staged", "", 1, found),) if found else ())
    if name.endswith(".json") or text.lstrip().startswith("{"):
        return Targets(tuple(lint_staged(json_document(text), 1)))
    values = yaml_document(text).mapping().values()
    found = tuple(command for value in values if not value.is_map for command in script_lines(value.texts(), value.line))
    return Targets((Target("lint-staged", "", 1, found),) if found else ())


_JS_STRING = re2.compile(r"'[^'\\\n]*'|\"[^\"\\\n]*\"|`[^`\\\n]*`")


def read_workspaces(text: str) -> Targets:
    """The packages that a pnpm-workspace.yaml names."""
    return Targets(workspaces=yaml_document(text)["packages"].texts())


def read_lerna(text: str) -> Targets:
    """The packages that a lerna.json names."""
    return Targets(workspaces=tuple(strings(dig(json_document(text), "packages"))))


def read_nx(text: str) -> Targets:
    """An Nx project.json."""
    document = json_document(text)
    return Targets(tuple(_nx_targets(dig(document, "targets"), Lines(text))), name=str(dig(document, "name") or ""))


def _nx_targets(targets: Any, lines: Lines) -> Iterator[Target]:
    for name, target in entries(targets):
        line = lines.of("targets", name)
        options = dig(target, "options")
        scripts = [*strings(dig(target, "command")), *strings(dig(options, "command"))]
        several = dig(options, "commands")
        for item in several if isinstance(several, list) else ():
            scripts += strings(dig(item, "command")) if isinstance(item, dict) else strings(item)
        executor = dig(target, "executor")
        if not scripts and isinstance(executor, str):
            scripts = [executor]
        yield Target("npm", name, line, script_lines(scripts, line))


def read_deno(text: str) -> Targets:
    """A deno.json: its tasks."""
    document, lines = json_document(text), Lines(text)
    targets = []
    for name, task in entries(dig(document, "tasks")):
        line = lines.of("tasks", name)
        script = dig(task, "command") if isinstance(task, dict) else task
        targets.append(Target("deno", name, line, script_lines(strings(script), line), tuple(strings(dig(task, "dependencies")))))
    return Targets(tuple(targets), name=str(dig(document, "name") or ""))


def read_composer(text: str) -> Targets:
    """A composer.json: its scripts; ``@other`` becomes ``composer other``."""
    document, lines = json_document(text), Lines(text)
    targets = []
    for name, script in entries(dig(document, "scripts")):
        line = lines.of("scripts", name)
        targets.append(Target("composer", name, line, script_lines(map(_composer_command, strings(script)), line)))
    return Targets(tuple(targets))


def _composer_command(text: str) -> str:
    if text.startswith(("@php ", "@composer ", "@putenv ")):
        return text[1:] if not text.startswith("@putenv") else ""
    if text.startswith("@"):
        return f"composer {text[1:]}"
    return "" if "::" in text and " " not in text else text


def read_make(text: str) -> Targets:
    """A Makefile: targets with their recipes and prerequisites. Simple variables are put in."""
    variables: dict[str, str] = {}
    targets: dict[str, Target] = {}
    includes: list[str] = []
    current: list[str] = []
    defining = False
    for number, line in _joined_lines(text):
        if defining or line.startswith("define "):
            defining = not line.strip().startswith("endef")
            continue
        if line.startswith("\t"):
            for name in current:
                targets[name] = _more(targets[name], _recipe(line, number, variables))
            continue
        line = line.split("#", 1)[0].rstrip()
        if not line.strip():
            continue
        assigned = _MAKE_VARIABLE.match(line)
        if assigned is not None:
            name, sign, value = assigned.groups()
            variables[name] = (f"{variables.get(name, '')} {value}" if sign == "+=" else value).strip()[:_VALUE_LIMIT]
            continue
        if line.lstrip().startswith(("include ", "-include ", "sinclude ")):
            includes += _expanded(line.split(None, 1)[1], variables).split()
            continue
        rule = _MAKE_RULE.match(line)
        if rule is None:
            continue
        needs, _, recipe = (rule.group(2) or "").partition(";")
        after = [word for word in _expanded(needs.replace("|", " "), variables).split() if "$" not in word and "=" not in word]
        names = _expanded(rule.group(1), variables).split()
        current = [name for name in names if not (name.startswith(".") and name.isupper())][:20]
        for name in current:
            old = targets.get(name, Target("make", name, number, ()))
            targets[name] = _more(old, _recipe(recipe, number, variables) if recipe.strip() else (), after)
    return Targets(tuple(targets.values()), flags=tuple(dict.fromkeys(includes)))


_MAKE_VARIABLE = re2.compile(r"\s*(?:export\s+|override\s+)*([A-Za-z_][\w.-]*)\s*(\?=|:::?=|:=|\+=|!=|=)\s*(.*)$")
_MAKE_RULE = re2.compile(r"([^\s:=#][^:=#]*?)\s*::?([^=].*)?$")
_MAKE_USE = re2.compile(r"\$[({]([A-Za-z_][\w.-]*)[)}]")


def _joined_lines(text: str) -> Iterator[tuple[int, str]]:
    start, held = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if held:
            line = held + (line[1:] if line.startswith("\t") else line.lstrip())
        else:
            start = number
        if line.endswith("\\") and len(line) < 20_000:
            held = line[:-1] + " "
        else:
            held = ""
            yield start, line
    if held:
        yield start, held


def _expanded(text: str, variables: dict[str, str]) -> str:
    for _ in range(4):
        if ("$(" not in text and "${" not in text) or len(text) > 4_000:
            break
        replaced = _MAKE_USE.sub(lambda match: variables.get(match.group(1), match.group()), text)
        if replaced == text:
            break
        text = replaced
    return text


def _recipe(line: str, number: int, variables: dict[str, str]) -> tuple[Command, ...]:
    stripped = line.strip().lstrip("@+ ")
    soft = stripped.startswith("-")
    stripped = stripped.lstrip("-@+ ")
    text = _expanded(stripped.replace("$(MAKE)", "make").replace("${MAKE}", "make"), variables).replace("$$", "$")
    found = commands(Script(text, number, exact=False))
    return tuple(Command(c.text, c.line, True, c.folder) for c in found) if soft else found


def read_just(text: str) -> Targets:
    """A justfile: recipes with their dependencies; flags are what it takes in: ``=file`` as its own, ``name=file`` as a module."""
    targets: list[Target] = []
    taken: list[str] = []
    variables: dict[str, str] = {}
    bodies: list[list[tuple[int, str]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line[:1] in (" ", "\t"):
            if bodies:
                bodies[-1].append((number, line.strip()))
            continue
        assigned = _JUST_VARIABLE.match(line)
        if assigned is not None:
            variables[assigned.group(1)] = assigned.group(2).strip("\"'`")[:_VALUE_LIMIT]
            continue
        other = _JUST_OTHER.match(line)
        if other is not None:
            _, imported, module, where = other.groups()
            taken.append(f"={imported}" if module is None else f"{module}={where or ''}")
            continue
        alias = _JUST_ALIAS.match(line)
        if alias is not None:
            targets.append(Target("just", alias.group(1), number, (), (alias.group(2),)))
            bodies.append([])
            continue
        recipe = _JUST_RECIPE.match(line)
        if recipe is None:
            continue
        name, needs = recipe.group(1), (recipe.group(2) or "").split("#", 1)[0].replace("&&", " ")
        after = tuple(word.strip("()") for word in needs.split() if _JUST_NAME.fullmatch(word.strip("()")))
        targets.append(Target("just", name, number, (), after))
        bodies.append([])
    return Targets(
        tuple(
            Target("just", t.name, t.line, _just_body(body, variables), t.after) for t, body in zip(targets, bodies, strict=True)
        ),
        flags=tuple(taken),
    )


_JUST_VARIABLE = re2.compile(r"(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(.*)$")
_JUST_OTHER = re2.compile(r"(import\??\s+['\"]([^'\"]+)['\"]|mod\??\s+([A-Za-z_][\w-]*)(?:\s+['\"]([^'\"]+)['\"])?)\s*(?:#.*)?$")
_JUST_ALIAS = re2.compile(r"alias\s+([\w-]+)\s*:=\s*([\w-]+)")
_JUST_RECIPE = re2.compile(r"@?([A-Za-z_][\w-]*)(?:\s+[^:]*)?:([^=].*)?$")
_JUST_NAME = re2.compile(r"[A-Za-z_][\w-]*")
_JUST_USE = re2.compile(r"\{\{\s*([A-Za-z_][\w-]*)\s*\}\}")


def _just_body(body: list[tuple[int, str]], variables: dict[str, str]) -> tuple[Command, ...]:
    if body and body[0][1].startswith("#!") and "sh" not in body[0][1]:
        return ()
    script: list[Script] = []
    held, start = "", 0
    whole = bool(body) and body[0][1].startswith("#!")
    for number, line in body:
        start = start if held else number
        line = _JUST_USE.sub(
            lambda match: variables.get(match.group(1), match.group()), held + (line if whole or held else line.lstrip("@-"))
        )
        held = line[:-1] + " " if line.endswith("\\") else ""
        if not held:
            script.append(Script(line, start))
    if whole:
        return commands(Script("\n".join(line for _, line in body), body[0][0])) if body else ()
    return tuple(command for line in script for command in commands(line))


def read_task(text: str) -> Targets:
    """A Taskfile."""
    root = yaml_document(text)
    targets = []
    own_lines = root["tasks"].key_lines()
    for name, task in islice(root["tasks"].items(), ENTRY_LIMIT):
        found: list[Command] = []
        after = [item["task"].text or item.text for item in task["deps"].each()]
        source = task["cmds"] if task.is_map and task["cmds"] else task["cmd"] if task.is_map else task
        folder = task["dir"].text
        for item in source.each():
            body = item["cmd"] if item.is_map else item
            if item.is_map and item["task"].text:
                after.append(item["task"].text)
            elif item.is_map and item["defer"]:
                continue
            elif body.text:
                soft = item["ignore_error"].true or task["ignore_error"].true
                found += [replace(c, soft=c.soft or soft, folder=c.folder or folder) for c in commands_of(body)]
        targets.append(
            Target("task", name, own_lines.get(name, task.line), tuple(found), tuple(n.lstrip(":") for n in after if n))
        )
    return Targets(
        tuple(targets), flags=tuple(f"{name}={item['taskfile'].text or item.text}" for name, item in root["includes"].items())
    )


def read_mise(text: str) -> Targets:
    """A mise.toml: its tasks."""
    document, lines = toml_document(text), Lines(text)
    targets = []
    for name, task in entries(document.get("tasks")):
        line = lines.of(f"tasks.{name}") if isinstance(task, dict) else lines.of("tasks", name)
        run = task.get("run") if isinstance(task, dict) else task
        after = [str(item) for key in ("depends", "depends_post") for item in strings(dig(task, key))]
        if isinstance(run, list):
            after += [str(item["task"]) for item in run if isinstance(item, dict) and "task" in item]
        targets.append(
            Target("mise", name, line, script_lines(strings(run), line), tuple(item.split()[0] for item in after if item.strip()))
        )
    return Targets(tuple(targets))


def read_shell(text: str) -> Targets:
    """A shell script as one target; nothing where it is a program in another language."""
    first = text.split("\n", 1)[0]
    if first.startswith("#!") and "ruby" in first:
        return Targets((Target("shell", "", 1, _ruby_commands(text)),))
    if first.startswith("#!") and not any(shell in first for shell in ("sh", "busybox")):
        return Targets()
    return Targets((Target("shell", "", 1, commands(Script(text))),))


def read_mise_task(text: str, name: str) -> Targets:
    """A script that mise runs by its file name."""
    return Targets(tuple(Target("mise", name, 1, target.commands) for target in read_shell(text).targets))


def read_rake(text: str) -> Targets:
    """A Rakefile: tasks by name, with what they need and the shell commands in them."""
    targets: list[Target] = []
    spaces: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        stripped, indent = line.strip(), len(line) - len(line.lstrip())
        if stripped.startswith("#"):
            continue
        while spaces and indent <= spaces[-1][0] and stripped:
            spaces.pop()
        space = _RAKE_NAMESPACE.match(stripped)
        if space is not None:
            spaces.append((indent, space.group(1)))
            continue
        prefix = "".join(f"{name}:" for _, name in spaces)
        library = next((runs for name, runs in _RAKE_LIBRARIES if name in stripped and ".new" in stripped), None)
        task = _RAKE_TASK.match(stripped)
        if library is not None:
            named = _RAKE_NEW.search(stripped)
            targets.append(
                Target("rake", prefix + ((named and named.group(1)) or library.split()[-1]), number, (Command(library, number),))
            )
        elif task is not None:
            rest = task.group(3).split(" do", 1)[0]
            needs = rest if task.group(2) else rest.partition("=>")[2]
            name = task.group(1) or task.group(2)
            targets.append(Target("rake", prefix + name, number, (), tuple(_RAKE_NAME.findall(_RAKE_LIST.sub("", needs)))))
        elif targets:
            targets[-1] = _more(targets[-1], _ruby_line(stripped, number), _RAKE_INVOKED.findall(stripped))
    return Targets(tuple(targets[:ENTRY_LIMIT]))


_RAKE_NAMESPACE = re2.compile(r"namespace[ (]+[:\"']([\w-]+)")
_RAKE_TASK = re2.compile(r"(?:multi)?task[ (]+(?:[:\"']([\w:.-]+)[\"']?|([A-Za-z_]\w*):)(.*)$")
_RAKE_LIST = re2.compile(r"%[iwIW]")
_RAKE_INVOKED = re2.compile(r"Rake::Task\[[:\"']([\w:.-]+)")
_RAKE_NAME = re2.compile(r"[A-Za-z_][\w:-]*")
_RAKE_NEW = re2.compile(r"\.new(?:[ (]+[:\"']([\w:-]+))?")
_RAKE_LIBRARIES = (
    ("RSpec::Core::RakeTask", "rspec"), ("RuboCop::RakeTask", "rubocop"), ("Rake::TestTask", "rake test"),
    ("Minitest::TestTask", "rake test"), ("Cucumber::Rake::Task", "cucumber"), ("Rails::TestTask", "rails test"),
)  # fmt: skip
_RUBY_SHELL = re2.compile(r"\b(?:sh|system!?|exec|step)[ (]+(.*)$")
_RUBY_STRING = re2.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")
_RUBY_STEP = re2.compile(r"step[ (]")


def _ruby_line(line: str, number: int) -> tuple[Command, ...]:
    called = _RUBY_SHELL.search(line)
    if called is None:
        return ()
    parts = [double or single for double, single in _RUBY_STRING.findall(called.group(1))]
    if _RUBY_STEP.match(line):
        # Rails' own ``step "Title", "command"``.
        parts = parts[1:]
    return script_lines([" ".join(parts)], number) if parts else ()


def _ruby_commands(text: str) -> tuple[Command, ...]:
    lines = enumerate(text.split("\n"), 1)
    return tuple(
        command for number, line in lines if not line.lstrip().startswith("#") for command in _ruby_line(line.strip(), number)
    )


def read_rails_ci(text: str) -> Targets:
    """Rails' config/ci.rb, which bin/ci runs."""
    return Targets((Target("rails-ci", "", 1, _ruby_commands(text)),))


def read_mix(text: str) -> Targets:
    """The aliases of a mix.exs."""
    targets: list[Target] = []
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        if not inside:
            inside = line.lstrip().startswith(("defp aliases", "def aliases"))
            continue
        if line.strip() == "end":
            break
        alias = _MIX_ALIAS.match(line)
        if alias is not None:
            targets.append(Target("mix", alias.group(1) or alias.group(2), number, ()))
            line = line[alias.end() :]
        if targets:
            tasks = _MIX_STRING.findall(line.split(" # ")[0])
            targets[-1] = _more(targets[-1], script_lines(map(_mix_command, tasks), number))
    return Targets(tuple(targets[:ENTRY_LIMIT]))


_MIX_ALIAS = re2.compile(r"""^\s*\[?(?:([a-z_]\w*)|"([^"]+)"):\s""")
_MIX_STRING = re2.compile(r"\"((?:[^\"\\]|\\.)*)\"")


def _mix_command(task: str) -> str:
    return task.removeprefix("cmd ") if task.startswith("cmd ") else f"mix {task}"


def read_cargo(text: str) -> Targets:
    """The aliases of a Cargo configuration."""
    document, lines = toml_document(text), Lines(text)
    targets = []
    for name, alias in entries(document.get("alias")):
        line = lines.of("alias", name)
        targets.append(Target("cargo", name, line, script_lines([" ".join(["cargo", *strings(alias)])], line)))
    return Targets(tuple(targets))


def read_earthly(text: str) -> Targets:
    """An Earthfile: targets with what they run and build."""
    targets: list[Target] = []
    for number, line in _joined_lines(text):
        named = _EARTHLY_TARGET.match(line)
        if named is not None:
            targets.append(Target("earthly", named.group(1), number, ()))
            continue
        word, _, rest = line.strip().partition(" ")
        if not targets:
            continue
        last = targets[-1]
        if word == "RUN":
            while rest.startswith("--") and " " in rest:
                rest = rest.split(" ", 1)[1].lstrip()
            targets[-1] = _more(last, script_lines([rest], number))
        elif word in ("BUILD", "FROM", "COPY"):
            targets[-1] = _more(last, (), (part[1:].split("/")[0] for part in rest.split() if part.startswith("+")))
    return Targets(tuple(targets))


_EARTHLY_TARGET = re2.compile(r"([a-z][\w-]*):\s*$")
