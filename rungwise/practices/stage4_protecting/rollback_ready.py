"""A way back that has been rehearsed."""

from rungwise.catalogue import Practice
from rungwise.clues import (
    HCL,
    SHELL,
    SOURCE,
    YAML,
    beside,
    both,
    code,
    dependency,
    either,
    file,
    manifest,
    step,
)
from rungwise.clues import Language as In
from rungwise.model import Effort, Fact, Kind, Observable, Place, Role, Stage

BY_CONTROLLER = either(
    beside(
        code(r"^apiVersion:\s*[\"']?argoproj\.io/", YAML, example="apiVersion: argoproj.io/v1alpha1"),
        code(r"^kind:\s*[\"']?Rollout\b", YAML, example="kind: Rollout"),
    ),
    beside(
        code(r"^apiVersion:\s*[\"']?flagger\.app/", YAML, example="apiVersion: flagger.app/v1beta1"),
        code(r"^kind:\s*[\"']?Canary\b", YAML, example="kind: Canary"),
    ),
    code(
        r"\bdeployment_option\s*=\s*\"WITH_TRAFFIC_CONTROL\"|\bblue_green_deployment_config\s*\{|\bcanary_deployment\s*\{"
        r"|\brouting_config\s*\{|\bstrategy\s*=\s*\"(?i:canary|blue_green|linear)\"",
        HCL, strings=True, example='    deployment_option = "WITH_TRAFFIC_CONTROL"',
    ),
    code(
        r"^\s*Type:\s*[\"']?(Linear|Canary)\d+Percent|^\s*strategy:\s*[\"']?(canary|blue-?green)\b",
        YAML, example="        Type: Canary10Percent5Minutes",
    ),
)  # fmt: skip
"""What sends a part of the traffic to the new version first, and goes back by itself."""
BACK = (
    r"\b(?:helm(?:file)?|vercel|netlify|kamal|deployctl|eas|wrangler|dep|serverless|sls|firebase \S+|heroku(?: releases)?"
    r"|cf|nomad job|railway|platform|tsuru|dokku) (?:\S+ )*?(?:rollback|revert)\b|\brollout undo\b|\bkamal rollback\b|\bargo rollouts undo\b"
    r"|\bdeploy:rollback\b|\bargocd app rollback\b|\bupdate-traffic\b|\baws rds restore-\S+|\bgcloud sql backups restore\b"
    r"|\b(?:aws )?deploy stop-deployment\b.*--auto-rollback"
)
STEP = step(
    BACK, r"(?i)rollback", example="helm rollback shop 41",
    on=("push", "workflow_dispatch", "release", "schedule", "workflow_run", "workflow_call", "tag", "repository_dispatch"),
)  # fmt: skip
BY_HAND = either(
    beside(
        code(
            r"\bworkflow_dispatch:\s*\n(.*\n){0,30}?\s+(?i:(git|image|docker|release|app|deploy)?[-_]?(ref|tag|version|sha|revision|commit))\w*\s*:\s*\n",
            YAML, files=".github/workflows/*{deploy,rollback,promote,Deploy,Rollback}*.y*ml", but_not="**/*{docs,pages}*",
            example="  workflow_dispatch:\n    inputs:\n      gitRef:\n        description: Commit, tag or branch",
        ),
        code(
            r"\binputs\.(?i:(git|image|docker|release|app|deploy)?[-_]?(ref|tag|version|sha|revision|commit))",
            YAML, files=".github/workflows/*{deploy,rollback,promote,Deploy,Rollback}*.y*ml", example="ref: ${{ inputs.gitRef }}",
        ),
    ),
    code(
        r"\bdeployment_circuit_breaker\s*\{[^}]*\brollback\s*=\s*true|\bauto_rollback_configuration\s*\{[^}]*\benabled\s*=\s*true"
        r"|\batomic\s*=\s*true\b",
        HCL, example="  deployment_circuit_breaker {\n    enable   = true\n    rollback = true",
    ),
    code(
        rf"{BACK}|\bhelm\b.*\bupgrade\b.*--(atomic|rollback-on-failure)\b|\bpg_restore\b|\bmongorestore\b|\bpgbackrest\b.*\brestore\b",
        (*SHELL, In.YAML, In.RUBY), strings=True, example="pg_restore --clean --dbname shop backup.dump",
        but_not=(".github/workflows/*{test,ci,lint}*", "**/{test,tests,ci,.circleci,dev,development}/**", ".gitlab-ci.yml"),
    ),
    code(r"^rollback:", YAML, files="**/{shipit*,deploy*,.deploy*}.y*ml", example="rollback:"),
    code(
        r"^(?:(?:deploy|release|prod\w*)[-_.])?rollback(?:[-_.](?:production|prod|deploy\w*|release))?\s*:(?:[^=]|$)"
        r"|^(?:[\w.-]*[-_.])?restore(?:[-_.](?:db|database|data|backup|production|prod|snapshot))?\s*:(?:[^=]|$)",
        (In.MAKEFILE,), example="db-restore: guard-BACKUP",
    ),
    manifest(
        "npm:script",
        r"^(?:deploy:)?rollback(?:[:-](?:prod\w*|deploy\w*))?=|^(?:db:|data:|backup:)?restore(?:[:-](?:db|prod\w*|backup))?=",
    ),
    both(dependency(gem="capistrano", scope=("runtime", "development", "optional")), file("Capfile")),
    both(dependency(gem="kamal", scope=("runtime", "development", "optional")), file("config/deploy.yml")),
    file(
        ".github/workflows/{,*[-_. ]}{rollback,roll-back,roll_back,Rollback}{,[-_. ]*}.y*ml",
        ".github/workflows/{,*[-_. ]}restore[-_]{db,database,backup,snapshot}*.y*ml",
        "**/{script,scripts,bin,ops,tools,deploy,deployment,hack,docker,runbooks,backup,backups}/**/{*rollback*,*disaster*,restore,restore{_,-}db*,*restore{_,-}{database,backup,dump,snapshot}*,*{db,backup,database,pg,snapshot}{_,-}restore*}.{sh,py,rb,yml,yaml,js,ts}",
        "**/{script,scripts,bin}/{rollback,restore,restore-db,restore_db,db-restore,db_restore}", "**/lib/tasks/**/*{restore,rollback}*.rake",
        "**/management/commands/*restore*.py", "*DisasterRecovery*.{java,kt,cs}",
        but_not=("**/*test*", "**/node_modules/**", "**/*restore{_,-}{cache,deps,packages}*", "**/{static,public,assets,webapp,wwwroot}/**"),
    ),
    file(
        "**/*{rollback,roll-back,disaster-recovery,disaster_recovery,backup-and-restore,backup-restore,restore-backup,restoring-*backup,backup_restore}*.{md,mdx,rst,adoc,html.md}",
        "**/{runbook,runbooks,Runbooks,RUNBOOK}*{/**,}/*{restore,rollback,recovery}*.md", where=(*SOURCE, Place.DOCS),
        but_not=("**/node_modules/**", "**/CHANGELOG*"),
    ),
)  # fmt: skip
"""A deploy of any version on demand, a script or a written procedure."""


PRACTICE = Practice(
    id="rollback-ready",
    stage=Stage.PROTECTING,
    title="The way back to yesterday's release and yesterday's data is rehearsed",
    why="What a mistake costs depends on how fast you are back, and a restore that nobody has tried seldom works.",
    advice=(
        "Write down two commands: redeploy the release before this one, and restore the snapshot into a new deployment.",
        "Do both for real, note the minutes, and put the next rehearsal into the calendar.",
        "Keep migrations compatible with the previous release, so that the code can go back by itself.",
    ),
    looked_for="a deployment of an older version, a rollback or canary step, or a restore procedure",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.NO,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.INFRA),
    requires=((Fact.TEAM_OPERATES, Fact.DATASTORE),),
    guide="https://docs.convex.dev/database/backup-restore",
    question="When did you last restore a backup, how long did it take, and how do you go back one release?",
    after=("data-snapshots", "auto-deploy"),
    present=(BY_CONTROLLER,),
    partial=(STEP, BY_HAND),
)
