"""Takes a shell script apart into single commands. It reads; it does not run or expand anything.

This is no shell: quoting, comments, here-documents, lists, groups, functions and ``case`` are understood well enough that each
command is seen once, on its own line, and that what is only printed is never mistaken for what is run.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import re2

from collectors.ci.documents import Node
from collectors.ci.facts import Command

LENGTH_LIMIT = 2_000
"""Characters of one command that are kept."""
COMMAND_LIMIT = 2_000
"""Commands of one script that are kept."""
_SCRIPT_LIMIT = 200_000
_REMEMBERED_SCRIPT = 10_000
"""Characters of scripts whose commands are remembered."""
_LOST_HEREDOCS = 20
"""Here-documents without an end after which a script is read as it is."""

_TOKEN = re2.compile(
    r"(?m)"
    r"(?P<join>\\\n)"
    r"|(?P<word>\$\{\{(?s:.*?)\}\}|'[^']*'"
    r"|\"(?:[^\"\\$]|\\(?s:.)|\$\((?:[^()]|\([^()]*\))*\)|\$)*\""
    r"|`[^`]*`|\$#|\$\{[^}\n]*\}|\\(?s:.)|&>>?|[<>]&|[<>]+|[^\\'\"`\n;&|(){}$#<> \t]+)"
    r"|(?P<comment>(?:^|[ \t]+)#[^\n]*)"
    r"|(?P<op>&&|\|\||;;&|;;|;&|;|\|&|\||\n)"
    r"|(?P<background>&)"
    r"|(?P<empty>\([ \t]*\))"
    r"|(?P<open>\$\(\(|\$\(|\(\(|\()"
    r"|(?P<close>\))"
    r"|(?P<space>[ \t]+)"
    r"|(?P<other>(?s:.))"
)
_KINDS = dict(map(reversed, _TOKEN.groupindex.items()))
_HEREDOC = re2.compile(r"(?:^|[^<])<<(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\?([A-Za-z_][\w.-]*))")
_ASSIGNMENTS = re2.compile(r"(?:[A-Za-z_]\w*\+?=(?:'[^']*'|\"(?:[^\"\\]|\\.)*\"|[^\s'\"]|\\.)*(?:\s+|$))+")
_REDIRECT = re2.compile(r"^(?:\d*[<>]+&?[^\s<>]+\s+)+")
_ARRAY = re2.compile(r"[A-Za-z_]\w*\+?=(?:\(.*\)|\$\(\(.*\)\))")
_NOISE = frozenset(
    "echo printf cd pushd popd true false : exit return break continue set shopt shift local declare readonly typeset unset"
    " read sleep wait umask let [ [[ for select fi done esac } ) trap test ulimit getopts type which hash pwd whoami ls id"
    " uname df free tree date mktemp basename dirname realpath readlink grep egrep fgrep awk gawk tr cut head tail sort uniq"
    " wc tee cat jq".split()
)
"""What changes nothing outside of the script, or only reads text: its words are data, and are not to be taken for commands."""
_HARMLESS = frozenset(("true", ":", "echo", "printf", "exit 0", "return 0"))
"""What after ``||`` turns a failure into a success."""
_PREFIXES = frozenset("then else do ! if elif while until time".split())
_SHELLS = frozenset(("sh", "bash", "zsh", "dash", "ash", "ksh"))
_FIRST_ARGUMENT = frozenset(("$1", '"$1"', '"${1}"', "${1}", '"${1:-}"', "${1:-}", '"${1-}"'))


@dataclass(frozen=True, slots=True)
class Script:
    """A piece of shell, and the line of the file on which it starts; ``exact`` if its lines are lines of the file."""

    text: str
    line: int = 1
    exact: bool = True


def commands(*scripts: Script) -> tuple[Command, ...]:
    """The commands of scripts that run one after the other in the same shell, in their order.

    Calls of the script's own functions are among them, except of those that do nothing but print.
    """
    if not scripts:
        return ()
    first = scripts[0].line
    read = _commands if sum(len(script.text) for script in scripts) <= _REMEMBERED_SCRIPT else _commands.__wrapped__
    found = read(*(Script(script.text, script.line - first, script.exact) for script in scripts))
    return tuple([replace(command, line=command.line + first) for command in found])


@lru_cache(maxsize=2_048)
def _commands(*scripts: Script) -> tuple[Command, ...]:
    """Remembered, with lines that count from the first script's: what runs in a file that changed is mostly what ran there before."""
    reader = _Reader()
    for script in scripts:
        reader.read(script)
    idle = reader.functions - {command.within for command in reader.out}
    return tuple(command for command in reader.out[:COMMAND_LIMIT] if command.text.split(" ", 1)[0] not in idle)


