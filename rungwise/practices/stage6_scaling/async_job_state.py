"""Asynchronous work whose state is visible."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
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
    SQL,
    Look,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.clues import Language as In
from rungwise.model import Effort, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER

WORK = r"(?:job|task|import|export|batch|sync|execution|delivery|backup|scan|workflow|pipeline|processing|generation|upload|report|message)"
"""What a piece of work is called. Orders, tickets and requests have states as well, and are none."""
LONG_WORK = r"(?:job|task|import|export|batch|sync|execution|delivery|backup|scan|workflow|pipeline|processing|run)"
"""What can hang. Uploads and messages are cancelled by the person who began them."""
FOR_TESTS = ("**/{testing,testHelpers,testUtils,test_helpers,test_utils,testingFunctions}{.*,/**}",)
"""What tests call to set the product up, and to clear it again."""
NOT_WORK = (*BROWSER, *FOR_TESTS, "**/*seed*", "**/{scripts,script,management}/**")
JOB_FILES = "**/*{job,task,import,export,batch,worker,queue,execution,delivery,backup,workflow,Job,Task,Import,Export,Batch,Worker,Queue,Execution,Delivery,Backup,Workflow}*"
ENGINES = either(
    both(
        dependency(
            npm="@convex-dev/workflow @temporalio/worker inngest @trigger.dev/sdk @restatedev/restate-sdk @dbos-inc/dbos-sdk @hatchet-dev/typescript-sdk",
        ),
        code(
            r"\bnew WorkflowManager\(|\bWorker\.create\(|\.createFunction\(|\bschemaTask\(|\btask\(\{|\brestate\.\w+\(|@DBOS\.workflow\b|\.workflow\(\{",
            JAVASCRIPT, but_not=BROWSER, example="inngest.createFunction({ id }, event, run)",
        ),
    ),
    both(
        dependency(pypi="temporalio prefect apache-airflow dagster"),
        code(r"@(workflow\.defn|flow|dag|asset|job)\b|\bDAG\(", PYTHON, example="@workflow.defn"),
    ),
    both(dependency(go="go.temporal.io/sdk"), code(r"\bworker\.New\(", GO, example="worker.New(client, queue, options)")),
    both(dependency(maven="io.temporal:temporal-sdk"), code(r"@Workflow(Interface|Method)\b", JVM, example="@WorkflowInterface")),
    code(r"\"aws_sfn_state_machine\"", HCL, strings=True, example='resource "aws_sfn_state_machine" "import" {'),
)  # fmt: skip
"""Workflow engines: each run has a state that fails, times out and can be cancelled, and can be looked at."""
KEPT_AND_SHOWN = either(
    both(
        dependency(gem="good_job"),
        code(r"\bGoodJob::Engine\b", RUBY, example='mount GoodJob::Engine => "good_job"'),
    ),
    both(
        dependency(gem="solid_queue"),
        code(r"\bMissionControl::Jobs\b", RUBY, example='mount MissionControl::Jobs::Engine, at: "/jobs"'),
    ),
    both(dependency(hex="oban"), code(r"\boban_dashboard\b", ELIXIR, strings=True, example='oban_dashboard "/oban"')),
    both(
        dependency(hex="oban"),
        code(r"\bOban\.(Pro\.)?Plugins\.(Dynamic)?(Lifeline|Reindexer)\b", ELIXIR, example="plugins: [Oban.Plugins.Lifeline]"),
        code(r"\bdef timeout\(|\bOban\.cancel_\w+\(|\b:discarded\b|\bdiscarded\b", ELIXIR, strings=True, example="def timeout(_job), do: 60_000"),
    ),
    both(
        dependency(nuget="Hangfire.Core Hangfire.AspNetCore"),
        code(r"\b(Use|Map)HangfireDashboard\w*\(", CSHARP, example="app.UseHangfireDashboard();"),
    ),
    both(
        dependency(maven="org.jobrunr:jobrunr-spring-boot-3-starter org.jobrunr:jobrunr"),
        code(r"\bjobrunr\.dashboard\.enabled\s*[=:]\s*true|\buseDashboard\(", (*CONFIG, *JVM), example="jobrunr.dashboard.enabled=true"),
    ),
    both(
        dependency(go="github.com/riverqueue/river"), dependency(go="riverqueue.com/riverui"),
    ),
)  # fmt: skip
"""Queues that keep each job in the database with its failure, and a page that shows them."""
STATUS = either(
    code(
        rf"(?i)\b\w*{WORK}\w*_?(status|state)\w*(\.|::)?_?(failed|failure|fail|error(ed)?|dead|discarded)\b",
        PROGRAM, but_not=NOT_WORK, example="job.status = JobStatus.FAILED",
    ),
    code(
        rf"(?i)\b(enum|type|class|object)\s+\w*({WORK}\w*(status|state)|(build|crawl|transcod\w+)_?status)\w*\b[^;\n]*(\n[^;\n]*){{0,12}}\b_?(failed|failure|error(ed)?)\b",
        (*PROGRAM, *SQL, In.PRISMA, In.GRAPHQL), strings=True, but_not=NOT_WORK,
        example="enum BackgroundJobStatus {\n  PENDING\n  FAILED\n}",
    ),
    code(
        r"(?i)\b(status|state)\w*\b[^;\n]*(\n[^;\n]*){0,6}\b(pending|queued|waiting|enqueued|running|processing|in_?progress|started|generating)\b[^;\n]*(\n[^;\n]*){0,6}\b(failed|failure|error(ed)?)\b",
        (*PROGRAM, *SQL), strings=True, files=JOB_FILES, but_not=(*BROWSER, "**/*{client,Client}*"),
        example='enum :status, { pending: "pending", failed: "failed" }',
    ),
    code(
        r"\bstatus: v\.union\([^;\n]*(\n[^;\n]*){0,8}\b(failed|error)\b|\b_scheduled_functions\b|\bonComplete: internal\b",
        JAVASCRIPT, strings=True, files="**/convex/**", but_not=FOR_TESTS, example='status: v.union(v.literal("pending"), v.literal("failed")),',
    ),
)  # fmt: skip
"""Work that has a stored state, and the state knows failure."""
ENDED = either(
    code(
        rf"(?i)\b\w*{WORK}\w*_?(status|state)\w*(\.|::)?_?(cancel\w*|timed?_?out|expired|dead|discarded|abort\w*)\b",
        PROGRAM, but_not=NOT_WORK, example="job.status = JobStatus.CANCELLED",
    ),
    code(
        rf"(?i)\b(cancel|abort|kill)_?{LONG_WORK}s?\b|\bstop_?(job|task|workflow|execution)s?\b|\b{LONG_WORK}s?_?(cancel(l?ed|lation)?|timeout|time_?limit)\b"
        rf"|\bmark(_?as)?_?(stale|stuck|timed_?out|expired)\b|\b\w*(stuck|stale|orphan(ed)?|hung|zombie|abandoned)_?{WORK}s?\w*|\b(soft_)?time_limit\s*=|\bvisibility_?timeout\b"
        r"|\bscheduler\.cancel\(|\bself\.timeout\b|\bdead_?letter\w*|\bdlq\w*",
        PROGRAM, but_not=(*NOT_WORK, "**/*http*"), example="def cancel_job(job_id):",
    ),
    code(
        r"\bredrive_policy\b|\bx-dead-letter-exchange\b|\bmax_delivery\w*\b|\bdead_letter_(policy|config|topic)\b|\b\w*(task_time_limit|TASK_TIME_LIMIT)\b|\btask_reject_on_worker_lost\b",
        (*HCL, *CONFIG, *PROGRAM), strings=True, example='redrive_policy = jsonencode({})',
    ),
    code(
        r"(?i)\b_?(cancel(l?ed)?|timed_?out|expired)\b", (*PROGRAM, *SQL), strings=True,
        files="**/*{job,task,import,export,batch,Job,Task,Import,Export,Batch}*{status,state,Status,State}*",
        example='CANCELED = "canceled"',
    ),
)  # fmt: skip
"""What hangs is ended: by a timeout, a cancel or a dead letter."""
SHOWN = either(
    code(
        r"(?i)\bdead_?letter\w*|\bdlq\w*", PROGRAM, but_not=NOT_WORK, example="await channel.PublishAsync(deadLetterQueue, message);",
    ),
    dependency(
        npm="@bull-board/api @bull-board/express @bull-board/fastify @convex-dev/workflow", pypi="django-celery-results flower rq-dashboard",
        gem="sidekiq-status mission_control-jobs good_job solid_queue", composer="laravel/horizon imtigger/laravel-job-status",
        nuget="Hangfire.AspNetCore", go="riverqueue.com/riverui github.com/riverqueue/river", hex="oban oban_web",
        maven="org.jobrunr:jobrunr-spring-boot-3-starter",
    ),
    code(r"\bBatchStatus\.|\bJobExecutionListener\b", JVM, example="if (execution.getStatus() == BatchStatus.FAILED) {"),
    code(r"\bSidekiq::Web\b|\bResque::Server\b", RUBY, example='mount Sidekiq::Web => "/sidekiq"'),
    code(
        r"\bAsyncResult\(|\bself\.update_state\(|\bget_job_status\b|\bjob\.get_status\(", PYTHON,
        example="AsyncResult(task_id).state",
    ),
    code(
        r"\b(job\w*|worker)\.(updateProgress|getState|reportProgress|progress)\(|\bcreateBullBoard\(", JAVASCRIPT, but_not=BROWSER,
        example="await job.updateProgress(50)",
    ),
    code(r"\bfailed_jobs\b|\bjob_batches\b", PHP, strings=True, example="Schema::create('failed_jobs', function"),
    file("**/*create_failed_jobs_table.php"),
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """A stored state and a way out of it make the whole; either alone is half."""
    for whole in (ENGINES, KEPT_AND_SHOWN):
        if signals := whole.find(look):
            return Verdict(Status.PRESENT, signals)
    status, ended = STATUS.find(look), ENDED.find(look)
    if status and ended:
        return Verdict(Status.PRESENT, (status[0], ended[0], *status[1:]))
    return None


PRACTICE = Practice(
    id="async-job-state",
    stage=Stage.SCALING,
    title="A job that failed or hangs can be seen",
    why="Work without a recorded state fails in silence while somebody watches a spinner.",
    advice=(
        "Keep status, attempts and times for each job, let the worker move them, and mark what timed out by a scheduled check.",
        "Raise an alert on failures and on the age of the oldest waiting job.",
        "Let people cancel, and check the state in the transaction.",
    ),
    looked_for="jobs with a stored status that knows failure, and a timeout, a cancel or a dead letter",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    needs=("background-queue",),
    guide="https://stack.convex.dev/background-job-management",
    question="How do you notice jobs that failed last night, and how does a user?",
    after=("background-queue",),
    partial=(STATUS, SHOWN),
    judge=judge,
    uses=(ENGINES, KEPT_AND_SHOWN, ENDED),
)
