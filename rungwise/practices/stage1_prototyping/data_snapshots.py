"""Data can be saved and brought back."""

from rungwise.catalogue import Practice
from rungwise.clues import (
    ELIXIR,
    HCL,
    JAVASCRIPT,
    JSON,
    PHP,
    PYTHON,
    RUBY,
    SHELL,
    YAML,
    Language,
    beside,
    both,
    code,
    dependency,
    either,
    file,
    step,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

SCHEDULED = either(
    code(
        r"\bbackup_retention_period\s*=\s*([1-9]|var|local)|\bbackup_configuration\s*(\{|=)"
        r"|\bpoint_in_time_recovery\w*\s*(\{|=)|\bbackup_retention_days\s*=\s*[1-9]"
        r"|^resource \"(aws_backup_plan|aws_s3_bucket_versioning|aws_db_snapshot|aws_dlm_lifecycle_policy|google_sql_backup_run"
        r"|digitalocean_database_backup)\"",
        HCL,
        example="  backup_retention_period = 7",
    ),
    code(
        r"\b[bB]ackupRetention(Period|Days)?\s*:\s*[\w'\"]|\b[pP]ointInTimeRecovery(Enabled)?\s*:\s*['\"]?true",
        (*YAML, *JSON, *JAVASCRIPT),
        example="BackupRetentionPeriod: 7",
    ),
    code(
        r"^kind: (ScheduledBackup|VolumeSnapshot|BackupSchedule)\b|^apiVersion: velero\.io|^\s+barmanObjectStore:",
        YAML,
        example="kind: ScheduledBackup",
    ),
    beside(
        code(r"^kind: CronJob\b", YAML, example="kind: CronJob"),
        code(r"\b(pg_dump|mysqldump|mongodump|pgbackrest|restic backup)\b", YAML, example="command: [pg_dump, --format=c]"),
    ),
    dependency(
        image="prodrigestivill/postgres-backup-local offen/docker-volume-backup litestream/litestream tiredofit/db-backup"
        " schickling/postgres-backup-s3 eeshugerman/postgres-backup-s3 kartoza/pg-backup databack/mysql-backup"
        " fradelg/mysql-cron-backup jareware/docker-volume-backup",
        scope=("runtime", "development", "optional"),
    ),
    step(
        r"\b(?:pg_dump|mysqldump|mongodump|convex export|pgbackrest|wal-g|restic backup|gcloud sql (?:export|backups)"
        r"|aws rds create-db-snapshot)\b",
        r"(?i)\b(?:(?:backup|dump)[-_](?:postgres\w*|mysql|mongo\w*|database|db)|(?:postgres\w*|mysql|mongo\w*|database|db)[-_](?:backup|dump))\b",
        example="pg_dump $URL > dump.sql",
        on=("schedule",),
    ),
    both(
        dependency(composer="spatie/laravel-backup"),
        code(r"\bbackup:run\b", PHP, strings=True, example="$schedule->command('backup:run')->daily();"),
    ),
    both(
        code(
            r"(?i)\b(pg_dump|mysqldump|mongodump|restic|borg create|wal-g|pgbackrest|vacuum into)\b|\.backup\s+\\?['\"]",
            (*RUBY, *PYTHON, *JAVASCRIPT, *PHP, *ELIXIR),
            strings=True,
            example='system("restic backup storage", exception: true)',
            files="**/{jobs,tasks,workers,Jobs,Commands,commands}/**",
        ),
        code(
            r"(?i)\b\w*(backup|restic|dump)\w*(job|worker|task)?\b",
            (*YAML, *RUBY, *PYTHON, *ELIXIR),
            strings=True,
            example="  class: BackupJob",
            files=(
                "config/{recurring,schedule,cron,sidekiq,sidekiq_cron,sidekiq-cron,resque_schedule}.{yml,yaml,rb}",
                "**/{celery,celeryconfig,beat}*.py",
                "config/config.exs",
            ),
        ),
    ),
    file("litestream.yml", "litestream.yaml"),
)
BY_HAND = either(
    file(
        "**/{script,scripts,bin,dev,ops,tools,deploy,hack,docker}/**/*{backup,restore,dump,snapshot}*.sh",
        "**/{script,scripts,bin}/{,admin/,db/,database/,maintenance/,ops/}*{backup,restore,dump}*",
        "**/{backup,restore}{,-*,_*}.nix",
        "{backup,restore}{-,_,}{,db,database,data,postgres,mysql}.{sh,sql}",
        "{db,database,data,pg,postgres,mysql,mongo}{-,_}{backup,restore,dump}.{sh,sql}",
        "**/management/commands/{,full_,db_,database_}{backup,dump,snapshot,restore}{,_db,_database,_data}.py",
        "**/Console/Commands/{,Full,Db,Database}{Backup,Snapshot,Restore}{,Db,Database,Data,Command}.php",
        "**/lib/tasks/{,full_,db_,database_}{backup,dump,snapshot,restore}{,_db,_database,_data}.rake",
        but_not=("*[-_]{env,envs,heap,thread,threads,core,logs}[-_.]*", "{env,heap,thread,core,logs}[-_]*"),
    ),
    code(
        r'"[\w:-]*(backup|snapshot|restore|dump)[\w:-]*"\s*:\s*"[^"\n]*\b(convex (export|import)|pg_dump|pg_restore|mysqldump|mongodump)',
        JSON,
        example='"backup": "npx convex export --path backup.zip"',
        files="package.json",
    ),
    code(r"^(db[-_])?(backup|dump|restore|snapshot)([-_]\w+)?\s*:", (Language.MAKEFILE,), example="db-backup:"),
    code(
        r"\bconvex (export|import)\b|\b(pg_restore|mongodump|mysqldump)\b", SHELL, strings=True, example="pg_restore --clean dump"
    ),
    dependency(pypi="django-dbbackup", gem="backup", composer="spatie/laravel-backup"),
)

PRACTICE = Practice(
    id="data-snapshots",
    stage=Stage.PROTOTYPING,
    title="Data is snapshotted and can be restored",
    why="With a snapshot taken first, a bold change that goes wrong costs five minutes and not the data.",
    advice=(
        "Convex: switch on daily backups, and run `npx convex export` before anything risky.",
        "Elsewhere: let the provider keep point-in-time backups, or dump on a schedule to separate storage.",
        "Write the command that restores next to the one that saves.",
    ),
    looked_for="scheduled backups, backup retention in infrastructure code, or a script that dumps and restores",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=5,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    question="Is production data backed up by itself, how long is it kept, and who can restore it?",
    present=(SCHEDULED,),
    partial=(BY_HAND,),
)
