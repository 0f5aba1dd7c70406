"""A corner: no sign-in yet."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import PROGRAM, Look, at_least, code
from rungwise.facts import RULES
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status

SIGN_IN = at_least(
    2,
    code(
        r"(?i)\b\w*(authenticat|sign_?in\b|log_?in\b|current_?user|session_?token|authoriz)\w*",
        PROGRAM,
        example="authenticate(request)",
    ),
)

SERVED = RULES[Fact.HTTP_API].clue
KNOWN = RULES[Fact.USERS].clue


def judge(look: Look) -> Verdict:
    """The corner is taken (present) where requests are served and nothing in the code knows who asks."""
    known = SIGN_IN.find(look) or (KNOWN.find(look) if look.fact(Fact.USERS) else ())
    if look.fact(Fact.HTTP_API) and not look.fact(Fact.USERS) and not known:
        return Verdict(Status.PRESENT, SERVED.find(look), "It serves requests, and nothing in the code asks who sends them.")
    return Verdict(Status.ABSENT, known, "The corner was left, or never taken.")


PRACTICE = Practice(
    id="auth-deferred",
    stage=Stage.PROTOTYPING,
    title="Corner: no sign-in yet, on purpose",
    why="Leaving sign-in out is quick for one player, and has to end before strangers learn the address.",
    advice=(
        "Write in the README what ends this corner, for instance the first user from outside.",
        "Keep user ids out of function arguments, so that identity can be added later.",
    ),
    looked_for="an app that writes data for anybody, with no sign-in",
    role=Role.CORNER,
    effort=Effort.SMALL,
    impact=1,
    observable=Observable.YES,
    applies=SERVICES,
    guide="https://stack.convex.dev/yolo-fast-mvp",
    graduates_to="server-side-identity",
    question="Is access limited outside the code, by a VPN or a proxy?",
    judge=judge,
    uses=(SIGN_IN, SERVED, KNOWN),
)
