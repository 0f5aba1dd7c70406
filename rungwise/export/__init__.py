"""The weekly pack: a week as tables, a manifest and a page to read, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pandas as pd

from rungwise import __version__
from rungwise.catalogue import Catalogue
from rungwise.export.digest import Digest
from rungwise.export.tables import files, tables
from rungwise.store import Reader, Week


class ExportError(Exception):
    """Nothing was exported; the message is one sentence that says why and what to do."""


def week_to_export(reader: Reader, label: str | None) -> Week:
    """The week that is asked for, or the newest. Raises :class:`ExportError` with the weeks that there are."""
    weeks = reader.weeks()
    if not weeks:
        raise ExportError(
            "Nothing has been collected yet. Collect something first: uv run python -m rungwise collect local PATH."
        )
    if label is None:
        return weeks[0]
    wanted = Week.parse(label)
    if wanted not in weeks:
        known = ", ".join(week.label for week in weeks[:12]) + (f" and {len(weeks) - 12} earlier" if len(weeks) > 12 else "")
        raise ExportError(f"There is no data of week {label}. There is data of {known}.")
    return wanted


def pack(reader: Reader, week: Week, catalogue: Catalogue, team: str | None = None) -> dict[str, bytes]:
    """All files of a week by name, of one team where asked: tables, ``digest.md`` and ``manifest.json``."""
    named = tables(reader, week, team)
    found = files(named)
    found["digest.md"] = Digest.of(reader, week, catalogue, team).render().encode()
    found["manifest.json"] = _manifest(reader, week, named, found)
    return found


def _manifest(reader: Reader, week: Week, named: Mapping[str, pd.DataFrame], found: Mapping[str, bytes]) -> bytes:
    run = reader.run(week.id) or {}
    rows = {f"{name}.{kind}": len(frame) for name, frame in named.items() for kind in ("csv", "parquet")}
    content = {
        "rungwise": __version__,
        "week": week.label,
        "generation": reader.generation,
        "demo": reader.demo,
        "source": reader.about.get("source", "") if reader.demo else run.get("source", ""),
        "catalogue": run.get("catalogue", ""),
        "files": {
            name: {
                "sha256": hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
                **({"rows": rows[name]} if name in rows else {}),
            }
            for name, data in sorted(found.items())
        },
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def write(reader: Reader, week: Week, to: Path, catalogue: Catalogue) -> Path:
    """Write a week into ``to/2026-W47``; an earlier export of that week is replaced. Raises :class:`ExportError`.

    Everything is written beside its place first and moved there in one step, so that nothing half-written has a final name.
    """
    final = to / week.label
    try:
        to.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{week.label}-", dir=to) as folder:
            draft = Path(folder) / "new"
            draft.mkdir()
            for name, data in pack(reader, week, catalogue).items():
                (draft / name).write_bytes(data)
            if final.exists():
                final.rename(Path(folder) / "old")
            try:
                draft.rename(final)
            except OSError:
                with suppress(OSError):
                    (Path(folder) / "old").rename(final)
                raise
    except OSError as error:
        raise ExportError(
            f"{to} cannot be written ({error.strerror or error}). Give another folder with --to, or change its permissions."
        ) from error
    return final


def snapshot_zip(reader: Reader, week: Week, catalogue: Catalogue, team: str | None = None) -> bytes:
    """The same files as one archive, for a download. The same data give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(pack(reader, week, catalogue, team).items()):
            # A zip file cannot say "no date"; the week's Monday is the same whenever it is made.
            archive.writestr(zipfile.ZipInfo(f"{week.label}/{name}", date_time=(*week.starts.timetuple()[:3], 0, 0, 0)), data)
    return buffer.getvalue()
