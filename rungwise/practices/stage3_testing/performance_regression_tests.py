"""Slowness is caught before release."""

from rungwise.catalogue import Practice
from rungwise.clues import (
    DIRECT,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JSON,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    SOURCE_AND_TESTS,
    TESTS,
    beside,
    both,
    code,
    dependency,
    either,
    file,
    manifest,
    step,
)
from rungwise.model import Effort, Kind, Observable, Role, Stage
from rungwise.practices.stage3_testing.ci_tests import ON_CHANGE, START

OWN_BUDGET = both(
    file("*{size-limit,size_limit,sizelimit,bundle-size,bundlesize,check-size,size-check,perf-budget}*.{js,mjs,cjs,ts,sh,py}"),
    code(
        r'"[\w:-]+"\s*:\s*"[^"]*(size-?_?limit|bundle-?size|check-size|size-check|perf-budget)[\w.-]*\.(js|mjs|cjs|ts|sh|py)',
        JSON,
        example='"postbuild": "node scripts/size-limit.mjs"',
        files="package.json",
    ),
)
"""A limit of one's own, which a script of the manifest holds."""

COMPARED = step(
    START + r"(?:lhci autorun|size-limit|bundlesize|bundlewatch|codspeed|bencher run|asv (?:continuous|compare)|django-queries"
    r"|benchstat|critcmp|pyperf compare_to|cargo (?:\S+ )*bench\b.*--(?:baseline|dashboard-url))(?:$|[\s=])",
    r"(?i)^(?:treosh/lighthouse-ci-action|andresz1/size-limit-action|benchmark-action/github-action-benchmark"
    r"|CodSpeedHQ/action|bencherdev/bencher|preactjs/compressed-size-action|[\w-]+/pytest-django-queries-ci-tools"
    r"|boa-dev/criterion-compare-action|relative-ci/agent-action|codecov/bundle-analysis[\w-]*|hashicorp/nextjs-bundle-analysis[\w-]*)$",
    example="npx size-limit",
    on=(),
    # What only reports is noticed too.
    soft=True,
)
QUERIES_COUNTED = either(
    code(
        r"\b(assertNumQueries|assertMaxQueries|assert_max_queries|(django_)?assert_(max_)?num_queries|count_queries|CaptureQueriesContext)\b"
        r"|\b(before|after)_cursor_execute\b|\blen\(connection\.queries\)",
        PYTHON,
        strings=True,
        example="with self.assertNumQueries(3):",
        where=TESTS,
    ),
    code(
        r"\b(assert_queries\w*|assert_no_queries|exceed_query_limit|make_database_queries|perform_constant_number_of_queries)\b",
        RUBY,
        example="assert_queries(2) { get :index }",
        where=TESTS,
    ),
    code(
        r"\b(capture|count|track)_(\w+_)?(quer(y|ies)|sql)\w*|\bassert_(\w+_)?quer(y|ies)\w*|\[:\w+, (:\w+, )*:query\]",
        ELIXIR,
        example="queries = capture_queries(fn -> get(conn) end)",
        where=TESTS,
    ),
    code(
        r"\b(enableQueryLog|getQueryLog|expectsDatabaseQueryCount|assertQueryCount\w*)\(",
        PHP,
        example="DB::enableQueryLog();",
        where=TESTS,
    ),
    code(
        r"\b(QueryCountHolder|SQLStatementCountValidator|assertSelectCount|getPrepareStatementCount)\b",
        JVM,
        example="assertSelectCount(1);",
        where=TESTS,
    ),
)
"""A test that fails when more queries are sent."""
BASELINE = file(
    "*{query,queries,Query}{_,-,}{count,Count,baseline,Baseline}*.{json,yml,yaml,toml,csv}", "*.perf.yml", where=SOURCE_AND_TESTS,
)  # fmt: skip
"""How many were sent at the last look, kept beside the tests that compare."""
QUERIES_COUNTED_SOMEHOW = code(
    r"(?i)\b(expect|assert\w*|require\.\w+|should)\b[^\n]{0,60}\b(quer(y|ies)_?count|count_?of_?queries|(num|number_?of)_?queries"
    r"|(sql|db|executed|logged|captured|recorded)_?queries(\.|->)(length|size|count))\b",
    PROGRAM,
    example="expect(queryCount).toBe(2);",
    where=TESTS,
)
"""The same by a counter of one's own, whatever it counts by."""
PLAN_READ = beside(
    code(
        r"(?i)\bexpect\w*\b|\w*\bassert\w*\b|\bshould\b|\brequire\.\w+\(",
        PROGRAM,
        example="assert not scans",
        where=TESTS,
    ),
    code(
        r"(?i:\bexplain\s+(\(|\$\{|(analy[sz]e|query|extended|verbose|format|select|with|update|delete)\b))|\bEXPLAIN\b"
        r"|(\)|[qQ]uery\w*|qs|cursor|scope|relation)\.explain\(",
        PROGRAM,
        strings=True,
        example='plan = cursor.execute("explain query plan select * from users")',
        where=TESTS,
    ),
)
"""A test that reads how the database will find the rows, and says how it has to."""
MEASURED = either(
    file(
        "lighthouserc.*",
        ".lighthouserc.*",
        ".size-limit.*",
        "**/benches/**/*.rs",
        "asv.conf.json",
        "phpbench.json",
        "**/{benchmark,benchmarks}/**/*.{py,js,ts,cs,rb,go,exs,java}",
        "*{_,-,.}{benchmark,bench}.{rb,py,js,ts,exs}",
        "{benchmark,bench}_*.{rb,py,js,ts,exs}",
        "bench[A-Z]*.{js,ts}",
        "*{_,-}{perf,bench,benchmark}.sh",
        "**/{perf,performance}{-,_}tests/**",
        where=SOURCE_AND_TESTS,
    ),
    dependency(
        npm="@lhci/cli lighthouse unlighthouse @unlighthouse/cli @cypress-audit/lighthouse cypress-audit playwright-lighthouse sitespeed.io"
        " size-limit bundlewatch tinybench @codspeed/vitest-plugin",
        pypi="pytest-benchmark asv pytest-codspeed django-perf-rec nplusone pytest-django-queries",
        gem="benchmark-ips prosopite bullet n_plus_one_control rspec-benchmark",
        crates="criterion divan iai-callgrind codspeed-criterion-compat",
        nuget="BenchmarkDotNet",
        maven="org.openjdk.jmh:jmh-core",
        composer="phpbench/phpbench blackfire/php-sdk",
        hex="benchee",
        scope=DIRECT,
        where=SOURCE_AND_TESTS,
    ),
    code(
        r"\bcy\.lighthouse\(|\bplayAudit\(\{",
        JAVASCRIPT,
        example="cy.lighthouse({ performance: 80 })",
        where=TESTS,
    ),
    manifest("gradle:plugin", r"\bjmh\b"),
    code(r"^func Benchmark\w*\(", GO, example="func BenchmarkParse(b *testing.B) {", where=TESTS),
    QUERIES_COUNTED,
    QUERIES_COUNTED_SOMEHOW,
    PLAN_READ,
    # Angular writes budgets into each new workspace, so that they tell something only where a change is built with them.
    both(
        code(r'"budgets"\s*:\s*\[', JSON, example='"budgets": [', files="angular.json"),
        step(r"\b(ng|nx) (\S+ )*(build|run \S+:build)\b", example="npx ng build"),
    ),
)

