"""A browser that tries the app."""

import re2

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    CHANGE,
    CSHARP,
    DIRECT,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    SOURCE_AND_TESTS,
    TESTS,
    Language,
    Look,
    both,
    code,
    dependency,
    either,
    file,
    step,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Signal, SignalKind, Stage, Status
from rungwise.practices.stage3_testing.ci_tests import ON_CHANGE, START, runs, test_step

CONFIG = file(
    "playwright.config.*",
    "playwright.*.config.*",
    "playwright-*.config.*",
    "cypress.config.*",
    "cypress.json",
    "wdio.conf.*",
    "nightwatch.conf.*",
    ".testcaferc*",
    ".detoxrc*",
    "codecept.conf.*",
    where=SOURCE_AND_TESTS,
)
BROWSER_SPEC = either(
    both(
        dependency(
            npm="@playwright/test playwright playwright-core cypress puppeteer puppeteer-core webdriverio @wdio/cli testcafe"
            " nightwatch detox selenium-webdriver",
            scope=DIRECT,
            where=SOURCE_AND_TESTS,
        ),
        code(
            r"\b(page|\w*[pP]age|browser|driver|I)\.(goto|get|url|amOnPage)\(|\bcy\.visit\(|\bnewPage\(|\bdevice\.launchApp\(",
            JAVASCRIPT,
            example="await page.goto('/')",
            where=SOURCE_AND_TESTS,
            files=(
                "*.test.*",
                "*.spec.*",
                "*.cy.*",
                "*.e2e.*",
                "*-spec.*",
                "*_test.*",
                "**/e2e/**",
                "**/*e2e*/**",
                "**/cypress/**",
                "**/playwright/**",
                "**/tests/**",
                "**/test/**",
                "**/specs/**",
            ),
        ),
    ),
    both(
        dependency(
            pypi="pytest-playwright playwright selenium splinter pytest-selenium seleniumbase pytest-splinter"
            " pytest-django-playwright",
            scope=("runtime", "development", "optional"),
            where=SOURCE_AND_TESTS,
        ),
        code(
            r"\bpage\.goto\(|\b(driver|browser|selenium|self\.\w+)\.(get|visit|open)\(|\bLiveServerTestCase\b",
            PYTHON,
            example='page.goto("/")',
            where=TESTS,
        ),
    ),
    both(
        dependency(
            go="github.com/playwright-community/playwright-go github.com/chromedp/chromedp github.com/go-rod/rod"
            " github.com/tebeka/selenium"
        ),
        code(r"\bchromedp\.Navigate\(|\.(Goto|MustNavigate|MustPage)\(", GO, example="chromedp.Navigate(url)", where=TESTS),
    ),
    both(
        dependency(
            maven="com.microsoft.playwright:playwright org.seleniumhq.selenium:selenium-java com.codeborne:selenide",
            scope=("runtime", "development", "optional"),
            where=SOURCE_AND_TESTS,
        ),
        code(r"\b(page\.navigate|driver\.get|open|driver\.navigate)\(", JVM, example='page.navigate("/");', where=TESTS),
    ),
    both(
        dependency(composer="laravel/dusk symfony/panther pestphp/pest-plugin-browser php-webdriver/webdriver", scope=DIRECT),
        code(r"->visit\(|->browse\(|\bvisit\(|\bPantherTestCase\b", PHP, example="$browser->visit('/')", where=TESTS),
    ),
    both(
        dependency(
            nuget="Microsoft.Playwright Microsoft.Playwright.NUnit Microsoft.Playwright.MSTest Microsoft.Playwright.Xunit"
            " Selenium.WebDriver",
            scope=DIRECT,
            where=SOURCE_AND_TESTS,
        ),
        code(r"\.(GotoAsync|GoToUrl)\(", CSHARP, example='await Page.GotoAsync("/");', where=TESTS),
    ),
    both(
        dependency(hex="wallaby hound phoenix_test_playwright", scope=DIRECT),
        code(
            r"\buse (Wallaby|Hound|PhoenixTest\.Playwright)\b|\b(visit|navigate_to)\(|\|> visit\(",
            ELIXIR,
            example="use Wallaby.Feature",
            where=TESTS,
        ),
    ),
    both(
        dependency(crates="fantoccini thirtyfour headless_chrome chromiumoxide", scope=DIRECT),
        code(r"\.(goto|navigate_to|new_page)\(", RUST, example="client.goto(&url).await?;", where=TESTS),
    ),
    both(dependency(npm="browser-ui-test", scope=DIRECT, where=SOURCE_AND_TESTS), file("**/*.goml", where=SOURCE_AND_TESTS)),
    file("**/.maestro/**/*.yaml", "**/.maestro/**/*.yml", "**/maestro/**/*.yaml", where=SOURCE_AND_TESTS),
)
RUBY_SPEC = both(
    dependency(
        gem="selenium-webdriver cuprite capybara-playwright-driver webdrivers apparition poltergeist govuk_test"
        " capybara-selenium ferrum watir playwright-ruby-client",
        scope=DIRECT,
    ),
    either(
        code(
            r"\bApplicationSystemTestCase\b|\bdriven_by\b|\btype: :system\b|\bjs: true\b|,\s*:js\b"
            r"|\bCapybara\.(javascript_driver|current_driver)\b|:playwright\b",
            RUBY,
            example="scenario 'pays', js: true do",
            where=TESTS,
        ),
        file("**/spec/system/**/*_spec.rb", "**/test/system/**/*_test.rb", "**/features/**/*.feature", where=TESTS),
    ),
)
RUBY_FEATURES = both(
    dependency(gem="capybara", scope=DIRECT), file("**/spec/{features,system}/**/*_spec.rb", "**/test/system/**", where=TESTS)
)
OFTEN = (*CHANGE, "schedule", "workflow_run", "deployment_status", "workflow_dispatch")
IN_CI = step(
    START + r"(?:playwright test|cypress run|wdio run|nightwatch|testcafe|detox test|rspec|cucumber|hurl|newman run|maestro test"
    r"|codecept(?:js)? run"
    r"|(?:rails|rake) (?:\S+ )*(?:test:(?:system|all)|spec\S*|cucumber|default)|rake$|php (?:\S+ )*artisan dusk|artisan dusk"
    r"|pest\b.*--browser"
    r"|gradlew?(?: \S+)* (?:[\w-]*:)*(?:run)?(?i:e2e|endToEnd|uiTest|acceptanceTest)\w*|mvnw?(?: \S+)* -P ?(?:[\w-]+,)*e2e[\w-]*"
    r"|(?:npm|pnpm|yarn|bun|turbo|nx|make|just|poe|task|mage|vp)(?: \S+)* (?:[\w:.-]+[:-])?(?:e2e|test[:-]ui|gui[:-]tests?"
    r"|test[:-]browser|playwright|cypress|cy:run"
    r"|smoke|acceptance|test:system)(?:[:-][\w:.-]+)?|(?:run[-_])?e2e[\w-]*\.(?:sh|py|js|ts)|e2e(?::[\w:.-]+)?)(?:$|[\s\"')])",
    r"(?i)cypress-io/github-action|/\.github/workflows/[\w.-]*(?:e2e|playwright|cypress|cucumber|rspec|system)[\w.-]*\.ya?ml$",
    example="npx playwright test",
    on=OFTEN,
)
ANY_TESTS = test_step(on=OFTEN)
CALLED_SO = step(
    r"^(?:node|npx|tsx|bun|deno|python\d*|bash|sh|\./|k6|hurl|newman|docker compose)\b", example="node e2e/run.js", on=OFTEN
)
_END_TO_END = re2.compile(r"(?i)(?:^|[\W_])(?:e2e|end[-_ ]?to[-_ ]?end)(?:$|[\W_])")
API_SUITE = file(
    "*.hurl",
    "*.bru",
    "*postman_collection.json",
    "**/{smoke_tests,smoke-tests,tests_smoke,tests-smoke}/**/*.{py,js,ts,go,rb}",
    "**/{test,tests}/smoke/**/*.{py,js,ts,go,rb}",
    where=SOURCE_AND_TESTS,
)
_OF_A_PACKAGE = re2.compile(r"^(.+/)package\.json:")
_NO_BROWSER = re2.compile(r"^(?:npx )?(?:jest|vitest|mocha|ava|tap)\b|^node --test\b")
_BROWSER = re2.compile(r"playwright|cypress|wdio|webdriver|puppeteer|nightwatch|testcafe|detox|maestro|codecept|cucumber")
GENERIC = (".py", ".go", ".java", ".kt", ".cs")
"""Where browser tests are run by the very command that runs all tests."""


