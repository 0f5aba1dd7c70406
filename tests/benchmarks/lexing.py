"""Whether the one pass over a file's tokens says the same as a parser, on real files, and how much faster it is.

    uv run python -m tests.benchmarks.lexing CLONES [--files 500] [--show 3]

For each language with a grammar: how many files both read alike, in how many the pass left it to the parser, and in how many they differ,
with the first places where they do. Where the parser itself found an error in the file, that is said. Asserts nothing.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ast_grep_py import SgRoot

from collectors import lexing, parsing
from collectors.git import Missing, Repository
from collectors.source import PROGRAM_LIMIT, Unreadable, decode, language_of
from rungwise.__main__ import targets
from rungwise.clues import Language

SEED = 20
_BESIDE = 50
"""Characters shown on either side of a difference."""


def main() -> None:
    """Compare both ways and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=500, help="how many files of each language (default: 500)")
    parser.add_argument("--show", type=int, default=3, help="how many differences to show of each language (default: 3)")
    options = parser.parse_args()
    files: dict[Language, list[tuple[Repository, str, str]]] = {}
    for target in targets(options.paths):
        for entry in target.repository.tree(target.repository.commit()).entries:
            language = language_of(entry.path)
            if language in parsing.PARSED:
                files.setdefault(language, []).append((target.repository, entry.path, entry.oid))
    for language in sorted(files):
        chosen = random.Random(SEED).sample(files[language], min(options.files, len(files[language])))
        _compare(language, chosen, options.show)


def _compare(language: Language, files: Iterable[tuple[Repository, str, str]], show: int) -> None:
    counts, size, fast_seconds, sure_seconds, shown = Counter[str](), 0, 0.0, 0.0, 0
    for repository, path, oid in files:
        try:
            text = decode(repository.read(oid))
        except (Missing, Unreadable):
            continue
        if len(text) > PROGRAM_LIMIT or path.endswith((".vue", ".svelte", ".astro", ".gradle", ".groovy")):
            continue
        plain = text.encode("ascii", "replace")
        size += len(plain)
        start = time.process_time()
        fast = lexing.spans(plain, language, path)
        fast_seconds += time.process_time() - start
        start = time.process_time()
        sure = parsing.spans(text, language, path)
        sure_seconds += time.process_time() - start
        if fast is None:
            counts["left to the parser"] += 1
            continue
        strings = language in parsing.WITH_STRINGS
        ours = _blanked(_blanked(plain, fast.comments), fast.strings if strings else ())
        theirs = _blanked(_blanked(plain, sure.comments), sure.strings)
        if ours == theirs:
            counts["alike"] += 1
            continue
        broken = SgRoot(text, _grammar(language, path)).root().find({"rule": {"kind": "ERROR"}}) is not None
        counts["different, parse error" if broken else "different"] += 1
        if shown < show:
            shown += 1
            at = next(number for number, (one, other) in enumerate(zip(ours, theirs, strict=True)) if one != other)
            part = slice(max(0, at - _BESIDE), at + _BESIDE)
            print(
                f"  {repository.path} {path}:{plain.count(bytes([10]), 0, at) + 1}{' (the parser found an error)' if broken else ''}"
            )
            print(f"    file   {plain[part]!r}\n    tokens {ours[part]!r}\n    parser {theirs[part]!r}")
    seen = ", ".join(f"{count} {what}" for what, count in counts.most_common())
    print(f"{language:11} {seen}; {size / 1e6:.1f} MB, {sure_seconds / max(fast_seconds, 1e-3):.0f} times as fast", flush=True)


def _grammar(language: Language, path: str) -> str:
    if language is Language.JAVASCRIPT:
        return "typescript" if path.endswith((".ts", ".mts", ".cts")) else "tsx"
    return "bash" if language is Language.SHELL else language.value


def _blanked(text: bytes, spans: Iterable[lexing.Span]) -> bytes:
    out = bytearray(text)
    for start, end in spans:
        out[start:end] = bytes(byte if byte in b"\n" else 32 for byte in out[start:end])
    return bytes(out)


if __name__ == "__main__":
    main()
