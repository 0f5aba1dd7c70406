"""What a path is, judged by its name alone: source, test, sample, vendored copy (catalogue, 1.3).

The first rule that fits decides, from the surest to the least sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import re2

from rungwise.model import Place

_FOLDER = r"(?:^|/)(?:{})/"

_VENDORED = re.compile(
    _FOLDER.format(
        r"node_modules|bower_components|vendor|vendors|vendored|third[-_]?party|3rd[-_]?party|Godeps|Pods|Carthage|\.yarn|jspm_packages"
        r"|site-packages|\.venv|venv|syntaxes"
    )
    # Libraries that are kept whole beside the files that are served as they are.
    + r"|(?:^|/)(?:static|public|wwwroot)/(?:[^/]+/)*(?:pdfjs(?:-dist)?|pdf\.js|tinymce|tiny_mce|ckeditor\d?|mathjax|MathJax|ace-builds|swagger-ui)/"
    # What highlights code comes as it is from elsewhere, samples of each language included.
    + r"|(?:^|/)syntax_test_[^/]*$|\.(?:tmLanguage|sublime-\w+)(?:\.json)?$"
    r"|^extern(?:al)?s?/|(?:^|/)(?:gradlew|mvnw)(?:\.bat|\.cmd)?$"
)
_BUILT = re.compile(
    _FOLDER.format(r"dist|_build|\.next|\.nuxt|\.output|__pycache__")
    + r"|^build/(?:static|assets|js|css|lib)/|\.(?:min|bundle)\.(?:js|css|mjs)$|\.(?:js|css)\.map$"
    # What a build leaves lies beside the source; below it, ports and adapters are called `out` and domains have targets.
    r"|^(?:(?!(?:src|app|internal|pkg|lib)/)[^/]+/)*(?:out|target|coverage)/"
)
_GENERATED = re.compile(
    _FOLDER.format(
        r"_generated|generated|__generated__|gen/(?:go|ts|js|py|python|java|proto|openapi|api|v\d\w*)|\.openapi|\.sqlx"
    )
    + r"|\.(?:pb\.go|pb\.gw\.go|g\.dart|g\.cs|designer\.cs|gen\.go|gen\.ts)$|_pb2(?:_grpc)?\.py$|_pb\.(?:js|ts)$|\.d\.[cm]?ts$"
)
_FIXTURES = re.compile(
    _FOLDER.format(r"testdata|fixtures?|__fixtures__|__snapshots__|__mocks__|cassettes|vcr_cassettes")
    # Programs beside Semgrep's rules are what the rules are tried on.
    + r"|(?:^|/)\.semgrep/.*\.(?:py|[jt]sx?|rb|go|java|php)$"
)
_TESTS = re.compile(
    _FOLDER.format(
        r"tests?|specs?|__tests__|e2e|e2e-tests?|cypress|playwright|integration[-_]?tests?|unit[-_]?tests?|test-?helpers?|test[-_]environments?|src/(?:[a-z]+T|t)est(?:Fixtures)?"
        r"|[\w.-]*[.-](?:[Uu]nit|[Ii]ntegration|[Ff]unctional|[Aa]cceptance)?[Tt]ests?|[A-Z]\w*(?:Unit|Integration|Functional)Tests?|testing|jest"
    )
    # Beside what is published: whole applications that try it out, each in a framework.
    + r"|^test-(?:next(?:js)?|nuxt|react|router|vue|svelte(?:kit)?|angular|astro|remix|vite|webpack|expo|electron|node|deno|bun|rails|django|laravel)/"
    r"|^test[-_](?:app|project|site)s?/|^tests[-_][^/]+/" + r"|^features/.*\.rb$|\.feature$"
    r"|(?:_test\.(?:go|py|rb|exs|dart|cc|ts|js)|[._-](?:test|spec|e2e-spec|cy)\.[cm]?[jt]sx?|_spec\.rb|_test\.exs)$"
    r"|(?:Test|Tests|TestCase|IT|Spec|Specs)\.(?:java|kt|scala|php|cs|groovy|swift)$|(?:^|/)(?:test_[^/]*\.py|conftest\.py|tests\.py|Tests?\.hs)$",
)
_TESTS_ANY_CASE = re.compile(_FOLDER.format(r"Tests?|Specs?"))
_SAMPLES = re.compile(
    _FOLDER.format(
        r"examples?|samples?|demos?|playgrounds?|sandbox|starters?|template-[^/]+|cookbook|cookbooks|tutorials?|quickstarts?|_examples?"
    )
    + r"|\{\{.*\}\}",
    re.IGNORECASE,
)
_BUILDS = re.compile(_FOLDER.format(r"buildSrc|build-logic") + r"(?:[^/]+/)*src/main/.*\.(?:kt|java|groovy|scala)$")
"""Programs of Gradle's that make the product, and are no part of it. They are set aside as samples are."""
_PACKAGE = re.compile(r"(?:^|/)src/[a-z]\w*/(?:java|kotlin|scala|groovy)/")
"""What follows is the name of a package, which may well be called after samples or demos."""
_SCAFFOLD = re.compile(_FOLDER.format(r"templates?"), re.IGNORECASE)
"""A folder of templates holds pages in most web frameworks, and whole sample projects in a generator. What a page or a chart is made of
stays source; programs and manifests in it are samples."""
_PROGRAM_OR_MANIFEST = re.compile(
    r"\.(?:py|[cm]?[jt]sx?|go|java|kt|rb|php|rs|cs|ex|exs|swift|scala|vue|svelte)$|(?:^|/)(?:package\.json|pyproject\.toml|requirements[^/]*\.txt"
    r"|go\.mod|pom\.xml|Gemfile|composer\.json|Cargo\.toml|mix\.exs)$"
)
_DOCS = re.compile(
    r"^(?:docs?|documentation|website|site|man)/|\.(?:md|mdx|rst|adoc|asciidoc|txt|ipynb|pod|rdoc)$|(?:^|/)\.storybook/|\.stories\.[jt]sx?$|\.mdx$"
)
_NOT_DOCS = re.compile(
    r"(?:^|/)(?:requirements|constraints)[^/]*\.txt$|(?:^|/)requirements/[^/]*\.txt$|(?:^|/)robots\.txt$|^\.github/"
)


