"""Lock files pin every package by hash, and name no registry and no folder of one machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.sources import ROOT, shown

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("path", LOCKS, ids=shown)
def test_lock_names_no_address_and_no_folder(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(?m)^\s*--(?!hash=)", text), "only --hash options belong in a lock"
    assert not re.search(r"(?m)(^|\s)/(home|root|tmp|work|opt|usr)/", text)


@pytest.mark.parametrize("path", LOCKS, ids=shown)
def test_lock_pins_and_hashes_every_package(path: Path) -> None:
    blocks = re.split(r"(?m)^(?=[A-Za-z])", re.sub(r"(?m)^\s*#.*\n", "", path.read_text(encoding="utf-8")))
    for block in filter(str.strip, blocks):
        assert re.match(r"[A-Za-z0-9._-]+==[^\s]+ ", block), block.splitlines()[0]
        assert "--hash=sha256:" in block, f"no hash: {block.splitlines()[0]}"


def test_test_lock_holds_the_run_lock() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        return set(re.findall(r"(?m)^([A-Za-z0-9._-]+==\S+)", text))

    assert pins("run.txt") <= pins("test.txt")