def commands_of(*nodes: Node) -> tuple[Command, ...]:
    """The commands of scripts in a YAML document, run one after the other in the same shell."""
    return commands(*(Script(node.text, node.first_line if node.exact else node.line, node.exact) for node in nodes if node.text))


def words(text: str) -> list[str]:
    """The words of a command, quotes taken off; what stands in ``$( )`` or ``${{ }}`` is part of one word. Never fails."""
    return list(_words(text))


@lru_cache(maxsize=16_384)
def _words(text: str) -> tuple[str, ...]:
    """Remembered, for the same commands are followed again in every week in which any of a repository's CI files changed."""
    masked = _with_whole_substitutions(text)
    try:
        found = shlex.split(masked, posix=True)
    except ValueError:
        found = masked.replace('"', " ").replace("'", " ").split()
    return tuple(word.replace(_SPACE, " ") for word in found)


_SPACE = "\x1f"
"""Stands for a space that separates no words."""


def _with_whole_substitutions(text: str) -> str:
    if "$(" not in text and "${{" not in text:
        return text
    out, depth = [], 0
    for index, char in enumerate(text):
        if char in "({" and (depth or (index and text[index - 1] == "$")):
            depth += 1
        elif char in ")}" and depth:
            depth -= 1
        out.append(_SPACE if depth and (char.isspace() or char in "'\"") else char)
    return "".join(out)


