"""Somebody outside asks whether it is up."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="uptime-checks",
    stage=Stage.TESTING,
    title="A check from outside asks whether it is up",
    why="Only a request from outside proves that name, certificate, network and app work together.",
    advice=(
        "Serve a health address that touches the database with a short timeout.",
        "Let an outside monitor ask for the home page and the API every minute, and alert where errors do.",
        "Watch the certificate's end and the name's resolution in the same place.",
    ),
    looked_for="a monitor kept as code, a health endpoint or a probe",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SPA, Kind.DOCS),
    requires=(Fact.TEAM_OPERATES,),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which service outside your hosting asks for the app, how often, and whom does it alert?",
)
