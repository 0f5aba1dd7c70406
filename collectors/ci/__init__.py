"""Reads CI configuration, and the scripts that it calls, into STEP signals.

:func:`ci_kind` tells by its name whether a file matters, :func:`read` says what one file holds (facts that can be kept, since
they depend on nothing else), :func:`steps` puts the files of one repository together.
"""

from __future__ import annotations

from collectors.ci.facts import CiFile, Unreadable
from collectors.ci.paths import ci_kind
from collectors.ci.reading import read
from collectors.ci.signals import Kept, steps

VERSION = 4
"""Raised whenever the same files would give other facts or signals than before."""

EVENTS = (
    "push", "tag", "pull_request", "pull_request_target", "pull_request_closed", "merge_group", "merge_request", "schedule",
    "workflow_dispatch", "workflow_call", "workflow_run", "release", "pre-commit",
)  # fmt: skip
"""What ``on`` of a step says, besides GitHub's rarer events under their own names.

``push`` is one to a branch, ``tag`` one of a tag; ``pull_request_closed`` runs only once it is over; ``merge_request`` is
GitLab's; what a person has to start is ``workflow_dispatch`` in every system; ``pre-commit`` runs on a developer's machine.
"""

__all__ = ["EVENTS", "VERSION", "CiFile", "Kept", "Unreadable", "ci_kind", "read", "steps"]
