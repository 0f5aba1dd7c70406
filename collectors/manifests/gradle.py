"""Gradle's build files in Groovy and Kotlin, and version catalogues. They are programs; only their usual forms are read."""

from __future__ import annotations

import posixpath
import re

import re2

from collectors.manifests import blocks, toml_text
from collectors.manifests.blocks import Blocks, Token
from collectors.manifests.reading import DEVELOPMENT, RUNTIME, Facts, decode, mapping, replaced, strings
from rungwise.model import Signal, SignalKind

# What is not closed reaches to the end of its line or of the file, so that each character is looked at once.
# None of these, once begun, can fail or go back, so Python's own engine is linear here too, and a file has very many of them.
_TOKEN = re.compile(
    r'//[^\n]*+|(?s:/\*.*?(?:\*/|\Z))|(?s:""".*?(?:"""|\Z))|(?s:\'\'\'.*?(?:\'\'\'|\Z))'
    r'|"(?:[^"\\\n]|\\.)*+"?+|\'(?:[^\'\\\n]|\\.)*+\'?+|`[^`\n]*+`?+|[A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)*+|[{}()\[\],;:=\n]',
    re.ASCII,
)
_COORDINATES = re2.compile(r"^([\w.-]+):([\w.-]+)(?::|@|$)")
_CONFIGURATION = re2.compile(r"^\w+$")
_RUNTIME = re2.compile(r"(?i)(implementation|api|compile|runtime|runtimeOnly)$")
_NOT_RUNTIME = re2.compile(
    r"(?i)(test|jmh|benchmark|fixture|mock|debug|lint|developmentOnly|compileOnly|annotationProcessor|kapt|ksp)"
)
_CONTROL = ("if", "else", "for", "while", "when", "try")
_NO_CONFIGURATION = (
    *_CONTROL, "def", "val", "var", "exclude", "force", "because", "version", "return", "modules", "module",
    "println", "components",
)  # fmt: skip
_BUILD_TOOLS = re2.compile(r"(^|/)(buildSrc|build-logic|build-plugin)(/[\w-]+)?/[^/]+$")

_ACCESSOR = "gradle:accessor"
_LIBRARY = "gradle:library"
_BUNDLE = "gradle:bundle"
_CATALOGUE_PLUGIN = "gradle:catalogue-plugin"
_SPENT = (_ACCESSOR, _LIBRARY, _BUNDLE, _CATALOGUE_PLUGIN)
"""What only :func:`resolve` can make sense of, and takes away."""


def build(name: str, data: bytes) -> list[Signal]:
    """Dependencies, and the ids of the plugins as ``gradle:plugin``. Platforms (BOMs) and the build's own projects are none."""
    facts = Facts()
    for around, statement in blocks.statements(blocks.tokens(decode(data), _TOKEN)):
        if not statement:
            continue
        if _in_dependencies(around):
            _dependencies(facts, statement, _around_tests(around), buildscript=_is_within(around, "buildscript"))
        elif around and around[-1] and around[-1][0].text == "plugins":
            _plugin(facts, statement)
        elif statement[0].text == "apply" and not statement[0].quoted:
            _applied(facts, statement)
        elif name.startswith("settings.") and statement[0].text == "rootProject.name" and statement[-1].quoted:
            facts.field("gradle:name", statement[-1].text, statement[-1].line)
    return facts.signals


def _heads(around: Blocks) -> list[str]:
    return [head[0].text if head else "" for head in around]


def _is_within(around: Blocks, name: str) -> bool:
    return name in _heads(around)


def _in_dependencies(around: Blocks) -> bool:
    """Directly in a ``dependencies`` block; conditions and loops between do not matter."""
    heads = _heads(around)
    while heads and heads[-1] in _CONTROL:
        heads.pop()
    return bool(heads) and heads[-1].rpartition(".")[2] == "dependencies" and "dependencyManagement" not in heads


def _around_tests(around: Blocks) -> bool:
    """In a source set of tests, as multi-platform builds have them."""
    return any("Test" in token.text for head in around for token in head)


def _dependencies(facts: Facts, statement: list[Token], tests: bool, buildscript: bool) -> None:
    configuration, arguments = statement[0].text, statement[1:]
    if configuration == "add" and len(arguments) > 1 and arguments[1].quoted:
        configuration, arguments = arguments[1].text, arguments[2:]
    if configuration in _NO_CONFIGURATION or not _CONFIGURATION.search(configuration):
        return
    runtime = _RUNTIME.search(configuration) and not _NOT_RUNTIME.search(configuration) and not tests and not buildscript
    scope = RUNTIME if runtime else DEVELOPMENT
    words = [token.text for token in arguments if not token.quoted]
    if any(word.rpartition(".")[2] in ("platform", "enforcedPlatform", "project", "files", "fileTree") for word in words):
        return
    found = [match for token in arguments if token.quoted and (match := _COORDINATES.search(token.text))]
    lines = [token.line for token in arguments if token.quoted and _COORDINATES.search(token.text)]
    for match, line in zip(found, lines, strict=True):
        facts.dependency("maven", f"{match[1]}:{match[2]}", scope, line)
    if found:
        return
    texts = [token.text for token in arguments if token.quoted]
    named = _named_arguments(arguments)
    if "group" in named and "name" in named:
        facts.dependency("maven", f"{named['group']}:{named['name']}", scope, statement[0].line)
    elif "kotlin" in words and texts:
        facts.dependency("maven", f"org.jetbrains.kotlin:kotlin-{texts[0]}", scope, statement[0].line)
    elif len(texts) >= 2 and not named:
        facts.dependency("maven", f"{texts[0]}:{texts[1]}", scope, statement[0].line)
    for token in arguments:
        if not token.quoted and "." in token.text:
            facts.field(_ACCESSOR, token.text.removesuffix(".get"), token.line, scope=scope)