PRACTICE = Practice(
    id="performance-regression-tests",
    stage=Stage.TESTING,
    title="A change that makes the product slow is noticed",
    why="Slowness creeps in change by change, and is cheap to undo only while the change is fresh.",
    advice=(
        "Count database queries in the tests of the ten busiest endpoints.",
        "Give the frontend a Lighthouse or size-limit budget, and compare benchmarks of hot code (CodSpeed, criterion).",
    ),
    looked_for="benchmarks, query counts or budgets, compared in CI",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.LIB),
    after=("ci-tests",),
    guide="https://stack.convex.dev/testing-patterns",
    present=(COMPARED, OWN_BUDGET, both(ON_CHANGE, QUERIES_COUNTED, BASELINE)),
    partial=(MEASURED,),
    doubt=(
        (
            file(
                "{bench,Bench}[._-]*",
                "*[._-]{bench,Bench}[._-]*",
                "*{benchmark,Benchmark}*",
                "**/{bench,benches,perf,*_perf,benchmarks,*[-_]bench,*[-_]benchmark}/*",
                where=SOURCE_AND_TESTS,
            ),
            "is named for speed, and no tool that is known here was seen to measure it",
        ),
        (
            code(
                r"(?i)\bquery_?count\b|\bnum_?queries\b|\bn_?plus_?(one|1)\b",
                PROGRAM,
                example="expect(queryCount).toBe(2);",
                where=TESTS,
            ),
            "counts queries in a test",
        ),
        (
            step(
                r"(?i)\b(bundle|perf\w*|bench\w*|stats)[-_:]?(size|stats|analy\w+|compare|budget)\b|\bbundle\b[^\n]*\bstats\b",
                r"(?i)bundle|bench|perf|lighthouse",
                example="yarn bundle:stats",
                on=(),
                soft=True,
            ),
            "runs something that is named after size or speed",
        ),
        (dependency(gem="benchmark-perf derailed_benchmarks", scope=DIRECT), "lists a package that measures speed"),
        (
            code(r"\*testing\.B\b", GO, example="func (s *Scenario) Benchmark(b *testing.B) {", where=SOURCE_AND_TESTS),
            "can take the time of something",
        ),
    ),
)
