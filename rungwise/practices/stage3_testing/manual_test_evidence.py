"""What was tried by hand is written down."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import ANYWHERE, Language, Look, code, file
from rungwise.model import Effort, Kind, Observable, Role, Stage, Status

TEMPLATE = (
    "**/[pP][uU][lL][lL]_[rR][eE][qQ][uU][eE][sS][tT]_[tT][eE][mM][pP][lL][aA][tT][eE]*",
    "**/PULL_REQUEST_TEMPLATE/*",
    "**/merge_request_templates/*",
)
FILED = file(*TEMPLATE, where=ANYWHERE)
ASKED = code(
    r"(?i)^#+ .*\b(test(ing|ed)?|verif\w+|screenshots?|demo)\b|\bhow\b.*\b(tested|test this|verified|verify)\b"
    r"|\b(i|i've|have|been|manually) (have )?tested\b|\btest(ing)? (plan|instructions|steps|notes|performed)\b"
    r"|\bscreenshots?\b|\bsteps to (test|verify|reproduce)\b|\bmanual(ly)? test",
    (Language.MARKDOWN,),
    example="## How I tested this",
    where=ANYWHERE,
    files=TEMPLATE,
)


def judge(look: Look) -> Verdict | None:
    """Partial for a template that asks; whether authors answer shows in the pull requests alone."""
    if asked := ASKED.find(look):
        return Verdict(
            Status.PARTIAL, asked, "The template asks for it; whether authors answer shows in the pull requests alone."
        )
    if filed := FILED.find(look):
        return Verdict(Status.NOT_SEEN, filed, "There is a template for pull requests; it was not seen to ask for a test.")
    return None


PRACTICE = Practice(
    id="manual-test-evidence",
    stage=Stage.TESTING,
    title="Each change says how it was tried",
    why="Having to write down what was tried makes the author try it, and gives the reviewer something to check.",
    advice=(
        'Add a section "How I tested this" to the pull request template, with room for screenshots.',
        "Repeat the manual test on the last commit, not on the first.",
    ),
    looked_for="a pull request template that asks how the change was tested",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.MOB, Kind.CLI, Kind.LIB),
    after=("version-control",),
    guide="https://stack.convex.dev/testing-patterns",
    judge=judge,
    uses=(FILED, ASKED),
    doubt=(
        (
            code(
                r"(?i)\b(manual(ly)? test\w*|screenshots?|screencasts?|test(ing)? plan|steps to (test|verify)|how (it was|you|you've|to) (tested|test)\b)",
                (Language.MARKDOWN,),
                example="Add screenshots to your pull request.",
                where=ANYWHERE,
                files=("[cC][oO][nN][tT][rR][iI][bB][uU][tT][iI][nN][gG]*", "**/docs/**/*{contribut,pull-request,pull_request}*"),
            ),
            "speaks of trying changes by hand",
        ),
    ),
)
