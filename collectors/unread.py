"""What a file that could not be read might have told, by its name: then nobody calls absent what may stand in it."""

from __future__ import annotations

from collections.abc import Sequence

from collectors import ci, manifests

_MOST_NAMES = 60
"""Of a file that might hold more than that, anything may be thought."""


def might_tell(path: str, names: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """The ``about`` of an UNREADABLE signal: the ``ecosystems`` whose packages the file lists, the kind of ``ci`` file that it is, and the
    ``names`` of the CODE signals (a line each) of which nothing but those can be in it."""
    ecosystems = " ".join(manifests.ecosystems(path))
    kind = ci.ci_kind(path)
    known = "\n".join(names) if len(names) <= _MOST_NAMES else ""
    return tuple((what, told) for what, told in (("ecosystems", ecosystems), ("ci", kind or ""), ("names", known)) if told)
