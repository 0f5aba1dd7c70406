"""Clients that wait before they ask again."""

from rungwise.catalogue import PRODUCTS, Practice, Verdict
from rungwise.clues import DIRECT, ELIXIR, HTML, JAVASCRIPT, Look, beside, code, dependency, either
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status

LIBRARIES = ("**/{public,static,js}/**/{lib,libs}/**", "**/js/{lib,libs}/**")
NOT_SCREEN = ("**/{server,api,backend,worker,workers}/**", "**/scripts/**", "*.config.*", *LIBRARIES)
SLOWED = either(
    beside(
        code(
            r"(?i)\b\w*(fetch|axios|quer(y|ies)|search|mutat|reload|load|save|autocomplete|suggest|dispatch|validate)\w*\("
            r"|\baxios\.\w+\(|\$\.(ajax|get|post|getJSON)\(|\bnew XMLHttpRequest\b|\$http\.\w+\(",
            JAVASCRIPT, but_not=NOT_SCREEN, example="loadSuggestions(text)",
        ),
        code(
            r"\b(debounce|throttle|useDebounce\w*|useThrottle\w*|debounceTime|throttleTime|useSingleFlight|useLatestValue)\("
            r"|\bclearTimeout\([\w.]+\);?\s+[\w.]+ = (window\.)?setTimeout\("
            r"|\brestartableTask\b[\s\S]{0,400}?\b(await|yield) timeout\(|\b(await|yield) timeout\([\s\S]{0,800}?\.restartable\(\)",
            JAVASCRIPT, but_not=NOT_SCREEN, example="const search = debounce(load, 200);",
        ),
    ),
    beside(
        code(
            r"\bfetch\(|\baxios\b|\bXMLHttpRequest\b|\$\.(ajax|get|post|getJSON)\(|\bactiveRequest\b",
            JAVASCRIPT, but_not=NOT_SCREEN, example="const response = await fetch(url, { signal });",
        ),
        code(
            r"\bnew AbortController\(|\.abort\(\)",
            JAVASCRIPT, but_not=NOT_SCREEN, example="controller = new AbortController();",
        ),
    ),
    code(
        r"\bajax\s*:\s*\{[^{}]{0,300}\bdelay\s*:\s*\d|\.autocomplete\(\s*\{[^{}]{0,300}\bdelay\s*:\s*\d"
        r"|\b(loadThrottle|rateLimitWait|searchDelay)\s*:\s*\d",
        (*JAVASCRIPT, *HTML), but_not=LIBRARIES, example="$('#user').select2({ ajax: { url: '/users', delay: 250 } })",
    ),
    code(
        r"\btypeahead-wait-ms=|\bng-model-options=\"[^\"]*\bdebounce\b",
        HTML, strings=True, example='<input ng-model="query" ng-model-options="{ debounce: 250 }">',
    ),
    code(
        r"\bphx-debounce\b|\bwire:model\.(debounce|live\.debounce)|\bhx-trigger=\"[^\"]*\bdelay:|\bdata-\w*debounce",
        (*HTML, *ELIXIR), strings=True, example='<input phx-debounce="300">',
    ),
)  # fmt: skip
LIBRARY = dependency(
    npm="swr @tanstack/react-query @tanstack/vue-query @tanstack/svelte-query react-query @tanstack/pacer use-debounce"
    " lodash.debounce lodash.throttle throttle-debounce p-debounce @apollo/client @reduxjs/toolkit",
    scope=DIRECT,
)  # fmt: skip
ASKS = code(
    r"\bfetch\(|\baxios\b|\bXMLHttpRequest\b|\$\.(ajax|get|post|getJSON)\(|\buse(Query|Mutation|SWR)\(|\bphx-change\b"
    r"|\bWebSocket\(",
    (*JAVASCRIPT, *HTML, *ELIXIR), strings=True, but_not=NOT_SCREEN, example="const response = await fetch(url);",
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """Pages that ask nothing while they are shown need no throttle; whether the others do, only a person can tell."""
    if SLOWED.find(look) or LIBRARY.find(look):
        return None
    if not ASKS.find(look):
        return Verdict(Status.NOT_APPLICABLE, (), "The pages ask nothing of the server while they are shown.")
    return Verdict(Status.NOT_SEEN, (), "The pages ask the server for things, and nothing was seen that holds them back.")


PRACTICE = Practice(
    id="client-throttling",
    stage=Stage.SCALING,
    title="The client asks again only when it has its answer",
    why="Clients that wait for one another's answers slow down together instead of burying the server.",
    advice=(
        "On Convex, use useSingleFlight for presence, typing and dragging.",
        "Debounce search fields by a fifth of a second, and abort the request that was overtaken.",
        "Poll only while the page is visible, and more slowly after errors.",
    ),
    looked_for="debounced, throttled or single-flight requests in the user interface",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=PRODUCTS,
    requires=(Fact.FRONTEND,),
    guide="https://stack.convex.dev/throttling-requests-by-single-flighting",
    not_for="pages without live input",
    present=(SLOWED,),
    partial=(LIBRARY,),
    judge=judge,
    uses=(ASKS,),
)
