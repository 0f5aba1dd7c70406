"""mix.exs. It is a program; only its usual forms are read."""

from __future__ import annotations

import re2

from collectors.manifests import blocks
from collectors.manifests.blocks import Token
from collectors.manifests.reading import DEVELOPMENT, OPTIONAL, RUNTIME, Facts, decode
from rungwise.model import Signal

# What is not closed reaches to the end of its line or of the file, so that each character is looked at once.
_TOKEN = re2.compile(
    r'#[^\n]*|(?s:""".*?(?:"""|\z))|"(?:[^"\\\n]|\\.)*"?|:"[^"\n]*"?|:[a-z_]\w*[?!]?|[a-z_]\w*:|@?[A-Za-z_][\w.]*[?!]?|==|\+\+|[{}()\[\],\n]'
)
_VERSION = re2.compile(r"^\s*(~>|>=|<=|==|!=|>|<|\d)")
_OPTIONS = {
    "app:", "bitbucket:", "branch:", "compile:", "env:", "git:", "github:", "gitlab:", "hex:", "in_umbrella:", "manager:",
    "only:", "optional:", "organization:", "override:", "path:", "ref:", "repo:", "runtime:", "sparse:", "submodules:",
    "system_env:", "tag:", "targets:",
}  # fmt: skip
_FIELDS = {"escript:": "escript", "releases:": "releases", "package:": "package", "mod:": "mod"}
_RESULTS = (":ok", ":error")
_MAX_TUPLE = 80


def mix(_name: str, data: bytes) -> list[Signal]:
    """Tuples that name a dependency, wherever they stand, and what the project makes: an escript, releases, a package."""
    facts = Facts()
    tokens = list(blocks.tokens(decode(data), _TOKEN))
    function = ""
    seen: set[str] = set()
    for index, token in enumerate(tokens):
        if token.quoted:
            continue
        following = next((after for after in tokens[index + 1 : index + 4] if after.text != "\n"), None)
        if token.text in ("def", "defp") and following:
            function = following.text
        elif token.text == "{":
            if _may_be_dependency(_inside(tokens, index, 6), "deps" in function):
                _dependency(facts, _inside(tokens, index, _MAX_TUPLE))
        elif following and token.text == "app:" and following.text.startswith(":") and "app" not in seen:
            seen.add("app")
            facts.field("hex:app", following.text[1:].strip('"'), token.line)
        elif following and (field := _FIELDS.get(token.text)) and field not in seen:
            seen.add(field)
            facts.field(f"hex:{field}", "true", token.line)
    return facts.signals


def _inside(tokens: list[Token], start: int, at_most: int) -> list[Token]:
    """The tokens between a brace and the one that closes it, line ends left out."""
    depth = 0
    inner: list[Token] = []
    for token in tokens[start + 1 : start + 1 + at_most]:
        if token.quoted:
            inner.append(token)
            continue
        depth += (token.text in ("{", "[", "(")) - (token.text in ("}", "]", ")"))
        if depth < 0:
            break
        if token.text != "\n":
            inner.append(token)
    return inner


def _may_be_dependency(inner: list[Token], in_deps: bool) -> bool:
    """A name, and then a version, options, or (in a function about dependencies) anything."""
    if (
        len(inner) < 3
        or inner[0].quoted
        or not inner[0].text.startswith(":")
        or inner[0].text in _RESULTS
        or inner[1].text != ","
    ):
        return False
    second = inner[2]
    return bool(_VERSION.search(second.text)) if second.quoted else in_deps or second.text in _OPTIONS or second.text == "["


def _dependency(facts: Facts, inner: list[Token]) -> None:
    options = _options(inner[2:])
    if inner[2].text == "[" and not options:
        return
    only = options.get("only", [])
    runtime = options.get("runtime", [])
    if (only and ":prod" not in only) or ("Mix.env" in runtime and ":prod" not in runtime):
        scope = DEVELOPMENT
    else:
        scope = OPTIONAL if "true" in options.get("optional", []) else RUNTIME
    local = "path" in options or "in_umbrella" in options
    facts.dependency("hex", inner[0].text[1:].strip('"'), scope, inner[0].line, source="local" if local else "")


def _options(tokens: list[Token]) -> dict[str, list[str]]:
    """The keyword options and the words of their values."""
    options: dict[str, list[str]] = {}
    words: list[str] = []
    for token in tokens:
        if not token.quoted and token.text in _OPTIONS:
            words = options.setdefault(token.text[:-1], [])
        else:
            words.append(token.text)
    return options