def folder_from(here: str, there: str) -> str:
    """The folder after ``cd there`` in ``here``; ``here`` where that cannot be told. A leading slash is the repository's root."""
    there = there.strip("\"'")
    for root in ("${{ github.workspace }}", "$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "$CI_PROJECT_DIR", "${CI_PROJECT_DIR}"):
        if there.startswith(root):
            return "/" + normal(there.removeprefix(root).strip("/"))
    if there.startswith("$(git rev-parse --show-toplevel)"):
        return "/" + normal(there.removeprefix("$(git rev-parse --show-toplevel)").strip("/"))
    if there == "-" or there.startswith(("/", "~")) or any(sign in there for sign in "$`*"):
        return here
    if here.startswith("/"):
        return "/" + normal(posixpath.join(here[1:], there))
    return normal(posixpath.join(here, there), up=True)


def normal(path: str, *, up: bool = False) -> str:
    """A relative path without dots; what leads above its start is cut off unless ``up``."""
    path = posixpath.normpath(path) if path else ""
    while not up and path.startswith("../"):
        path = path[3:]
    return "" if path in (".", "..") and not (up and path == "..") else path


@dataclass(slots=True)
class _Group:
    kind: str
    list_start: int
    here: str
    within: str
    opened: bool = True
    """A function's body starts with a brace or parenthesis of its own, which is not there yet while this is false."""


@dataclass(slots=True)
class _Case:
    direct: bool
    label: bool = True
    arm: str = ""
    outer: str = ""


@dataclass(slots=True)
class _Reader:
    """Goes through a script token by token; ``out`` fills with its commands."""

    out: list[Command] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    here: str = ""
    within: str = ""
    arm: str = ""
    buffer: list[str] = field(default_factory=list)
    started: int = 0
    length: int = 0
    nested: int = 0
    list_start: int = 0
    pending: str = ""
    groups: list[_Group] = field(default_factory=list)
    cases: list[_Case] = field(default_factory=list)
    line: int = 1

    def read(self, script: Script) -> None:
        self.line = script.line
        text = _without_heredocs(script.text[:_SCRIPT_LIMIT])
        # With one byte for each character, no offset has to be counted again. No token depends on which letter of another alphabet there is.
        for match in _TOKEN.finditer(text.encode("ascii", "replace")):
            start, end = match.span()
            kind, token = _KINDS[match.lastindex], text[start:end]
            if len(self.out) > COMMAND_LIMIT:
                return
            self._take(kind, token)
            if script.exact:
                self.line += token.count("\n")
        self.nested = 0
        self._end("\n")
        self.groups.clear()
        self.cases.clear()
        self.within = self.arm = self.pending = ""
        self.list_start = len(self.out)

    def _take(self, kind: str | None, token: str) -> None:
        if kind in ("join", "comment", "space"):
            self._add(" ")
        elif kind in ("op", "background") and self.nested:
            self._add(" " if token == "\n" else token)
        elif kind == "op":
            if _in_test(self._text()):
                self._add(" " if token == "\n" else token)
            elif self._in_label() and token == "|":
                self._add(token)
            else:
                self._end(token)
        elif kind == "background":
            self._end(";")
        elif kind == "empty" and not self.nested and _is_name(self._text()):
            self._function(self._text().strip().removeprefix("function ").strip())
        elif kind == "open":
            self._open(token)
        elif kind == "close":
            self._close()
        else:
            self._add(" ".join(token.replace("\\\n", " ").split()) if "\n" in token else token)

    def _text(self) -> str:
        return "".join(self.buffer)

    def _in_label(self) -> bool:
        return bool(self.cases) and self.cases[-1].label

    def _add(self, text: str) -> None:
        if not self.buffer:
            if text == " ":
                return
            self.started, self.length = self.line, 0
        elif text == " " == self.buffer[-1] or self.length > LENGTH_LIMIT:
            return
        self.length += len(text)
        self.buffer.append(text)

    def _open(self, token: str) -> None:
        if not self.nested and token == "(" and (not self.buffer or self._text().strip() in _PREFIXES):
            if not self._in_label():
                self.buffer.clear()
                self._enter("(")
        else:
            self.nested += token.count("(")
            self._add(token)

    def _close(self) -> None:
        text = "" if self.nested else self._text()
        if self.nested:
            self.nested -= 1
            self._add(")")
        elif self._in_label():
            self._label(text)
        elif text.strip().startswith("case ") and " in " in text:
            self._case(text.split(" in ", 1)[0])
            self._label(text.split(" in ", 1)[1])
        else:
            self._end(")")
            self._leave("(")

    def _case(self, head: str) -> None:
        subject = head.strip().removeprefix("case").strip()
        self.cases.append(_Case(direct=subject in _FIRST_ARGUMENT, outer=self.arm))

    def _label(self, text: str) -> None:
        case = self.cases[-1]
        case.label = False
        if case.direct:
            self.arm = "".join(text.split()).replace('"', "").replace("'", "")
        self.buffer.clear()
        self._new_list()

    def _enter(self, kind: str) -> None:
        function = self.groups[-1] if self.groups else None
        if function is not None and not function.opened:
            function.kind, function.opened = kind, True
            return
        self.groups.append(_Group(kind, self.list_start, self.here, self.within))
        self._new_list()

    def _leave(self, kind: str) -> None:
        if self.groups and self.groups[-1].kind == kind:
            group = self.groups.pop()
            self.list_start, self.within = group.list_start, group.within
            if kind == "(":
                self.here = group.here

    def _function(self, name: str) -> None:
        self.groups.append(_Group("", self.list_start, self.here, self.within, opened=False))
        self.within = name
        self.functions.add(name)
        self.buffer.clear()
        self._new_list()

    def _new_list(self) -> None:
        self.list_start = len(self.out)
        self.pending = ""

    def _end(self, op: str) -> None:
        """A command is complete; ``op`` is what ended it."""
        text = self._text().strip()
        self.buffer.clear()
        if self._in_label():
            if text == "esac" or text.startswith("esac "):
                self.arm = self.cases.pop().outer
            elif text:
                self._add(text)
            return
        text = _REDIRECT.sub("", self._without_keywords(text))
        if text:
            self._command(text, op)
        elif op == "\n" and self.pending:
            return
        if op in ("&&", "||", "|", "|&"):
            self.pending = op
        elif op != ")" or text:
            self._new_list()
        if op in (";;", ";&", ";;&") and self.cases:
            self.cases[-1].label = True

    def _without_keywords(self, text: str) -> str:
        while text:
            first, _, rest = text.partition(" ")
            if first == "{":
                self._enter("{")
            elif first == "}":
                self._leave("{")
            elif first == "function" and rest:
                name, _, rest = rest.partition(" ")
                self._function(name.removesuffix("()"))
            elif first == "case" and (text.endswith(" in") or " in " in text):
                self._case(text[: text.rfind(" in")])
                return ""
            elif first == "esac":
                if self.cases:
                    self.arm = self.cases.pop().outer
            elif first not in _PREFIXES:
                return text
            text = rest.strip()
        return ""

    def _command(self, text: str, op: str) -> None:
        if self.pending == "||" and op not in ("&&", "||", "|", "|&") and _is_harmless(text):
            self.out[self.list_start :] = [replace(command, soft=True) for command in self.out[self.list_start :]]
        first, _, rest = text.partition(" ")
        if first in ("cd", "pushd") and rest:
            self.here = folder_from(self.here, rest.split(" >", 1)[0].strip())
        elif first == "popd":
            self.here = ""
        if _is_noise(text):
            return
        self.out.extend(
            _unwrapped(Command(_without_prose(text)[:LENGTH_LIMIT], self.started, False, self.here, self.within, self.arm))
        )


def _is_noise(text: str) -> bool:
    substitutes = "$(" in text.replace("$((", "") or "`" in text
    if text.startswith(("((", ">", "<")) or (not substitutes and (_ASSIGNMENTS.fullmatch(text) or _ARRAY.fullmatch(text))):
        return True
    parts = text.split(" ", 12)
    first = next((part for part in parts if not _is_plain_assignment(part)), "")
    return first in _NOISE or text.startswith("command -v") or (first == "sed" and " -i" not in text)


def _is_plain_assignment(word: str) -> bool:
    name, equals, value = word.partition("=")
    return bool(equals) and name.isidentifier() and "$(" not in value and value.count('"') != 1 and value.count("'") != 1


_PROSE = ("git commit", "git tag", "gh pr", "gh issue", "gh api", "gh release")
_QUOTED = re2.compile(r"'[^']*'|\"(?:[^\"\\]|\\(?s:.))*\"")


def _without_prose(text: str) -> str:
    """The command without what is said in a commit message or a comment."""
    return _QUOTED.sub('""', text) if text.startswith(_PROSE) else text


def _unwrapped(command: Command) -> list[Command]:
    """A command and, for ``sh -c '...'``, the commands in its quotes, each for itself."""
    if " -" not in command.text or "c " not in command.text or not any(shell in command.text for shell in _SHELLS):
        return [command]
    parts = words(command.text)
    for index, part in enumerate(parts[:-2]):
        if part.rsplit("/", 1)[-1] not in _SHELLS:
            continue
        options = index + 1
        while options < len(parts) - 1 and parts[options].startswith("-") and not _runs_text(parts[options]):
            options += 2 if parts[options] == "-o" else 1
        if options < len(parts) - 1 and _runs_text(parts[options]):
            inner = [replace(found, folder=command.folder, within=command.within, arm=command.arm)
                     for found in commands(Script(parts[options + 1], command.line, exact=False))]  # fmt: skip
            bare = index == 0 or all("=" in part or part in ("env", "sudo", "exec", "time") for part in parts[:index])
            return inner if bare else [replace(command, text=" ".join(parts[: options + 1])), *inner]
    return [command]


def _runs_text(option: str) -> bool:
    return option.startswith("-") and not option.startswith("--") and option.endswith("c")


def _is_harmless(text: str) -> bool:
    return text in _HARMLESS or text.split(" ", 1)[0] in ("echo", "printf", "true", ":")


def _is_name(text: str) -> bool:
    name = text.strip().removeprefix("function ").strip()
    return bool(name) and all(char.isalnum() or char in "_-.:" for char in name)


def _in_test(text: str) -> bool:
    """Whether a ``[[`` is still open."""
    stripped = text.lstrip()
    while stripped.partition(" ")[0] in _PREFIXES:
        stripped = stripped.partition(" ")[2].lstrip()
    return stripped.startswith("[[ ") and " ]]" not in stripped


def _without_heredocs(script: str) -> str:
    """The script, the bodies of its here-documents emptied; lines stay where they are."""
    if "<<" not in script:
        return script
    lines = script.split("\n")
    lost = 0
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if line.lstrip().startswith("#") or lost >= _LOST_HEREDOCS:
            continue
        ends = [(a or b or c, bool(dash)) for dash, a, b, c in _HEREDOC.findall(line)]
        for end, dash in ends:
            last = next((i for i in range(index, len(lines)) if (lines[i].strip() if dash else lines[i].rstrip()) == end), None)
            if last is None:
                # Within indented YAML or make the closing word may keep its indentation.
                last = next((i for i in range(index, len(lines)) if lines[i].strip() == end), None)
            if last is not None:
                lines[index : last + 1] = [""] * (last + 1 - index)
                index = last + 1
            else:
                lost += 1
    return "\n".join(lines)


def script_lines(texts: Iterable[str], line: int) -> tuple[Command, ...]:
    """The commands of several one-line scripts that all stand on one line."""
    return commands(*(Script(text, line, exact=False) for text in texts))