def judge(look: Look) -> Verdict | None:
    """Present where browser tests exist and CI runs them; partial where only one of the two was seen."""
    specs = BROWSER_SPEC.find(look) + RUBY_SPEC.find(look)
    code_specs = tuple(signal for signal in specs if signal.kind is not SignalKind.DEPENDENCY)
    if not code_specs:
        return _without_a_browser(look)
    run = tuple(signal for signal in runs(look, IN_CI) if not _of_another_package(look, signal, code_specs))
    if not run and _run_with_the_rest(look, code_specs):
        run = runs(look, ON_CHANGE)
    if run:
        return Verdict(Status.PRESENT, (run[0], *code_specs))
    return Verdict(
        Status.PARTIAL, code_specs, f"Browser tests are there, in {code_specs[0].path}, but no CI job was seen to run them."
    )


def _of_another_package(look: Look, run: Signal, specs: tuple[Signal, ...]) -> bool:
    """Whether a script called after such tests starts a package's tests that are none: what Nest makes for a server, say."""
    started = [
        signal
        for signal in look.named(SignalKind.STEP, "run")
        if (signal.path, signal.line) == (run.path, run.line)
        and (package := _OF_A_PACKAGE.match(signal.detail("via")))
        and not any((spec.path or "").startswith(package.group(1)) for spec in specs)
    ]
    named = run.name == "run" and not _BROWSER.search(run.value) and any(_NO_BROWSER.search(signal.value) for signal in started)
    return named and not any(_BROWSER.search(signal.value) for signal in started)


