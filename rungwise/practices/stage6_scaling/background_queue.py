"""A work queue for slow or bulk work."""

from rungwise.catalogue import Practice
from rungwise.clues import (
    ANYWHERE,
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
    SHELL,
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
from rungwise.practices.stage5_hardening.input_validation import BROWSER

LIBRARY = dependency(
    npm="@convex-dev/workpool @convex-dev/workflow bullmq bull bee-queue agenda graphile-worker pg-boss inngest @trigger.dev/sdk"
    " @temporalio/worker sqs-consumer @aws-sdk/client-sqs @google-cloud/tasks @upstash/qstash @hatchet-dev/typescript-sdk"
    " @restatedev/restate-sdk @dbos-inc/dbos-sdk",
    pypi="celery rq django-rq dramatiq huey arq taskiq procrastinate django-q2 saq temporalio google-cloud-tasks django-tasks prefect"
    " apache-airflow dagster",
    gem="sidekiq govuk_sidekiq good_job solid_queue delayed_job_active_record resque que shoryuken sneakers",
    composer="laravel/horizon symfony/messenger",
    go="github.com/hibiken/asynq github.com/riverqueue/river go.temporal.io/sdk maragu.dev/goqite",
    maven="org.jobrunr:jobrunr-spring-boot-3-starter org.springframework.boot:spring-boot-starter-quartz io.temporal:temporal-sdk"
    " org.quartz-scheduler:quartz com.github.kagkarlsson:db-scheduler com.github.kagkarlsson:db-scheduler-spring-boot-starter",
    nuget="Hangfire.Core Hangfire.AspNetCore Quartz.AspNetCore Quartz.Extensions.Hosting Quartz Coravel",
    crates="apalis fang sqlxmq", hex="oban exq broadway",
)  # fmt: skip
DISPATCHED = code(r"\bdispatch\(|::dispatch\w*\(", PHP, example="SendMail::dispatch($user);")
QUEUEABLE = code(r"\bimplements ShouldQueue\b|#\[AsMessageHandler\b", PHP, example="class SendMail implements ShouldQueue")
PUT_IN = either(
    code(
        r"(?i)\b\w*(queue|boss|agenda|inngest|jobs?(client)?|worker|qstash|tasks?client|sqs)\w*(\(\))?(\.getInstance\(\)|\.\w+)?\??\.(add|addBulk"
        r"|addJob|send|enqueue(JSON)?|publish(JSON)?|batchJSON|createTask|trigger|triggerJob|schedule|now)\(|\bnew SendMessage\w*Command\("
        r"|\baddJob\(|\benqueue\w*\(|Task\(\)\.schedule\(|\btrigger\w*Workflow\(",
        JAVASCRIPT, but_not=BROWSER, example="await mailQueue.add(name, data)",
    ),
    code(
        r"\.(delay|apply_async|enqueue\w*|send_task|kiq|defer|defer_async)\(|\basync_task\(|@(flow|dag|asset)\b|\bDAG\(",
        PYTHON, example="send_mail.delay(user.id)",
    ),
    code(
        r"\b(perform_(async|later|in|at|bulk)|deliver_later)\b|\bResque\.enqueue\b",
        RUBY, example="MailJob.perform_later(user)",
    ),
    DISPATCHED,
    code(r"\.(Enqueue|EnqueueContext|Insert|InsertTx|ExecuteWorkflow|Send)\(", GO, example="client.Enqueue(task)"),
    code(
        r"\b([jJ]obScheduler|BackgroundJob|scheduler)\.(enqueue|schedule|scheduleJob)\(|\b[sS]chedulerClient\.schedule(IfNotExists)?\(|\bWorkflowClient\b",
        JVM, example="jobScheduler.enqueue(() -> send())",
    ),
    code(
        r"\b(BackgroundJob|_?[jJ]obClient|_?[sS]cheduler|_?queue|_?dispatcher)\.\w*(Enqueue|Schedule|QueueTask)\w*\(|\bAddQuartz\w*\(",
        CSHARP, example="BackgroundJob.Enqueue(() => Send());",
    ),
    code(r"\.(enqueue|push|spawn_job)\(", RUST, example="storage.push(job).await?"),
    code(r"\bOban\.insert\w*|\bExq\.enqueue|\buse Broadway\b", ELIXIR, example="Oban.insert(job)"),
)  # fmt: skip
WORKED_OFF = either(
    code(
        r"\bnew Worker(Manager)?(<[^>]*>)?\(|\bboss\.work\(|\w*[qQ]ueue\w*(\(\))?\s*\.process\(|\brun\(\{\s*connectionString"
        r"|\bserve\(\{\s*client|\bserveInngest\b|\bWorker\.create\(|\bverify(Qstash)?Signature\w*\(|\bnew Receiver\("
        r"|\bReceiveMessageCommand\b|\bConsumer\.create\(|\brestate\.(service|object|workflow)\(",
        JAVASCRIPT, but_not=BROWSER, example="new Worker(name, handler, { connection })",
    ),
    code(
        r"\.process\(",
        JAVASCRIPT, files=("**/*{queue,worker,jobs}*", "**/{queue,queues,worker,workers,jobs}/**"), but_not=BROWSER,
        example="visit.process(6, handler);",
    ),
    code(
        r"\bCelery\(|\bWorkerSettings\b|@(celery|app|shared|tasks?)[\w.]*[._]task\b|@shared_task\b|@\w*(broker|huey|dramatiq|actor)\b"
        r"|\bWorker\(|\bQueue\(|\bget_queue\(|@(django_rq\.)?job\b|@(flow|dag|asset)\b|\bDAG\(",
        PYTHON, example="app = Celery('shop')",
    ),
    code(
        r"(?i)^[\w-]*(worker|sidekiq|jobs|queue)[\w-]*:",
        (In.PROPERTIES,), files="Procfile", example="worker: bundle exec sidekiq",
    ),
    code(
        r"\bcelery\b[^\n]*\bworker\b|\brqworker\b|\brq worker\b|\bexec sidekiq\b",
        (*YAML, *SHELL), example="command: celery -A shop worker",
    ),
    file("**/config/sidekiq*.yml", "**/config/queue.yml", "**/config/initializers/{good_job,sidekiq,delayed_job,resque,que}.rb"),
    code(
        r"\binclude Sidekiq::(Job|Worker)\b|\bqueue_adapter\s*=\s*:(sidekiq|good_job|solid_queue|delayed_job|resque|que)\b",
        RUBY, example="include Sidekiq::Job",
    ),
    QUEUEABLE,
    code(
        r"\basynq\.NewServer\(|\briver\.NewClient\(|\bworker\.New\(|\bgoqite\.New\(",
        GO, example="asynq.NewServer(redis, config)",
    ),
    code(
        r"@(Recurring|Job)\b|\bTasks\.(oneTime|recurring\w*|custom)\(|\bWorkerFactory\b|\bimplements Job\b|\bQuartzJobBean\b",
        JVM, example="class Report implements Job {",
    ),
    code(r"\bAddHangfireServer\(|\bAddQuartz\w*\(|:\s*(\w+,\s*)*IJob\b", CSHARP, example="services.AddHangfireServer();"),
    code(r"\b(Monitor::new|WorkerBuilder|WorkerPool|JobRegistry)\b", RUST, example="Monitor::new()"),
    code(r"\buse (Oban\.(Pro\.)?Worker|Broadway)\b|\{Oban,", ELIXIR, example="use Oban.Worker, queue: :mail"),
)  # fmt: skip
LARAVEL_WORKER = code(
    r"\bartisan\W{1,5}(queue:work|horizon)\b",
    (*SHELL, *YAML, In.PROPERTIES), strings=True, where=ANYWHERE, example="worker: php artisan queue:work --tries=3",
)  # fmt: skip
SENT = code(
    r"(?i)\b\w*(producer|publisher|channel|pubsub|kafka|rabbit\w*|template|exchange|bus|nats|sqs\w*|jms\w*|emitter|stream_?bridge)\w*(\(\))?\??(\.|->|::)"
    r"(try_?)?(send|publish|basic_?publish|sendToQueue|produce|send_?message|convertAndSend)\w*\("
    r"|(?i)\b\w*messaging\w*(\(\))?\.publish\w*\(",
    PROGRAM, but_not=BROWSER, example="await producer.send({ topic, messages })",
)  # fmt: skip
"""A message that is given to a broker."""
HANDLED = either(
    code(
        r"@(Sqs|Rabbit|Kafka|Jms|Pulsar|RocketMQMessage)Listener\b|@Incoming\(|@JobWorker\b",
        JVM, example='@SqsListener("orders")',
    ),
    code(
        r"\breceive_?[mM]essages?\(|\bReceiveMessages?(Async)?\(",
        (*JVM, *PYTHON, *RUBY, *PHP, *CSHARP), but_not=BROWSER, example="sqs.receive_message(QueueUrl=url)",
    ),
    code(
        r"@(EventPattern|RabbitSubscribe|SqsMessageHandler)\(|\b\w*[cC]hannel\w*\.consume\(|\beachMessage\s*:",
        JAVASCRIPT, but_not=BROWSER, example="await channel.consume(queue, handle);",
    ),
    code(
        r"\.basic_consume\(|@\w*(broker|router)\.subscriber\(|\(\w*\.?ConsumerMixin\)|\bincoming_message_handler\b",
        PYTHON, example="channel.basic_consume(queue='mail', on_message_callback=send)",
    ),
    code(
        r"\b(ch|channel|amqpChannel)\.Consume(WithContext)?\(|\.QueueSubscribe\w*\(|\.AddNoPublisherHandler\(|\.ReceiveMessage\(",
        GO, example='channel.Consume("mail", "", false, false, false, false, nil)',
    ),
    code(
        r":\s*(\w+,\s*)*I(Consumer|ConsumeAsync|HandleMessages)<|\[CapSubscribe\("
        r"|\bclass \w*(Worker|Consumer|Job\w*)\b[^{;]*\bIMessageHandler<|\[(ServiceBus|Queue|Rabbit\w*)Trigger\b|\.ProcessMessageAsync\s*\+=",
        CSHARP, example="public class SendMail : IConsumer<MailRequested>",
    ),
    code(
        r"\binclude (Sneakers::Worker|Shoryuken::Worker)\b|<\s*(Karafka::BaseConsumer|ApplicationConsumer)\b",
        RUBY, example="class MailConsumer < ApplicationConsumer",
    ),
    code(r"\bimplements (\w+, *)*(Batch)?ConsumerInterface\b", PHP, example="class MailConsumer implements ConsumerInterface"),
    code(r"->basic_consume\(", PHP, example="$channel->basic_consume('mail', '', false, false, false, false, $send);"),
    code(r"\.basic_consume\(", RUST, example='channel.basic_consume("mail", "worker", options, table).await?'),
)  # fmt: skip
"""What works off the messages of a broker. A bus's own plumbing, which hands each of them to whoever wants it, is none."""
QUEUE = either(both(LIBRARY, PUT_IN, WORKED_OFF), both(DISPATCHED, QUEUEABLE, LARAVEL_WORKER), both(SENT, HANDLED))
"""A queue's library, requests that put jobs into it, and a worker; or a broker that is given messages here, and a handler of them.

Laravel brings its own library.
"""
LOOPS = ("**/{worker,workers}/**", "**/*{worker,Worker}.{ts,js,mjs}")
"""Programs of Node that look for work again and again, by their names."""
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
            r"\bwhile \((true|!\w+)\) \{|\bfor \(;;\)",
            JAVASCRIPT, files=LOOPS, but_not=(*BROWSER, "*.worker.*"), example="while (true) {",
        ),
        code(
            r"\bawait (delay|sleep|wait|setTimeout)\(|=>\s*setTimeout\(",
            JAVASCRIPT, files=LOOPS, but_not=(*BROWSER, "*.worker.*"), example="await delay(interval);",
        ),
    ),
    beside(
        code(
            r"\b(abstract )?class \w*(JobScheduler|JobQueue|TaskQueue|WorkQueue)\b",
            JVM, example="public abstract class JobScheduler {",
        ),
        code(
            r"\b(processJob|scheduleJob|enqueue|claim\w*|(add|send|put)\w*ToQueue\w*)\(",
            JVM, example="abstract CompletableFuture<String> processJob(byte[] data);",
        ),
    ),
    beside(
        code(
            r"\bimpl (BackgroundJob|Job|Task|Worker) for\b|\btrait BackgroundJob\b",
            RUST, example="impl BackgroundJob for SyncAdmins {",
        ),
        code(r"\bfn (run|perform|enqueue)\b", RUST, example="async fn run(&self, ctx: Self::Context) -> Result<()> {"),
    ),
    both(
        code(
            r"(?i)\b(enqueue|queue)_?(job|task|e?mail|message|sms)\w*\(",
            (*GO, *RUST, *JVM, *CSHARP), example="courier.QueueEmail(ctx, mail)",
        ),
        code(
            r"(?i)\b(dispatch|process|drain|work|watch)_?(next_?)?(job|task|mail|message)?_?(queue|next_?messages?|next_?jobs?)\(",
            (*GO, *RUST, *JVM, *CSHARP), example="courier.DispatchQueue(ctx)",
        ),
    ),
    code(
        r"(?i)\b(enqueued|queued)\b[^;\n]*(\n[^;\n]*){0,6}\b(processing|running|started)\b[^;\n]*(\n[^;\n]*){0,8}\bfailed\b",
        PROGRAM, strings=True, files="**/*{job,task,queue,Job,Task,Queue}*", but_not=BROWSER,
        example="enum Status {\n    Enqueued,\n    Processing,\n    Failed,\n}",
    ),
    code(
        r"(?i)\b(job|task|queue)\w*\b[\s\S]{0,300}\bSKIP LOCKED\b",
        (*PYTHON, *GO, *RUST, *JAVASCRIPT, *JVM, *CSHARP), strings=True, example="SELECT id FROM jobs FOR UPDATE SKIP LOCKED",
    ),
)  # fmt: skip
HALF = either(
    LIBRARY,
    both(
        dependency(
            npm="kafkajs amqplib amqp-connection-manager @confluentinc/kafka-javascript nats @google-cloud/pubsub",
            pypi="pika aio-pika confluent-kafka kafka-python aiokafka nats-py google-cloud-pubsub kombu",
            go="github.com/nats-io/nats.go github.com/segmentio/kafka-go github.com/ibm/sarama github.com/twmb/franz-go github.com/rabbitmq/amqp091-go",
            maven="org.springframework.kafka:spring-kafka org.apache.kafka:kafka-clients org.springframework.boot:spring-boot-starter-amqp",
            gem="bunny ruby-kafka rdkafka karafka", composer="php-amqplib/php-amqplib", crates="lapin rdkafka async-nats",
            nuget="RabbitMQ.Client Confluent.Kafka MassTransit Azure.Messaging.ServiceBus", hex="amqp broadway_kafka brod",
        ),
        SENT,
    ),
    code(
        r"\bnew PQueue\(|\bfastq(\.promise)?\(|\bcronJobs\(\)|\bcron\.schedule\(|@Cron\(|\bnew CronJob\(|\bscheduleJob\(",
        JAVASCRIPT, example="const crons = cronJobs();",
    ),
    code(
        r"\b(BackgroundTasks|background_tasks)\b|\bBackgroundScheduler\(|\bthreading\.Thread\("
        r"|\basyncio\.(create_task|ensure_future)\(",
        PYTHON, example="background_tasks.add_task(send, mail)",
    ),
    file("**/config/queue.php", "**/*create_jobs_table.php"),
    QUEUEABLE,
    code(r"\bSchedule::|\$schedule->", PHP, example="$schedule->command('report')->daily();"),
    code(
        r"@(Async|Scheduled|EnableAsync|EnableScheduling|EnableBatchProcessing)\b|\bJobLauncher\b|\bScheduledExecutorService\b",
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
        r"\buse GenServer\b|\bTask\.(Supervisor\.)?(start|async)\w*\(|\bQuantum\b",
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
    present=(QUEUE, OWN),
    partial=(HALF,),
    doubt=(
        (
            file(
                "**/{jobs,job,queues,queue,workers,worker,scheduler,tasks,background}/**/*.{js,ts,py,rb,php,go,java,kt,cs,rs,ex}",
                "**/*{scheduler,worker,job_queue,jobQueue,task_queue,taskQueue,Scheduler,Worker}.{js,ts,py,go,rs,ex,java,kt,cs,php,rb}",
                but_not=(*BROWSER, "**/.github/**", "**/lib/tasks/**", "*.worker.*", "**/{script,scripts,web-workers}/**"),
            ),
            "is called after work that waits",
        ),
        (
            code(
                r"(?i)\b\w*(enqueue|job_?queue|task_?queue|work_?queue|mail_?queue|message_?queue|background_?(job|task|work))\w*\b|\bafter\(\s*(async )?\(\)|\bwaitUntil\("
                r"|\bgo func\(\)|\bfire_?and_?forget\w*\(",
                PROGRAM,
                but_not=BROWSER,
                example="enqueueMail(user)",
            ),
            "may put work aside",
        ),
    ),
)
