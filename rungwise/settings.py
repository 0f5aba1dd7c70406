"""Reads the files in which people say what they want: TOML, with one sentence for whatever in it makes no sense."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path

FEW = 5
"""As many words as a person takes in at a glance."""


class SettingsError(Exception):
    """Settings cannot be used; the message is one sentence that names the file, the key and what to do."""


def parse(path: Path, what: str, example: str) -> dict[str, object]:
    """The content of a file; ``what`` says what sort of file it is, ``example`` what is written in one.

    Raises :class:`SettingsError` where it cannot be read or is no TOML.
    """
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(
            f"The {what} {path} cannot be read ({error.strerror}); check its path and its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path.name} is not UTF-8 text; save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problem = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is nested too deeply"
        raise SettingsError(f"{path.name} is not valid TOML: {problem}. {example}") from error


def known_keys(file: str, where: str, table: Mapping[str, object], known: Collection[str]) -> None:
    """Raises :class:`SettingsError` where a table has a key that nothing is known of."""
    for key in table:
        if key not in known:
            raise SettingsError(f"{file}: {where} has the unknown key {key!r}; it takes {', '.join(known)}.{meant(key, known)}")


def meant(word: str, known: Collection[str]) -> str:
    """A question that names what may have been misspelled; empty where nothing is like it, or there are few to choose from."""
    alike = get_close_matches(word, known, 1) if len(known) > FEW else []
    return f" Did you mean {alike[0]!r}?" if alike else ""


def as_table(file: str, where: str, value: object) -> dict[str, object]:
    """The value where it is a table; raises :class:`SettingsError` where it is anything else."""
    if not isinstance(value, dict):
        raise SettingsError(f"{file}: {where} is {said(value)} but has to be a table of keys and values.")
    return value


def said(value: object) -> str:
    """A value as a sentence names it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text {value!r}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return str(value)
