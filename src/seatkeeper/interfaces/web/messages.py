"""Gather the portal's sentences into the Dutch catalogue, compile it, or check that none is missing.

    python -m seatkeeper.interfaces.web.messages gather|compile|check

A sentence is the first argument of `say`, `plain`, `gettext`, `gettext_lazy` or `N_` in Python (the second of
`pgettext`, after its context), and of `say`, `translate` or `help_link` in a template.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[2]
FOLDERS = (PACKAGE / "interfaces" / "web", PACKAGE / "interfaces" / "portal")
CATALOGUE = PACKAGE / "locale" / "nl" / "LC_MESSAGES" / "django.po"
CALLS = frozenset({"say", "plain", "gettext", "gettext_lazy", "_", "N_", "L"})
IN_TEMPLATE = re.compile(r"""\{%\s*(?:say|translate)\s+(?:"([^"]+)"|'([^']+)')""")


Found = tuple[str | None, str]
"""(context or None, sentence)."""


def sentences() -> Iterator[tuple[Found, str]]:
    """Every ((context, sentence), file) that the portal may say, in reading order."""
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*")):
            where = path.relative_to(PACKAGE).as_posix()
            if path.suffix == ".html":
                for match in IN_TEMPLATE.finditer(path.read_text(encoding="utf-8")):
                    yield (None, match.group(1) or match.group(2)), where
            elif path.suffix == ".py" and path != Path(__file__):
                yield from ((found, where) for found in _in_python(path))


def _in_python(path: Path) -> Iterator[Found]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
        if name in CALLS and isinstance(texts[0], str):
            yield None, texts[0]
        elif name == "pgettext" and isinstance(texts[0], str) and isinstance(texts[1], str):
            yield texts[0], texts[1]


def _catalogue() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="nl", charset="utf-8")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="nl")


def gather() -> None:
    """Add new sentences to the catalogue, drop those that nobody says, keep translations."""
    old = _catalogue()
    new = Catalog(
        locale="nl",
        project="Seatkeeper",
        version="",
        charset="utf-8",
        fuzzy=False,
        header_comment="# Seatkeeper in Dutch. Gathered and compiled by seatkeeper.interfaces.web.messages.",
        creation_date=old.creation_date,
        last_translator="Seatkeeper",
        language_team="Nederlands",
        msgid_bugs_address="",
    )
    for (context, sentence), where in sentences():
        known = old.get(sentence, context)
        new.add(sentence, known.string if known else "", locations=[(where, 0)], context=context)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, new, omit_header=False, sort_output=True, width=0, include_lineno=False)


def compile_catalogue() -> None:
    """Write the .mo file that Django reads."""
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, _catalogue())


def missing() -> list[str]:
    """The sentences without a Dutch translation."""
    catalogue = _catalogue()
    found = {one for one, _ in sentences()}
    return sorted(
        sentence
        for context, sentence in found
        if not (known := catalogue.get(sentence, context)) or not known.string
    )


def main(arguments: list[str]) -> int:
    """Do what the first argument names; 1 when `check` finds sentences without Dutch."""
    task = arguments[0] if arguments else ""
    if task == "gather":
        gather()
    elif task == "compile":
        compile_catalogue()
    elif task == "check":
        for sentence in (lost := missing()):
            print(f"no Dutch for: {sentence}")
        return 1 if lost else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
