"""Side effects that may happen twice without harm."""

from rungwise.catalogue import Practice
from rungwise.clues import (
    CSHARP,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    SQL,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage
from rungwise.practices.stage5_hardening.input_validation import BROWSER

KEYED = either(
    code(
        r"(?i)\bidempoten(t|cy)[-_]?(key|id|token)\w*|\bidempotencyKey|\bMessageDeduplicationId\b|\bmessage_deduplication_id\b",
        PROGRAM, strings=True, example="idempotency_key = models.CharField(unique=True)",
    ),
    dependency(
        gem="sidekiq-unique-jobs activejob-uniqueness idempotent-request", pypi="celery-once django-idempotency-key",
        npm="@aws-lambda-powertools/idempotency", maven="net.javacrumbs.shedlock:shedlock-spring",
    ),
    both(
        dependency(npm="bullmq bull pg-boss graphile-worker"),
        code(
            r"\b(add|addJob|addBulk|send|enqueue|schedule|upsertJobScheduler)\([^;]{0,300}?\b(jobId|jobKey|singletonKey)\b"
            r"|\b(removeOnComplete|removeOnFail|attempts|delay|backoff): [^{};]{0,120}\b(jobId|jobKey|singletonKey):"
            r"|\b(jobId|jobKey|singletonKey): [^{};]{0,120}\b(removeOnComplete|removeOnFail|attempts|delay|backoff):",
            JAVASCRIPT, but_not=BROWSER, example="queue.add(name, data, { jobId: event.id })",
        ),
    ),
    code(
        r"\bgood_job_control_concurrency_with\b|\bunique :until_\w+|\blimits_concurrency\b",
        RUBY, example="good_job_control_concurrency_with(total_limit: 1)",
    ),
    code(r"\bShouldBeUnique\w*\b", PHP, example="class Sync implements ShouldQueue, ShouldBeUnique"),
    code(r"\bUniqueOpts\b|\basynq\.(Unique|TaskID)\(", GO, example="river.UniqueOpts{ByArgs: true}"),
    code(r"\bunique: \[", ELIXIR, example="use Oban.Worker, unique: [period: 60]"),
    code(
        r"(?i)\bdeduplicat(e|ed|ion)\b",
        RUST, files="**/*{job,worker,queue}*{/**,}", example="const DEDUPLICATED: bool = true;",
    ),
    code(
        r"\b\w*[iI]dempotency\w*(\(|\{|<| *:?= *|->|::| \w+[,);])|\b(class|interface|record|struct|type|func) \w*[iI]dempoten\w*",
        (*CSHARP, *JVM, *GO, *PHP), example="class IdempotencyFilter implements Filter {",
    ),
    code(
        r"\b(class|record) (Outbox(Message|Event|Entry|Record|Processor|Publisher)|InboxState|ProcessedEvent)\w*\b",
        (*CSHARP, *JVM, *PYTHON, *JAVASCRIPT), example="public class OutboxMessage",
    ),
    file(
        "**/{Idempotency,idempotency}/**/*.{cs,java,kt,go,ts,py,rb,php,rs,ex}", "**/*{Idempotency,Idempotent,idempotency,idempotent}*.{cs,java,kt,go,ts,py,rb,php,rs,ex}",
        but_not=BROWSER,
    ),
    code(
        # What was delivered before is looked up by the sender's id.
        r"\bexists\(\)?\s*\.?[^;\n]{0,60}\b(event|delivery|webhook|notification)_?id\b|\b(event|delivery|webhook|notification)_id=[^\n]{0,60}\)\.exists\(\)"
        r"|\.exists\?\(\s*:?\w*(event|delivery|webhook|stripe|external)_id\b",
        (*PYTHON, *RUBY), files=("**/*{webhook,hook,stripe,paypal,callback,consumer}*{/**,}", "**/{ses,sns,events}/**"),
        example="seen = exists().where(Event.event_id == data[key])",
    ),
    code(r"\b(processed|handled)_?([eE]vents|[wW]ebhooks)\b", PROGRAM, example="if processed_webhooks.include?(id)"),
)  # fmt: skip
UPSERT = code(
    r"(?i)\bon conflict\b[\s\S]{0,80}\bdo (nothing|update)\b|\bupsert(_all)?\(|\binsert ignore\b",
    (*SQL, *PROGRAM), strings=True, example="INSERT INTO entries (hash) VALUES ($1) ON CONFLICT DO NOTHING",
    but_not=(
        "**/*seed*", "**/*{builder,Builder,client_gen,_gen}*", "**/public/**", "**/ui/**",
        "**/{migrations,migration,Migrations,Migration,migrate,alembic,versions,changelog,liquibase,flyway}/**",
        "**/*{_migration,-migration,Migration}.*", "V[0-9]*__*.sql",
    ),
)  # fmt: skip
"""A write that overwrites or skips what is there. In a migration it fills tables once, and nothing arrives there twice."""

PRACTICE = Practice(
    id="idempotent-side-effects",
    stage=Stage.SCALING,
    title="Doing it twice does no more than doing it once",
    why="Queues and retries deliver twice sooner or later, and nobody wants to be charged twice.",
    advice=(
        "Store the provider's event id under a unique constraint before acting on it.",
        "Pass an idempotency key to payment and mail services.",
        "Check the state again in the transaction that claims the job.",
    ),
    looked_for="idempotency keys, deduplication or unique constraints on payment, webhook and job paths",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=((Fact.EXTERNAL_CALLS, Fact.ASYNC_WORK),),
    guide="https://stack.convex.dev/retry-actions",
    question="If one webhook or job arrives twice, what is charged or sent twice?",
    after=("retries-with-backoff",),
    present=(KEYED,),
    partial=(UPSERT,),
)
