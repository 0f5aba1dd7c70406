"""Stored data is checked against itself."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import JSON, PROGRAM, YAML, Look, both, code, either, file, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

IN_JOBS = "**/*{integrity,reconcil,recalculat,recomput,revalidat,consistency,inconsistenc,drift,sanity}*{,/**}"
WORDS = r"(reconcil|integrity|consisten|recalculat|recomput|drift|sanity|invariants?|check[-_ ]?(for[-_ ]?)?(missing|mismatch)|mismatch(es|ed)?|discrepanc)"
TIMED = either(
    code(
        r"\bcrontab\(|@Scheduled\b|@shared_task\b|\bcron\s*:|\bcron_?jobs\b|\bperform_(in|at)\b|\bschedule->|\brepeat\s*:"
        r"|\bsetInterval\(|\bevery\(|_scheduler_|Scheduler(Job|Worker)\b",
        PROGRAM,
        example="@Scheduled(cron = NIGHTLY)",
        files=IN_JOBS,
    ),
    code(
        rf"(?i)(\bcrontab\(|\bperiodic_task\(|[\"']task[\"']\s*:|->(command|job)\(|\bcrons?\.\w+\(|\bschedule\.\w+\()[^\n]*{WORDS}",
        PROGRAM,
        strings=True,
        example='config.add_periodic_task(crontab(minute="*/15"), reconcile_file_storages)',
    ),
    code(
        rf'(?i)"path"\s*:\s*"[^"\n]*cron[^"\n]*{WORDS}',
        JSON,
        example='"path": "/api/cron/reconcile-payouts"',
        files="**/vercel.json",
    ),
    code(
        rf"(?i)^\s*-?\s*(class|command|job|task|worker)\s*:[^\n]*{WORDS}",
        YAML,
        example="  class: ReconcileBalancesJob",
        files="**/{schedule,recurring,sidekiq,cron}*.y*ml",
    ),
    file("**/api/cron/**/*{reconcil,integrity,consistency,recalculat}*/**"),
)
NAMED = code(
    r"^\s*(?i:def|async def|func|function|export const|const|public void|fn|task)\b[^\n]*(?i:verify|check|reconcile|recompute|recalculate"
    r"|revalidate)(_\w*|[A-Z]\w*)?(?i:integrity|consistency|drift)",
    PROGRAM,
    example="def check_stock_consistency():",
)
BY_HAND = either(
    file(
        "**/management/commands/{check,verify,validate,recalculate,recompute,reconcile}_*.py",
        "**/lib/tasks/**/*{validate,verify,integrity,consistency,reconcile,recalculate}*.rake",
        "**/{commands,Commands,command,cli,admin}/**/*{verify,reconcile,[rR]ecalculate,recompute,[iI]ntegrity,consistency}*",
        "**/maintenance/*{verify,check,recalculate,backfill_check}*",
        "**/workers/*{Recalculat,Reconcil,Verif,Integrity}*",
        "*{Integrity,Consistency,Parity}{Check,Checker,Checks,Verifier}.{php,java,kt,cs,ts,js,rb}",
        "*{integrity,consistency,parity}_{check,checker,checks,verifier}.{py,rb,go,rs,ex,php}",
        but_not=("**/*{[fF]ile,[pP]ackage,[iI]mage,[cC]hecksum,[hH]ash,[tT]ype,[sS]tyle,[mM]igration}*",),
    ),
    NAMED,
    code(
        r"(?i)\b(def|func|function|fn|fun|void|task) (\w+_)?\w*(check|diff|compare|reconcile)\w*[(<]",
        PROGRAM,
        example="pub async fn run_check(config: &Config, dry_run: bool) -> Result<()> {",
        files="**/{consistency,consistency_check,consistency_checks,reconciliation}{/**,.*}",
    ),
)
DBT = both(
    file("dbt_project.yml"),
    code(r"^\s*-?\s*(data_)?tests:", YAML, example="        data_tests:", files="**/{models,seeds,snapshots}/**/*.y*ml"),
)
"""What dbt checks of the data each time it builds."""
BUILT = step(r"\bdbt (?:\S+ )*(?:build|test)\b", example="dbt build --target prod", on=())


def judge(look: Look) -> Verdict | None:
    """dbt's tests say what must hold in a warehouse; they count in full where a pipeline here runs them."""
    if tests := DBT.find(look):
        built = BUILT.find(look)
        return Verdict(Status.PRESENT if built else Status.PARTIAL, (*built[:1], *tests))
    if look.fact(Fact.DATASTORE) is False:
        return Verdict(Status.NOT_APPLICABLE, (), "No database or other store of its own was seen.")
    return None


PRACTICE = Practice(
    id="data-integrity-checks",
    stage=Stage.TESTING,
    title="A background job verifies what must hold in the data",
    why="What no transaction can enforce drifts in silence until a customer notices.",
    advice=(
        "Name three things that must hold: counts, references, balances.",
        "Page through one table at each run, report differences as an event that can alert, and repair nothing at first.",
    ),
    looked_for="a scheduled job that compares stored values with recomputed ones",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    after=("background-queue",),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which stored number is recomputed regularly, and who hears of a difference?",
    present=(TIMED,),
    partial=(BY_HAND,),
    judge=judge,
    uses=(DBT, BUILT),
)