def _without_a_browser(look: Look) -> Verdict | None:
    """Requests from outside are all that an API has for a user; what has pages needs a browser as well."""
    called = tuple(
        signal
        for signal in runs(look, ANY_TESTS) + CALLED_SO.find(look)
        if any(_END_TO_END.search(text) for text in _names(signal))
    )
    if look.fact(Fact.FRONTEND) is not False:
        said = "A job is named for it, in {}, and no test was seen to drive a browser."
        return Verdict(Status.PARTIAL, called, said.format(called[0].path)) if called else None
    suite = API_SUITE.find(look)
    if called or suite:
        return Verdict(Status.PRESENT if called or runs(look, IN_CI) else Status.PARTIAL, called or suite)
    return Verdict(Status.NOT_APPLICABLE, (), "It has no user interface of its own.")


def _names(signal: Signal) -> tuple[str, str, str]:
    return (signal.detail("workflow") or signal.path or "").rsplit("/", 1)[-1], signal.detail("job"), signal.detail("job_name")


def _run_with_the_rest(look: Look, specs: tuple[Signal, ...]) -> bool:
    """Whether nothing sets browser tests apart from the others, so that the usual test command runs them."""
    return any((signal.path or "").endswith(GENERIC) for signal in specs) or not CONFIG.find(look)


PRACTICE = Practice(
    id="e2e-smoke-tests",
    stage=Stage.TESTING,
    title="A browser tries the app before release",
    why="One test that loads the page and signs in catches a startling share of total breakage.",
    advice=(
        "Write one Playwright test: open the home page, sign in as the seed user, do the core action.",
        "Run it on each pull request against the preview or a local backend, and put flaky tests in quarantine.",
    ),
    looked_for="tests that drive a browser, and a CI job that runs them",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.MOB),
    after=("ci-tests", "seed-data"),
    guide="https://stack.convex.dev/testing-patterns",
    judge=judge,
    partial=(
        CONFIG,
        RUBY_FEATURES,
        dependency(npm="@playwright/test cypress webdriverio testcafe nightwatch detox browser-ui-test", scope=DIRECT),
    ),
    uses=(BROWSER_SPEC, RUBY_SPEC, IN_CI, ON_CHANGE, ANY_TESTS, CALLED_SO, API_SUITE),
    doubt=(
        (
            file("**/{e2e,e2e-tests,acceptance,smoke,system-tests,ui-tests}/*", "*{smoke,Smoke}*", where=SOURCE_AND_TESTS),
            "is named for it, and no browser was seen to be driven there",
        ),
        (
            code(
                # With a capital letter, selenium is a mineral too.
                r"(?i:\b(webdriver|headless_?chrom\w*|puppeteer|playwright|chromedp|cypress)\b)|\bselenium\b|\bOpenQA\.Selenium\b",
                (*PROGRAM, Language.YAML, Language.SHELL),
                strings=True,
                example="docker run selenium/standalone-chrome",
                where=SOURCE_AND_TESTS,
                but_not="*/**/.github/**",
            ),
            "speaks of a browser that a program drives",
        ),
    ),
)
