"""From a fresh clone to a running app in one command."""

from rungwise.catalogue import CODE, Practice
from rungwise.model import Effort, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="one-command-setup",
    stage=Stage.PROTOTYPING,
    title="One command takes a fresh clone to a running app",
    why="If it runs on one laptop only, the product is one spilled coffee away from standing still.",
    advice=(
        "Add bin/setup (install, copy the example environment, seed) and a `dev` script, and name both in the README.",
        "Commit the lock file and pin the tools' versions.",
    ),
    looked_for="a lock file, a setup script or setup steps, and an example of the environment",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=tuple(kind for kind in CODE if kind is not Kind.INFRA),
    guide="https://stack.convex.dev/seeding-data-for-preview-deployments",
)
