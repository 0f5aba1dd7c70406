"""Workers that take the next task when they are free."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    CONFIG,
    HCL,
    PROGRAM,
    PYTHON,
    SQL,
    YAML,
    Look,
    beside,
    code,
    dependency,
    either,
    file,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER

CLAIM = either(
    code(
        r"(?i)\bskip locked\b|\b\w*(claim|lease|acquire|steal|checkout|grab)_?(next_?)?(job|work|task|item|run)s?\b|\bgive_?me_?work\b",
        (*PROGRAM, *SQL), strings=True, but_not=BROWSER, example="SELECT id FROM jobs FOR UPDATE SKIP LOCKED",
    ),
    code(
        r"\b(task_)?acks_late\s*=\s*True|\bworker_prefetch_multiplier\s*=\s*1\b", PYTHON, example="worker_prefetch_multiplier = 1",
    ),
    code(r"\bReceiveMessage(Command|Request|Async|WaitTimeSeconds)?\b|\breceive_messages?\(|\bXREADGROUP\b|\bxreadgroup\(", PROGRAM, strings=True, example="sqs.receive_message(QueueUrl=url)"),
)  # fmt: skip
"""A worker takes one task for itself."""
ALIVE = either(
    code(
        r"(?i)\b\w*(job|work|worker|task|run)_?\w*(heartbeat|lease|visibility)\w*\b|\b(heartbeat|lease|visibility_?timeout|claimed)_?(at|until|expires?(_?at)?|timeout|interval)\b"
        r"|\b(im_?still_?working|mark_?as_?dead|change_message_visibility)\b",
        (*PROGRAM, *SQL), strings=True, but_not=(*BROWSER, "**/*{websocket,socket,leader}*"), example="UPDATE jobs SET lease_until = $1",
    ),
    code(r"\b(task_)?acks_late\s*=\s*True", PYTHON, example="task_acks_late = True"),
)  # fmt: skip
"""A task whose worker died is given to another."""
MANY = either(
    beside(
        code(r"^apiVersion:\s*[\"']?keda\.sh/", YAML, example="apiVersion: keda.sh/v1alpha1"),
        code(r"^kind:\s*[\"']?Scaled(Object|Job)\b", YAML, example="kind: ScaledObject"),
    ),
    code(r"\bApproximateNumberOfMessages\w*|\bnum_undelivered_messages\b", (*HCL, *CONFIG), strings=True, example='metric_name = "ApproximateNumberOfMessagesVisible"'),
    code(r"(?i)^\s*[\w-]*worker[\w-]*:[^\n]*(\n[^\n]*){0,20}?\breplicas:\s*([2-9]|\d\d|\$\{|\{\{)", YAML, example="worker:\n  replicas: 4"),
    code(r"(?i)\b\w*(num|max|n|number_of)_?workers\b|\bconcurrency\s*[=:]", PROGRAM, but_not=BROWSER, example="num_workers = settings.workers"),
    code(
        r"(?i)\b(workers|runners|worker_nodes): defineTable\(|\bcreate table (if not exists )?\W?(workers|runners|worker_nodes)\b|\bcreate_table :?\"?(workers|runners)\b",
        (*PROGRAM, *SQL), strings=True, example="workers: defineTable({ apiKey: v.string() }),",
    ),
    file("**/{worker,workers,runner,runners}/{,*/}Dockerfile*", "**/Dockerfile*worker*", "**/*worker*.Dockerfile"),
)  # fmt: skip
"""Several of them, or as many as the queue needs."""
CONSUMER = either(
    dependency(
        pypi="procrastinate pgqueuer ray dask celery rq dramatiq arq", npm="graphile-worker pg-boss bullmq",
        go="github.com/riverqueue/river github.com/hibiken/asynq", gem="good_job solid_queue que", hex="oban",
    ),
    CLAIM,
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """The whole is a claim that runs out when its worker dies, by more than one worker."""
    claim, alive, many = CLAIM.find(look), ALIVE.find(look), MANY.find(look)
    return Verdict(Status.PRESENT, (claim[0], alive[0], many[0])) if claim and alive and many else None


PRACTICE = Practice(
    id="pull-based-workers",
    stage=Stage.SCALING,
    title="Heavy work waits until a worker is free to take it",
    why="Workers that fetch their own tasks keep costly machines busy and never have to be found.",
    advice=(
        "Claim a row with SKIP LOCKED and a lease in Postgres; on Convex, claim by a mutation and let a cron free lost tasks.",
        "Scale on the age of the queue, and refuse work with 429 when it grows too long.",
    ),
    looked_for="workers that claim tasks with a lease or a heartbeat, several of them or scaled by the queue",
    role=Role.SUPPORTING,
    effort=Effort.LARGE,
    impact=1,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA),
    requires=(Fact.OWN_COMPUTE,),
    guide="https://stack.convex.dev/work-stealing",
    question="How does a worker get its next task, and what happens when it dies?",
    not_for="hosted inference, and work that is quick",
    after=("background-queue", "async-job-state"),
    partial=(CONSUMER,),
    judge=judge,
    uses=(CLAIM, ALIVE, MANY),
)
