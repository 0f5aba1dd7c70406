"""Automated tests of the core logic."""

from collections import Counter, defaultdict

from rungwise.catalogue import CODE, Practice, Verdict
from rungwise.clues import (
    ANYWHERE,
    CSHARP,
    ELIXIR,
    GO,
    HCL,
    JAVASCRIPT,
    JVM,
    PHP,
    PYTHON,
    RUBY,
    RUST,
    SOURCE_AND_TESTS,
    TESTS,
    YAML,
    Language,
    Look,
    code,
    either,
    file,
    matches,
)
from rungwise.model import Effort, Observable, Place, Role, Signal, SignalKind, Stage, Status

SCAFFOLDS = (
    "App.test.*",
    "ExampleTest.php",
    "app.controller.spec.ts",
    "example.spec.*",
    "**/1-getting-started/**",
    "**/2-advanced-examples/**",
)
IN_A_BROWSER = (
    "**/e2e/**",
    "**/*e2e*/**",
    "**/cypress/**",
    "**/playwright/**",
    "*.e2e.*",
    "*.e2e-spec.*",
    "*.cy.*",
    "**/Browser/**",
    "**/test/system/**",
)
CASES = either(
    code(r"^\s*(async )?def test_?\w*\(", PYTHON, example="def test_total():", where=TESTS),
    code(
        r"\b(it|test|fit|specify)(\.\w+)*\(|\bDeno\.test\(|\bQUnit\.test\(", JAVASCRIPT, example='it("adds", () => {', where=TESTS
    ),
    # The second half of it is Ginkgo's.
    code(
        r"^func (\([^)]*\) )?(Test|Fuzz|Example)\w*\(|^\s*(It|Specify|DescribeTable)\(",
        GO,
        example="func TestTotal(t *testing.T) {",
        where=TESTS,
    ),
    code(
        r"@(Test|ParameterizedTest|RepeatedTest|Property|TestFactory|TestTemplate)\b"
        r"|: (Fun|String|Should|Describe|Behavior|Word|Free|Feature|Expect)Spec\("
        r"|\bextends \w*(Spec|Suite|FunSuite|Specification)\b",
        JVM,
        example="@Test void adds() {",
        where=TESTS,
    ),
    code(
        r"^\s*(it|specify|scenario|example|test|should|its|it_behaves_like|include_examples)\b[ (]|^\s*def test_\w+"
        r"|^(Given|When|Then)\b",
        RUBY,
        example='it "adds" do',
        where=TESTS,
    ),
    code(
        r"\bfunction test\w*\(|#\[Test\]|#\[TestDox|^\s*(it|test)\(",
        PHP,
        example="public function test_total(): void",
        where=TESTS,
    ),
    code(r"#\[(\w+::)*(\w*test|rstest|test_case|quickcheck)\b", RUST, example="#[tokio::test]", where=SOURCE_AND_TESTS),
    code(
        r"\[(Fact|Theory|Test|TestMethod|TestCase|DataTestMethod|SkippableFact|\w*Theory|\w*Fact)\b",
        CSHARP,
        example="[Fact]",
        where=TESTS,
    ),
    code(r"^\s*(test|property|feature)\b[ (]", ELIXIR, example='test "adds" do', where=TESTS),
    code(r"\bfunc test\w*\(|@Test\b", (Language.SWIFT,), example="func testTotal() {", where=TESTS),
    code(r"^run\s+\"", HCL, example='run "plan" {', where=SOURCE_AND_TESTS, files="*.tftest.hcl"),
)
GATE_CASES = either(
    code(r"^apiVersion: test\.gatekeeper\.sh", YAML, example="apiVersion: test.gatekeeper.sh/v1alpha1", where=SOURCE_AND_TESTS),
    code(r"^unit_tests:", YAML, example="unit_tests:", files="**/models/**"),
)
"""Policies and dbt models that are tried on examples."""
OTHER_CASES = file(
    "*_test.rego",
    "**/molecule/*/molecule.yml",
    "**/charts/**/tests/*_test.yaml",
    "*.bats",
    "*_test.dart",
    "*.t",
    "**/{macros,tests}/**/test_*.sql",
    "*.feature",
    where=SOURCE_AND_TESTS,
)
TERRATEST = code(
    r"\"github\.com/gruntwork-io/terratest/",
    GO, strings=True, where=TESTS, example='import "github.com/gruntwork-io/terratest/modules/terraform"',
)  # fmt: skip
"""Tests in Go of what is defined in Terraform."""
FEW = 5
RATIO = 0.1
RATIO_OF_FEW = 0.5
"""So many test files for each source file make do where there are less than five."""
MANY = 40
MAIN_SHARE = 0.2
"""A language counts as one that the product is written in from this share of the source files."""