def _named_arguments(arguments: list[Token]) -> dict[str, str]:
    """``group: 'g', name: 'n'`` and ``group = "g", name = "n"``."""
    return {
        name.text: value.text
        for name, sign, value in zip(arguments, arguments[1:], arguments[2:], strict=False)
        if value.quoted and not sign.quoted and sign.text in ":=" and not name.quoted
    }


def _plugin(facts: Facts, statement: list[Token]) -> None:
    head, texts = statement[0], [token.text for token in statement if token.quoted]
    if head.text == "alias":
        for token in statement[1:]:
            if "." in token.text:
                facts.field(_ACCESSOR, token.text, token.line, scope="plugin")
    elif head.text == "id" and texts:
        facts.field("gradle:plugin", texts[0], head.line)
    elif head.text == "kotlin" and texts:
        facts.field("gradle:plugin", f"org.jetbrains.kotlin.{texts[0]}", head.line)
    elif len(statement) == 1 and not head.quoted:
        facts.field("gradle:plugin", head.text.strip("`"), head.line)


def _applied(facts: Facts, statement: list[Token]) -> None:
    if plugin := _named_arguments(statement[1:]).get("plugin"):
        facts.field("gradle:plugin", plugin, statement[0].line)


def catalogue(_name: str, data: bytes) -> list[Signal]:
    """A version catalogue says what aliases stand for; nothing in it is a dependency until a build file uses it."""
    text = decode(data)
    content, lines, facts = toml_text.load(text), toml_text.TomlLines(text), Facts()
    for alias, library in mapping(content.get("libraries")).items():
        table = mapping(library)
        module = library if isinstance(library, str) else table.get("module") or f"{table.get('group')}:{table.get('name')}"
        if isinstance(module, str) and (found := _COORDINATES.search(module)):
            facts.field(_LIBRARY, f"{found[1]}:{found[2]}", lines.key("libraries", alias), alias=_accessor(alias))
    for alias, members in mapping(content.get("bundles")).items():
        facts.field(
            _BUNDLE, [_accessor(member) for member in strings(members)], lines.key("bundles", alias), alias=_accessor(alias)
        )
    for alias, plugin in mapping(content.get("plugins")).items():
        identifier = plugin.partition(":")[0] if isinstance(plugin, str) else mapping(plugin).get("id")
        facts.field(_CATALOGUE_PLUGIN, identifier, lines.key("plugins", alias), alias=_accessor(alias))
    return facts.signals


def _accessor(alias: str) -> str:
    return alias.replace("-", ".").replace("_", ".")


def resolve(signals: list[Signal]) -> list[Signal]:
    """Aliases of version catalogues become the dependencies and plugins that they stand for."""
    known: dict[tuple[str, str], Signal] = {}
    for signal in signals:
        if signal.kind is SignalKind.MANIFEST and signal.name in _SPENT and signal.name != _ACCESSOR:
            catalogue_name = posixpath.basename(signal.path or "").partition(".")[0]
            known.setdefault((signal.name, f"{catalogue_name}.{signal.detail('alias')}"), signal)
    new: dict[int, list[Signal]] = {}
    for index, signal in enumerate(signals):
        if signal.kind is SignalKind.MANIFEST and signal.name in _SPENT:
            new[index] = _meaning(signal, known) if signal.name == _ACCESSOR else []
        elif signal.kind is SignalKind.DEPENDENCY and _is_build_tool(signal):
            new[index] = [_dependency(signal, signal.name.removeprefix("maven:"), DEVELOPMENT)]
    return replaced(signals, new)


def _meaning(accessor: Signal, known: dict[tuple[str, str], Signal]) -> list[Signal]:
    scope = DEVELOPMENT if _is_build_tool(accessor) else accessor.detail("scope")
    name, _, rest = accessor.value.partition(".")
    if scope == "plugin" or accessor.detail("scope") == "plugin":
        plugin = known.get((_CATALOGUE_PLUGIN, f"{name}.{rest.removeprefix('plugins.')}"))
        return (
            [Signal(SignalKind.MANIFEST, "gradle:plugin", plugin.value, accessor.path, accessor.line, accessor.place)]
            if plugin
            else []
        )
    libraries = [known.get((_LIBRARY, accessor.value))]
    if bundle := known.get((_BUNDLE, f"{name}.{rest.removeprefix('bundles.')}")) if rest.startswith("bundles.") else None:
        libraries = [known.get((_LIBRARY, f"{name}.{member}")) for member in bundle.value.split()]
    return [_dependency(accessor, library.value, scope) for library in libraries if library]


def _dependency(at: Signal, package: str, scope: str) -> Signal:
    return Signal(SignalKind.DEPENDENCY, f"maven:{package}", scope, at.path, at.line, at.place)


def _is_build_tool(signal: Signal) -> bool:
    path = signal.path or ""
    return ".gradle" in path and _BUILD_TOOLS.search(path) is not None
