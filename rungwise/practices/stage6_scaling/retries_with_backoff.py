"""Retries with backoff, jitter and a cap."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    ANYWHERE,
    CONFIG,
    CSHARP,
    ELIXIR,
    GO,
    HCL,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    SHELL,
    SQL,
    YAML,
    Look,
    at_least,
    beside,
    both,
    code,
    dependency,
    either,
)
from rungwise.clues import Language as In
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER

STARTUP = "**/*{pre_start,prestart,initial_data,wait_for,wait-for}*"
"""Scripts that wait for a database to come up: no retry of a call."""

RETRYING_QUEUE = both(
    dependency(
        gem="sidekiq govuk_sidekiq", hex="oban", npm="inngest @trigger.dev/sdk graphile-worker @temporalio/worker",
        nuget="Hangfire.Core Hangfire.AspNetCore",
        go="github.com/hibiken/asynq github.com/riverqueue/river go.temporal.io/sdk",
    ),
    either(
        code(r"\binclude Sidekiq::(Job|Worker)\b|<\s*\w*(Job|Worker)(Base)?\b|\bGovukSidekiq\b", RUBY, example="include Sidekiq::Job"),
        code(r"\buse Oban\.(Pro\.)?Worker\b", ELIXIR, example="use Oban.Worker, queue: :mail"),
        code(
            r"\.createFunction\(|\bschemaTask\(|\btask\(\{|\baddJob\(|\bproxyActivities\b",
            JAVASCRIPT, example="inngest.createFunction({ id }, event, run)",
        ),
        code(r"\bBackgroundJob\.(Enqueue|Schedule)\b", CSHARP, example="BackgroundJob.Enqueue(() => Send())"),
        code(r"\.Enqueue\w*\(|\.Insert(Tx)?\(|\bExecuteActivity\(", GO, example="client.Enqueue(task)"),
    ),
)  # fmt: skip
"""Queues that retry with a growing delay unless they are told not to."""
OWN_HELPER = code(
    r"\b(withRetry|withRetries|createRetry\w*|fetchRetry|fetchWithRetry)\b(<[^>]*>)?\(",
    JAVASCRIPT, but_not=BROWSER, example="async function withRetries<T>(call: () => Promise<T>) {",
)  # fmt: skip
GROWING = r"\w*exp(onential)?_?back_?off\w*\("
OTHERS = (*ELIXIR, *PYTHON, *GO, *RUBY, *PHP, *JVM)
EVERYWHERE = either(
    RETRYING_QUEUE,
    code(r"\bnew (ActionRetrier|Workpool)\(", JAVASCRIPT, example="const retrier = new ActionRetrier(components.actionRetrier)"),
    code(
        r"\bbackoff:\s*(\{|\w*BACKOFF)|\bretryBackoff:\s*true|\bbackoffStrategy\b",
        JAVASCRIPT, but_not="**/*{swagger,openapi,Swagger,OpenApi}*", example="backoff: { type: 'exponential', delay: 1000 },",
    ),
    code(
        r"\baxiosRetry\(|\bfetch-retry\b|\b(function|const) (\w*[rR]etry\w*(Backoff|Exponential)\w*|\w*[bB]ackoff\w*Retry\w*)\b",
        JAVASCRIPT, example="export async function retryWithBackoff<T>(",
    ),
    beside(
        code(
            r"(?i)back_?off|exponential|jitter|\b2 ?\*\* ?\w|Math\.pow\(2,", JAVASCRIPT, but_not=BROWSER, example="delay * 2 ** attempt",
        ),
        OWN_HELPER,
    ),
    code(
        r"\bretry_(exponential_)?backoff\s*=|\bretry_jitter\s*=|\bautoretry_for\s*=",
        PYTHON, but_not="**/.semgrep/**", example="@app.task(autoretry_for=(TaxError,), retry_backoff=30)",
    ),
    code(r"\bRetry\([^)]*\bbackoff_factor\b", PYTHON, example="HTTPAdapter(max_retries=Retry(total=3, backoff_factor=1))"),
    code(
        r"\bretry_on\b.*\bwait: :(polynomially|exponentially)_longer\b|\bsidekiq_retry_in\b",
        RUBY, example="retry_on StandardError, wait: :polynomially_longer",
    ),
    code(
        r"\bAddStandardResilienceHandler\(|\bAddResilienceHandler\(|\bWaitAndRetry(Async|Forever)?\("
        r"|\bDelayBackoffType\.Exponential\b|\bAddRetry\(",
        CSHARP, example="http.AddStandardResilienceHandler();",
    ),
    code(
        r"\bofExponential(Random)?Backoff\(|\bRetry\.backoff\(([^;oO]|[oO][^p;])*;|\bwithBackoff\(|@Backoff\(|\bRetryRegistry\b"
        r"|\bExponentialBackOff\w*",
        JVM, example=".retryWhen(Retry.backoff(8, Duration.ofSeconds(1)).jitter(0.5));",
    ),
    code(r"\bresilience4j\.retry\b|\bretryStrategy:|\bretry_policy:|\bBackoffRate\b", CONFIG, example="      retry_policy:"),
    code(r"\bfunction backoff\(|\$backoff\s*=\s*(\[|array\()|->retry\(\s*\d+\s*,", PHP, example="public function backoff(): array"),
    code(
        r"\bExponentialBackoff(Builder|Policy)?\b|\bExponentialBuilder\b|\bfn \w*(retry\w*(backoff|delay|sleep|duration)|backoff)\w*",
        RUST, example="let policy = ExponentialBackoff::builder();",
    ),
    # A delay that grows, worked out by a function of one's own and asked for in more than one place.
    code(
        rf"(?i)\b{GROWING}[\s\S]*?\b{GROWING}[\s\S]*?\b{GROWING}", OTHERS, but_not=BROWSER,
        example="defp exp_backoff(n), do: 2 ** n\n wait(exp_backoff(n)); wait(exp_backoff(tries))",
    ),
    code(r"\bretryablehttp\.NewClient\(|\bgobreaker\.|\bfailsafe\.|\bRetryPolicy\{", GO, example="retryablehttp.NewClient()"),
    code(
        r"\bretry: :(safe_)?transient\b|\bRetry\b.*\bexponential_backoff\b|\bTesla\.Middleware\.Retry\b"
        r"|\bretry[ (]with: *exponential_backoff\b|\bBackoff\.(new|init)\(|:backoff\.init\(",
        ELIXIR, example="Req.new(retry: :transient)",
    ),
)  # fmt: skip
LIBRARY = dependency(
    npm="p-retry async-retry exponential-backoff cockatiel opossum promise-retry retry axios-retry",
    pypi="tenacity backoff stamina retrying pybreaker",
    go="github.com/cenkalti/backoff github.com/avast/retry-go github.com/sethvargo/go-retry github.com/hashicorp/go-retryablehttp",
    maven="org.springframework.retry:spring-retry io.github.resilience4j:resilience4j-spring-boot3 dev.failsafe:failsafe"
    " io.github.resilience4j:resilience4j-retry io.quarkus:quarkus-smallrye-fault-tolerance",
    gem="retriable faraday-retry stoplight semian circuitbox", crates="backon backoff tokio-retry reqwest-retry tryhard",
    nuget="Polly Polly.Core Microsoft.Extensions.Http.Resilience Microsoft.Extensions.Http.Polly",
)  # fmt: skip
WRAPPED = either(
    code(
        r"@(backoff\.on_\w+|retry|stamina\.retry|tenacity\.retry)\(|\bwait_(random_)?exponential\w*\(",
        PYTHON, but_not=STARTUP, example="@backoff.on_exception(backoff.expo, Timeout, max_tries=10)",
    ),
    code(
        r"\b(pRetry|retry|backOff|promiseRetry)\(",
        JAVASCRIPT, but_not=BROWSER, example="await pRetry(() => send(mail), { retries: 5 })",
    ),
    code(
        r"\b(backoff|retry)\.(Retry\w*|Do\w*|NewExponential\w*)\(",
        GO, example="backoff.Retry(send, backoff.NewExponentialBackOff())",
    ),
    code(r"@Retry(able)?\b", JVM, example="@Retryable(maxAttempts = 4)"),
    code(r"\bRetriable\.|\brequest :retry\b|\bStoplight\(", RUBY, example="Retriable.retriable do"),
    code(r"\b(Retry::spawn|retry_notify|retry_fn|\.retry)\b", RUST, example="Retry::spawn(s, f)"),
)  # fmt: skip
"""How a single call is wrapped by a library."""
BY_HAND = either(
    code(rf"(?i)\b{GROWING}", OTHERS, but_not=BROWSER, example="time.sleep(exponential_backoff(attempt))"),
    code(
        r"(?i)\bpow(er)?\(2(\.0)?, *\w*(retr|attempt|tries)\w*",
        (*RUST, *GO, *RUBY, *SQL), strings=True, example="power(2, retries) * interval '1 minute'",
    ),
    beside(
        code(
            r"\b(2 ?\*\* ?\$?\w+|[mM]ath\.[pP]ow\(2,|1 ?<< ?\(?(uint\()?\w+|2\.pow\(|pow\(2,)"
            r"|\b\w*([dD]elay|[bB]ack_?[oO]ff|[wW]ait|[pP]ause)\w* ?(\*=|:?=[^;=\n]{0,60}\w*([dD]elay|[bB]ack_?[oO]ff|[wW]ait|[pP]ause)\w* ?\*) ?2(\.0)?\b",
            PROGRAM, but_not=(*BROWSER, "*.standalone.js"), example="delay = 2 ** attempt",
        ),
        code(
            r"(?i)\b\w*(retr(y|ies)|attempts?)\w*\b",
            PROGRAM, but_not=(*BROWSER, "*.standalone.js"), example="while attempt < MAX_ATTEMPTS:",
        ),
    ),
)  # fmt: skip
IN_JOBS = code(
    r"(?i)\b(2 ?\*\* ?|pow(er)?\(2(\.0)?, *|1 ?<< ?\(?(uint\()?|2\.pow\()[\w.>$-]*(retr|attempt|tries)\w*",
    PROGRAM, but_not=BROWSER,
    files=(
        "**/*{job,queue,worker,task,webhook,delivery,message,integration,Job,Queue,Worker,Task,Webhook,Delivery,Message,Integration}*",
        "**/{httpclient,http_client,http-client,httpClient}{,.*,/**}",
    ),
    example="var backoffSeconds = Math.Pow(2, RetryCount);",
)  # fmt: skip
"""Work that is taken up again after a growing delay, whatever it calls; or the client that all calls over HTTP go through."""
SOMEWHERE = either(both(LIBRARY, WRAPPED), BY_HAND)
OFTEN = either(both(LIBRARY, at_least(2, WRAPPED)), at_least(2, BY_HAND))
FIXED = either(
    OWN_HELPER,
    code(
        r"\bqueue:work\b[^\n]*--tries=[2-9]",
        (*YAML, *SHELL, In.PROPERTIES), where=ANYWHERE, strings=True, example="artisan queue:work --tries=3",
    ),
    code(
        r"\bFixedBackOff(Policy)?\b|\bNoBackOffPolicy\b|\bRetryTemplate\b|\bSimpleRetryPolicy\b|\bRetry\.(max|maxInARow|fixedDelay)\(|\.retry\([1-9]\d*L?\)",
        JVM, example=".retryWhen(Retry.max(2))",
    ),
    code(
        r"\bReactiveCircuitBreakerFactory\b|@CircuitBreaker\b|\bCircuitBreaker(Config|Registry)\b|^\s*- name: Retry\b",
        (*JVM, *YAML), example="CircuitBreakerConfig.ofDefaults()",
    ),
    beside(
        code(r"\bcatch *\(|\bexcept\b|\brescue\b|\berr != nil\b", PROGRAM, but_not=BROWSER, example="} catch (Throwable failed) {"),
        code(
            r"\bif *\(?!?(this\.|self\.)?_?(can|should|must|may|is)_?[rR]etr(y|yable|iable)\w*( *\{|[()])",
            (*JVM, *CSHARP, *GO, *PYTHON, *PHP), example="if (canRetry(failed, method)) {",
        ),
    ),
    code(
        r"(?i)\b\w*(sleep|wait|delay)\w*\([^()\n]*\b(\w+\.)*(retry|reconnect)_?(delay|interval|wait|period|pause)\b",
        PROGRAM, but_not=BROWSER, example="time.Sleep(s.ReconnectDelay)",
    ),
    code(r"\bfn \w*retry\w*", RUST, example="pub async fn retry<F>(func: F, max_tries: u32) {"),
    code(
        r"\b(max_?[rR]etries|maxNetworkRetries|numRetries|num_retries)\b|\bself\.retry\(|\bRetry\(total=",
        (*PYTHON, *JAVASCRIPT, *JVM, *GO, *RUST), example="self.retry(queue=QueueNames.RETRY)",
    ),
    code(
        r"[\"']tries[\"'] *=> *([2-9]|\d\d)",
        PHP, strings=True, files="**/config/{horizon,queue}.php", example="'tries' => 3,",
    ),
    code(
        r"\bretry_on\b|\bretry: \d+|\bretries: \d+|\$tries\s*=\s*([2-9]|\d\d)",
        (*RUBY, *ELIXIR, *PHP), example="retry_on NetworkError",
    ),
    code(r"[\"']retries[\"']\s*:\s*[1-9]|\bretries\s*=\s*[1-9]", PYTHON, strings=True, example='default_args = {"retries": 2}'),
    code(
        r"\bfor \w+ in range\(\w+\):[\s\S]{0,300}\bexcept\b|\btries_left\b|\bnum_tries\b",
        PYTHON, example="for attempt in range(3):\n    try: send()\n    except",
    ),
    code(r"\baws_sfn_state_machine\b|\bredrive_policy\b", HCL, strings=True, example="redrive_policy = jsonencode({"),
    LIBRARY,
)  # fmt: skip

NO_CALLS = (
    ".github/**", "**/*compose*.y*ml", "**/{lang,locale,locales,translations,i18n}/**", "{playwright,cypress,vitest,jest}.config.*",
    "**/*[fF]ailed*[jJ]ob*{,/**}",
)  # fmt: skip
"""Where health checks, tests and people do it again, and not calls: a panel of failed jobs has a button for it."""
MENTIONED = code(
    r"(?i)\w*(webhook|delivery|send|job|message)_?attempts?\b|\b(retr(y|ies|ying|ied)|back_?off)\b|[rR]etry(able)?[A-Z(]|_retr(y|ies)\b|withRetr",
    (*PROGRAM, *YAML, In.PROPERTIES), but_not=NO_CALLS, example="retry(send)",
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """Where other services are called and the word never occurs, nothing is retried."""
    if look.fact(Fact.EXTERNAL_CALLS) and not any(clue.find(look) for clue in (MENTIONED, EVERYWHERE, SOMEWHERE, FIXED)):
        return Verdict(Status.ABSENT, (), "Other services are called, and no code retries anything.")
    return None


PRACTICE = Practice(
    id="retries-with-backoff",
    stage=Stage.SCALING,
    title="A short outage elsewhere is waited out, patiently",
    why="Other services fail for seconds all the time; without a retry it is your failure, without patience you keep them down.",
    advice=(
        "On Convex, wrap actions that may run twice in the action retrier or a workpool.",
        "Elsewhere, use what is proven: tenacity, p-retry, resilience4j, AddStandardResilienceHandler, your queue's retries.",
        "Set timeouts first, add jitter, and limit the number of tries or the total time.",
    ),
    looked_for="retries with a growing delay around calls to other services, or jobs that are retried that way",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.CLI),
    requires=(Fact.EXTERNAL_CALLS,),
    guide="https://stack.convex.dev/retry-actions",
    question="What happens in your product when the payment, mail or LLM provider is down for ten minutes?",
    present=(EVERYWHERE, IN_JOBS, OFTEN),
    partial=(SOMEWHERE, FIXED),
    judge=judge,
    uses=(MENTIONED,),
)