def judge(look: Look) -> Verdict | None:
    """Present with one test file for every ten source files of a main language, if there are five; or with very many."""
    cases = [signal for signal in CASES.find(look) if not matches(signal.path or "", SCAFFOLDS + IN_A_BROWSER)]
    written = Counter(signal.detail("language") for signal in cases)
    cases.sort(key=lambda signal: -written[signal.detail("language")])
    paths = {signal.path for signal in cases}
    if not paths:
        return None
    enough = len(paths) >= MANY or any(
        files > 1 and files >= (RATIO if len(paths) >= FEW else RATIO_OF_FEW) * sources
        for files, sources in _per_main_language(look, cases)
    )
    counted = f"{len(paths)} {'file' if len(paths) == 1 else 'files'} with test cases"
    if enough:
        return Verdict(Status.PRESENT, tuple(cases), f"{counted}, {cases[0].path} among them.")
    return Verdict(Status.PARTIAL, tuple(cases), f"Only {counted}, which is few for this much source.")


def _per_main_language(look: Look, cases: list[Signal]) -> list[tuple[int, int]]:
    """How many files with test cases and how many source files there are, for each language that matters."""
    tests: defaultdict[str, set[str | None]] = defaultdict(set)
    for signal in cases:
        tests[signal.detail("language")].add(signal.path)
    tests[Language.HCL] |= {signal.path for signal in TERRATEST.find(look)} & tests[Language.GO]
    sources = Counter[str]()
    for signal in look.of(SignalKind.TREE):
        kind, _, rest = signal.name.partition(":")
        language, _, place = rest.partition(":")
        if kind == "files" and place == Place.SOURCE and language in _PROGRAM_LANGUAGES:
            sources[language] = int(signal.value)
    main = [language for language, count in sources.items() if count >= MAIN_SHARE * sources.total()]
    return [(len(tests[language]), sources[language]) for language in main]


_PROGRAM_LANGUAGES = {language.value for part in CASES.clues for language in part.languages}  # type: ignore[attr-defined]

PRACTICE = Practice(
    id="unit-tests",
    stage=Stage.TESTING,
    title="The core logic has automated tests",
    why="Fast tests of the rules that a product lives by are the cheapest way to change code without fear.",
    advice=(
        "Begin with the rules that earn money or keep secrets, and test through the API's functions rather than its helpers.",
        "Convex: convex-test with vitest; Python: pytest; Go: tables of cases; Rails: minitest or RSpec.",
        "Keep the suite under a minute, so that it gets run.",
    ),
    looked_for="test files with test cases, at least five, and one for every ten source files",
    role=Role.ANCHOR,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.YES,
    applies=CODE,
    guide="https://stack.convex.dev/testing-patterns",
    judge=judge,
    partial=(OTHER_CASES, GATE_CASES),
    uses=(CASES, TERRATEST),
    near=(
        (
            file("{test,tests,spec,specs,t}/*", where=ANYWHERE),
            "lies where tests lie, and no test case that is known here was seen in it",
        ),
    ),
)
