"""Internal functions that clients cannot reach."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import CSHARP, HCL, JAVASCRIPT, JVM, PHP, PROGRAM, RUBY, SHELL, YAML, Look, code, either
from rungwise.clues import Language as In
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER
from rungwise.practices.stage5_hardening.service_auth import SIGNED

INTERNAL = code(
    r"\binternal(Query|Mutation|Action)\(",
    JAVASCRIPT, files="**/convex/**", example="export const send = internalMutation({",
)  # fmt: skip
OPEN = code(
    r"\b(runQuery|runMutation|runAction|runAfter|runAt|interval|daily|hourly|cron)\((\s*[^;(){}]{0,80},)?\s*api\.\w+",
    JAVASCRIPT, files="**/convex/**", counted=True, example="await ctx.runQuery(api.messages.list, {})",
)  # fmt: skip
CALLS = code(
    r"\b(runQuery|runMutation|runAction|runAfter|runAt)\(|\bcrons\.\w+\(",
    JAVASCRIPT, files="**/convex/**", example="await ctx.scheduler.runAfter(0, internal.mail.send, {})",
)  # fmt: skip
SECRET = code(
    r"(?i)\b\w*(cron|utils|scheduler|worker|internal|inter_?service|live_?server|metrics)_?(api_?|auth_?|authori[sz]ation_?|shared_?)?"
    r"(secret|token)s?(_?key)?\b|\b(cron|job)_?(signature|signing_?key)\b|\b(internal|admin)_?(api|identity|auth|service)_?key\b|\bmetrics_?(key"
    r"|password|allowed_?networks?)\b|\bcron\w*\([^\n]*token\b|\b(verify|require|check|validate)_?((qstash|vercel|internal)\w*|cron_?(secret|auth|token|signature|request|job|key|header)\w*)\(|\bwithCron\(",
    PROGRAM, but_not=(*BROWSER, "**/{env,constants,config}.*"), example="if request.token != config.metrics_token:",
)  # fmt: skip
"""A secret that only our own machines know."""
APART = either(
    code(
        r"^kind:\s*(NetworkPolicy|AuthorizationPolicy|PeerAuthentication)\b|--ingress[= ]internal|--no-allow-unauthenticated",
        (*YAML, *SHELL), example="kind: NetworkPolicy",
    ),
    code(r"\bINGRESS_TRAFFIC_INTERNAL", HCL, strings=True, example='ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"'),
    code(
        r"\bpath: [\"']?/(prometheus|metrics|actuator|internal|queue-admin)\b[^\n]*\n([^\n]*\n){0,5}[^\n]*\bdefault-(http-)?backend\b"
        r"|\bnginx\.ingress\.kubernetes\.io/(whitelist|allowlist)-source-range\b",
        YAML, example="- path: /metrics\n  backend:\n    service: {name: default-http-backend}",
    ),
    code(
        r"\blocation [~=*^ ]*\S*(prometheus|metrics|actuator|internal|queue|cron)\S*\s*\{[^}]{0,300}\b(deny all|return 40[134]|internal;)",
        (*YAML, *SHELL, In.PROPERTIES), example="location /metrics { deny all; }",
    ),
    code(r"\bmanagement\.server\.port\b", (In.PROPERTIES, In.YAML), example="management.server.port=9001"),
    code(
        r"(?i)\b(admin|internal|management|metrics|prometheus|private)_?(port|(listen_?|bind_?)?addr(ess)?)\b"
        r"|\b(fn |func |def )?(serve|start|run|listen)_?(admin|internal|metrics|prometheus|private)(_?(server|api))?\(",
        PROGRAM, but_not=(*BROWSER, "**/*{client,Client}*"), example="metricsServer.Listen(config.MetricsPort)",
    ),
    code(r"\bRequireHost\(|\bWithExternalHttpEndpoints\(", CSHARP, example='app.MapMetrics().RequireHost("*:9090")'),
)  # fmt: skip
"""A listener, a network or a policy of their own."""
CLOSED = either(
    code(
        r"\bauthenticate\b.*\bdo\b[\s\S]{0,200}\b(Sidekiq::Web|GoodJob::Engine|MissionControl)"
        r"|\bconstraints\b[\s\S]{0,200}\b(Sidekiq::Web|GoodJob::Engine|MissionControl)|\bSidekiq::Web\.use\b",
        RUBY, example="constraints(AdminConstraint) { mount Sidekiq::Web => '/sidekiq' }",
    ),
    code(r"\bview(Horizon|Pulse|Telescope)\b", PHP, strings=True, example="Gate::define('viewHorizon', fn ($user) => $user->admin)"),
    code(
        r"\bclass (External|Internal)(Request|Network|Only|Api|Endpoint)\w*(Filter|Middleware|Guard|Interceptor)\b"
        r"|\[Authorize\(\"?(\w+\.)?Internal",
        (*JVM, *CSHARP, *JAVASCRIPT, *PHP), strings=True, example="public class ExternalRequestFilter implements Filter {",
    ),
)  # fmt: skip
CLOSED = either(
    CLOSED,
    code(
        r"(?i)\b(require|ensure|check|is|only)_?(super_?user|admin|internal)\w*\(",
        PROGRAM, files="**/*{cron,crons,metrics,prometheus,internal}.{go,ts,js,py,rb,php,rs,ex}", but_not=BROWSER,
        example='sub.POST("/run/{id}", run).Bind(RequireSuperuserAuth())',
    ),
)  # fmt: skip
"""What shows jobs, or serves other machines, refuses everybody else."""
GUARDED = either(SECRET, APART, CLOSED, SIGNED)


def judge(look: Look) -> Verdict | None:
    """On Convex each call between functions shows whether it goes to a public one. Elsewhere nothing seen is a question."""
    inside, open_, calls = INTERNAL.find(look), OPEN.find(look), CALLS.find(look)
    if calls and open_:
        places = sum(signal.places for signal in open_)
        reason = f"{places} calls between functions go to public ones."
        return Verdict(Status.PARTIAL if inside else Status.ABSENT, open_, reason)
    if inside:
        return Verdict(Status.PRESENT, inside)
    return (
        None
        if GUARDED.find(look)
        else Verdict(Status.NOT_SEEN, (), "No endpoint for machines alone was seen, or its guard was not.")
    )


PRACTICE = Practice(
    id="internal-endpoints",
    stage=Stage.HARDENING,
    title="What only servers should call is out of the clients' reach",
    why="Anything on the public surface will be found and called, whether a button leads there or not.",
    advice=(
        "On Convex, let crons, the scheduler and ctx.run* call internal functions only, never api.*.",
        "Elsewhere, put job callbacks and metrics on a private port or behind a token, and keep back ends off the internet.",
        "Keep a test that lists the public surface, so that an addition is noticed.",
    ),
    looked_for="internal functions, private listeners or guards on endpoints that only machines call",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.HTTP_API,),
    guide="https://docs.convex.dev/functions/internal-functions",
    question="Which endpoints are meant for machines alone, and what keeps others out?",
    present=(GUARDED,),
    judge=judge,
    uses=(INTERNAL, OPEN, CALLS),
)
