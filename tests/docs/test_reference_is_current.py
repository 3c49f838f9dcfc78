"""The committed reference is what `make docs` generates from this code."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from tests.support.sources import ROOT


def generator() -> ModuleType:
    """docs/generate.py, which is a script and in no package."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands", "refusals", "events", "settings", "scenario-schema"])
def test_the_reference_is_current(name: str) -> None:
    made = generator().PAGES[name]()
    kept = (ROOT / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")
    assert kept == made, f"docs/reference/{name}.md is not what the code says: run `make docs`"
