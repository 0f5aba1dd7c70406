"""A work queue for slow or bulk work."""

from rungwise.catalogue import Practice
from rungwise.clues import (
    CSHARP,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JVM,
    PHP,
    PYTHON,
    RUBY,
    RUST,
    YAML,
    beside,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.clues import Language as In
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

LIBRARY = dependency(
    npm="@convex-dev/workpool @convex-dev/workflow bullmq bull bee-queue agenda graphile-worker pg-boss inngest"
    " @trigger.dev/sdk @temporalio/worker sqs-consumer @aws-sdk/client-sqs @google-cloud/tasks @upstash/qstash"
    " @hatchet-dev/typescript-sdk @restatedev/restate-sdk @dbos-inc/dbos-sdk",
    pypi="celery rq django-rq dramatiq huey arq taskiq procrastinate django-q2 saq temporalio prefect apache-airflow dagster"
    " google-cloud-tasks django-tasks",
    go="github.com/hibiken/asynq github.com/riverqueue/river go.temporal.io/sdk maragu.dev/goqite",
    maven="org.jobrunr:jobrunr-spring-boot-3-starter org.springframework.boot:spring-boot-starter-quartz"
    " io.temporal:temporal-sdk",
    gem="sidekiq govuk_sidekiq good_job solid_queue delayed_job_active_record resque que shoryuken sneakers",
    composer="laravel/horizon symfony/messenger", crates="apalis fang sqlxmq",
    nuget="Hangfire.Core Hangfire.AspNetCore Quartz.AspNetCore Quartz.Extensions.Hosting Coravel", hex="oban exq broadway",
)  # fmt: skip
ENQUEUED = either(
    code(
        r"\.(add|addJob|addBulk|send|sendToQueue|enqueue|triggerJob|trigger|insert|schedule)\(|\bnew SendMessage\w*Command\(",
        JAVASCRIPT, example="queue.add(name, data)",
    ),
    code(
        r"\.(delay|apply_async|enqueue|send|kiq|defer|enqueue_at|enqueue_in)\(|\basync_task\(|\bqueue\.enqueue|\.s\(|@(task"
        r"|flow|dag)\b",
        PYTHON, example="send_mail.delay(user.id)",
    ),
    code(
        r"\b(perform_(async|later|in|at|bulk)|deliver_later|perform_async_in_queue)\b|\.enqueue\b",
        RUBY, example="MailJob.perform_later(user)",
    ),
    code(r"\bdispatch(Sync|AfterResponse)?\(|::dispatch\(", PHP, example="SendMail::dispatch($user);"),
    code(r"\.(Enqueue|EnqueueContext|Insert|InsertTx|ExecuteWorkflow)\(", GO, example="client.Enqueue(task)"),
    code(
        r"\b(BackgroundJob|_?jobClient|scheduler|_?queue|_?dispatcher)\.\w*(Enqueue|Schedule|QueueTask|ScheduleJob)\w*\("
        r"|\bAddQuartz\(|\bIScheduler\b",
        CSHARP, example="BackgroundJob.Enqueue(() => Send());",
    ),
    code(r"\.(enqueue|push|send)\(", RUST, example="job.enqueue(&mut conn).await?"),
    code(r"\bOban\.insert\w*|\|> Oban\.insert|\buse (Broadway|Oban\.Worker)\b", ELIXIR, example="Oban.insert(job)"),
    code(
        r"\b(jobScheduler|JobScheduler|BackgroundJob|scheduler)\.(enqueue|schedule|scheduleJob)\(|\bWorkflowClient\b",
        JVM, example="jobScheduler.enqueue(() -> send())",
    ),
)  # fmt: skip
WORKER = either(
    code(
        r"(?i)^[\w-]*(worker|sidekiq|jobs|queue|celery|horizon)[\w-]*:",
        (In.PROPERTIES,), files=("Procfile",), example="worker: bundle exec sidekiq",
    ),
    file(
        "**/config/sidekiq*.yml", "**/config/queue.yml", "**/config/initializers/{good_job,sidekiq,delayed_job,resque,que}.rb",
        "**/celeryconf*.py", "**/celery.py",
    ),
    code(
        r"\b(celery .*\bworker\b|sidekiq\b|queue:work|horizon|rq worker|dramatiq|good_job start|solid_queue|bin/jobs"
        r"|rake jobs:work|worker\.(js|ts|py)|arq )",
        (*YAML, In.SHELL, In.DOCKERFILE, In.JSON, In.PROPERTIES), example="command: celery --app=app worker",
    ),
    code(
        r"\bnew Worker(Manager)?(<[^>]*>)?\(|\bboss\.work\(|\.process\(|\brun\(\{\s*connectionString|\bserve\(\{\s*client"
        r"|\bserveInngest\b",
        JAVASCRIPT, example="new Worker(name, handler, { connection })",
    ),
    code(
        r"\bCelery\(|\bWorkerSettings\b|@(celery|app|shared)[\w.]*task\b|\b@shared_task\b|@\w+\.actor\b|\bWorker\(\[",
        PYTHON, example="app = Celery('shop')",
    ),
    code(r"\basynq\.NewServer\(|\briver\.NewClient\(|\bworker\.New\(", GO, example="asynq.NewServer(redis, config)"),
    code(r"\bAddHangfireServer\(|\bAddQuartz\w*\(|:\s*IJob\b", CSHARP, example="services.AddHangfireServer();"),
    code(
        r"\bRunner::new\(|\bMonitor::new\(|\bimpl BackgroundJob for\b|\bregister_job_type\b",
        RUST, example="impl BackgroundJob for SyncAdmins {",
    ),
    code(r"\{Oban,|\bOban\.start_link|\buse Broadway\b", ELIXIR, example="{Oban, Application.fetch_env!(:app, Oban)}"),
    code(r"@Recurring\b|\bWorkerFactory\b|\bimplements Job\b|\bQuartzJobBean\b", JVM, example="class Report implements Job {"),
)  # fmt: skip
OWN = either(
    code(
        r"\bctx\.scheduler\.run(After|At)\(|\bnew Workpool\(",
        JAVASCRIPT, files="**/convex/**", example="await ctx.scheduler.runAfter(0, internal.mail.send, {})",
    ),
    beside(
        code(r"^class Command\(\w*BaseCommand\)", PYTHON, example="class Command(BaseCommand):"),
        code(r"\bwhile (True|not self\.\w+)\s*:", PYTHON, example="while not self.shutdown:"),
    ),
    beside(
        code(
            r"\b(abstract )?class \w*(JobScheduler|JobQueue|TaskQueue|WorkQueue)\b",
            JVM, example="public abstract class JobScheduler {",
        ),
        code(
            r"\b(processJob|scheduleJob|enqueue|processAvailableJobs|claim\w*)\(",
            JVM, example="abstract CompletableFuture<String> processJob(byte[] data);",
        ),
    ),
    code(
        r"(?i)\b(job|task|queue)\w*\b[\s\S]{0,300}\bSKIP LOCKED\b",
        (*PYTHON, *GO, *RUST, *JAVASCRIPT, *JVM, *CSHARP), strings=True, example="SELECT id FROM jobs FOR UPDATE SKIP LOCKED",
    ),
)  # fmt: skip
HALF = either(
    LIBRARY,
    code(
        r"\bcronJobs\(\)|\bcron\.schedule\(|@Cron\(|\bnew CronJob\(|\bscheduleJob\(",
        JAVASCRIPT, example="const crons = cronJobs();",
    ),
    code(
        r"\b(BackgroundTasks|background_tasks)\b|\bBackgroundScheduler\(",
        PYTHON, example="background_tasks.add_task(send, mail)",
    ),
    code(r"\bimplements ShouldQueue\b|\bSchedule::|\$schedule->", PHP, example="class DispatchWebhookJob implements ShouldQueue"),
    code(
        r"@(Async|Scheduled|EnableAsync|EnableScheduling)\b|\bScheduledExecutorService\b",
        JVM, example="@Scheduled(fixedRate = 60000)",
    ),
    code(r":\s*(\w+,\s*)*(BackgroundService|IHostedService)\b", CSHARP, example="public class Mailer : BackgroundService"),
    code(r"\btime\.NewTicker\(|\bcron\.New\(", GO, example="ticker := time.NewTicker(time.Minute)"),
    code(
        r"\btokio::time::interval\(|\b(tokio::|rocket::tokio::|actix_web::rt::)?spawn\(|\bScheduler::with_tz|\bclokwerk\b"
        r"|\bjob_scheduler\w*::",
        RUST, example="tokio::spawn(send(mail))",
    ),
    code(
        r"\buse GenServer\b|\bTask\.Supervisor\.start_child\(|\bQuantum\b",
        ELIXIR, example="Task.Supervisor.start_child(Mailer, fun)",
    ),
    code(r"\bclass \w+ < (ApplicationJob|ActiveJob::Base)\b|\bThread\.new\b", RUBY, example="class MailJob < ApplicationJob"),
    code(r"^kind:\s*CronJob\b", YAML, example="kind: CronJob"),
)  # fmt: skip

PRACTICE = Practice(
    id="background-queue",
    stage=Stage.SCALING,
    title="Slow work waits in a queue, not in a request",
    why="The person gets an answer now, and the heavy part runs later at a pace that the system can keep.",
    advice=(
        "On Convex, write the job in a mutation and schedule an internal action; use one workpool for each kind of load.",
        "Elsewhere, start with a queue in your database (solid_queue, pg-boss, river, Oban), or take Sidekiq, Celery, Hangfire.",
    ),
    looked_for="jobs that requests put into a queue, and a worker that runs them",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.ASYNC_WORK,),
    guide="https://docs.convex.dev/scheduling/scheduled-functions",
    present=(
        both(LIBRARY, WORKER, ENQUEUED),
        OWN,
        both(WORKER, code(r"\bimpl BackgroundJob for\b", RUST, example="impl BackgroundJob for Sync {")),
    ),
    partial=(HALF,),
)
