"""Stored data is checked against itself."""

from rungwise.catalogue import Practice
from rungwise.clues import PROGRAM, code, either, file
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

IN_JOBS = (
    "**/*integrity*",
    "**/*reconcil*",
    "**/*recalculat*",
    "**/*recomput*",
    "**/*revalidat*",
    "**/*consistency*",
    "**/*inconsistenc*",
    "**/*drift*",
)
TIMED = code(
    r"\bcrontab\(|@Scheduled\b|@shared_task\b|\bcron\s*:|\bcron_?jobs\b|\bperform_(in|at)\b|\bschedule->|\brepeat\s*:"
    r"|\bsetInterval\(|\bevery\(|_scheduler_|Scheduler(Job|Worker)\b",
    PROGRAM,
    example="@Scheduled(cron = NIGHTLY)",
    files=IN_JOBS,
)
NAMED = code(
    r"(?i)^\s*(def|async def|func|function|export const|const|public void|fn|task)\b[^\n]*(verify|check|reconcile|recompute"
    r"|recalculate"
    r"|revalidate)_?\w*(integrity|consistency|mismatch|drift)",
    PROGRAM,
    example="def check_stock_consistency():",
)
BY_HAND = either(
    file(
        "**/management/commands/{check,verify,validate,recalculate,recompute,reconcile}_*.py",
        "**/lib/tasks/**/*{validate,verify,integrity,consistency,reconcile,recalculate}*.rake",
        "**/{commands,Commands,command,cli,admin}/**/*{verify,reconcile,recalculate,recompute,integrity,consistency}*",
        "**/maintenance/*{verify,check,recalculate,backfill_check}*",
        "**/workers/*{Recalculat,Reconcil,Verif,Integrity}*",
    ),
    NAMED,
)

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
    requires=(Fact.DATASTORE,),
    after=("background-queue",),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which stored number is recomputed regularly, and who hears of a difference?",
    present=(TIMED,),
    partial=(BY_HAND,),
)
