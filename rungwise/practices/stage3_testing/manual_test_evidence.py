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
    r"(?i)^#+ .*\b(test(ing|ed)?|verif\w+|validat(ion|ed)|screenshots?|demo)\b|\bhow\b.*\b(tested|test this|verified|verify)\b"
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
    return Verdict(Status.NOT_SEEN, (), "No template is here; one for the whole organisation would be in its .github repository.")


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
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.MOB, Kind.CLI, Kind.LIB),
    after=("version-control",),
    guide="https://stack.convex.dev/testing-patterns",
    question="Where does a pull request say what its author tried by hand?",
    judge=judge,
    uses=(FILED, ASKED),
)