_RULES = (
    _VENDORED, _BUILT, _GENERATED, _FIXTURES, _TESTS, _TESTS_ANY_CASE, _SAMPLES, _BUILDS, _SCAFFOLD, _PROGRAM_OR_MANIFEST, _DOCS, _NOT_DOCS,
)  # fmt: skip


def _together(rules: Iterable[re.Pattern[str]]) -> re2.Set:
    """All of the rules as one, which is twenty times as fast as one after the other, and finds what may fit: no conditions, no classes of letters."""
    made = re2.Set.SearchSet()
    for rule in rules:
        pattern = re.sub(r"\(\?[!=](?:[^()]|\([^()]*\))*\)", "", rule.pattern)
        pattern = re.sub(r"\[[^]]*\\w[^]]*\]|\\w", "[^/]", pattern)
        made.Add(f"(?i:{pattern})" if rule.flags & re.IGNORECASE else pattern)
    made.Compile()
    return made


_MAY_FIT = _together(_RULES)


@lru_cache(maxsize=200_000)
def place_of(path: str) -> Place:
    """The place of a path (with ``/`` between its parts, relative to the repository's root)."""
    may_fit = [_RULES[number] for number in _MAY_FIT.Match(path.encode()) or ()]

    def fits(rule: re.Pattern[str]) -> bool:
        return rule in may_fit and rule.search(path) is not None

    if fits(_VENDORED):
        return Place.VENDORED
    if fits(_BUILT):
        return Place.BUILT
    if path.startswith(".github/"):
        # Evidence lives here, whatever its folders are called.
        return Place.SAMPLES if path.startswith(".github/workflow-templates/") else Place.SOURCE
    if not may_fit:
        return Place.SOURCE
    if fits(_GENERATED):
        return Place.GENERATED
    if fits(_FIXTURES):
        return Place.FIXTURES
    if fits(_TESTS) or fits(_TESTS_ANY_CASE):
        return Place.TESTS
    if fits(_BUILDS):
        return Place.SAMPLES
    if fits(_SAMPLES) or (fits(_SCAFFOLD) and fits(_PROGRAM_OR_MANIFEST)):
        before = package.string[: package.end()] if (package := _PACKAGE.search(path)) else path
        if _SAMPLES.search(before) or (_SCAFFOLD.search(before) and fits(_PROGRAM_OR_MANIFEST)):
            return Place.SAMPLES
    if fits(_DOCS) and not fits(_NOT_DOCS):
        return Place.DOCS
    return Place.SOURCE
