"""Load tests ahead of growth."""

from rungwise.catalogue import Practice
from rungwise.clues import ANYWHERE, DIRECT, JAVASCRIPT, JVM, SHELL, code, dependency, either, file, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

SCRIPTS = either(
    file(
        "**/locustfile*.py", "**/locust*/**/*.py", "**/*.jmx", "**/artillery*.y*ml", "**/gatling/**/*Simulation.{scala,java,kt}",
        "**/*Simulation.scala", ".github/workflows/{,*[-_.]}load{-,_,}test*.y*ml", where=ANYWHERE,
    ),
    code(
        r"\bfrom [\"']k6(/\w+)?[\"']|\brequire\([\"']k6(/\w+)?[\"']\)",
        JAVASCRIPT, strings=True, where=ANYWHERE, example='import http from "k6/http";',
    ),
    code(
        r"^import (static )?io\.gatling\.",
        JVM, where=ANYWHERE, example="import io.gatling.javaapi.core.*;",
    ),
    step(
        r"\b(k6 run|locust -f|artillery run|gatling:test|vegeta attack|jmeter -n)\b",
        uses=r"(?i)(grafana/(run-)?k6|artilleryio/)", example="k6 run perf/load.js", on=(),
    ),
    code(
        r"(^|[;&|({]|\$\()\s*(time )?(ab -[cntk]|wrk2? -|hey -|oha (-|http)|bombardier (-|http)|vegeta attack|siege -|h2load -|autocannon )",
        SHELL, strings=True, where=ANYWHERE, but_not="Dockerfile*", example='ab -c 64 -t 10 "$URL"',
    ),
    dependency(pypi="locust molotov", npm="artillery autocannon", nuget="NBomber", crates="goose", scope=DIRECT),
)  # fmt: skip

PRACTICE = Practice(
    id="load-testing",
    stage=Stage.SCALING,
    title="You have met the limit before your users do",
    why="The limit is there either way; a load test finds it on a quiet day.",
    advice=(
        "Script the three main journeys with k6 or Locust, and run them against staging with as much data as production has.",
        "Raise the load until something gives, note what it was, and set an alert at half of it.",
        "Repeat before a launch, and whenever the number of users has grown tenfold.",
    ),
    looked_for="load test scripts, and a run of them in the last half year",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.HTTP_API,),
    guide="https://stack.convex.dev/operational-maturity-for-production",
    question="When was the last load test, how far above today's peak did it go, and what broke first?",
    after=("staging-environment", "metrics"),
    partial=(SCRIPTS,),
)
