"""What a file that could not be read might have told, by its name: then nobody calls absent what may stand in it."""

from __future__ import annotations

from collectors import ci, manifests


def might_tell(path: str) -> tuple[tuple[str, str], ...]:
    """The ``about`` of an UNREADABLE signal: the ``ecosystems`` whose packages the file lists, and the kind of ``ci`` file that it is."""
    ecosystems = " ".join(manifests.ecosystems(path))
    kind = ci.ci_kind(path)
    return (*((("ecosystems", ecosystems),) if ecosystems else ()), *((("ci", kind),) if kind else ()))
