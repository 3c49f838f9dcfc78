"""Every scenario of the specification gives exactly what it expects, through the commands and the run of production."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatkeeper.domain.catalog.operations import catalog
from seatkeeper.interfaces.scenario.files import read_scenario
from seatkeeper.interfaces.scenario.play import play
from tests.support.sources import ROOT

OURS = ROOT / "tests" / "scenarios"
SPECIFIED = ROOT.parent / "shared" / "spec" / "scenarios"
"""Where the specification lies beside the project; who does not have it has the project's copy."""

FOLDER = SPECIFIED if SPECIFIED.is_dir() else OURS


@pytest.fixture(autouse=True)
def no_catalogue_of_another_test() -> None:
    """A seller of an earlier, rolled back test may have had this one's id."""
    catalog.cache_clear()


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_scenario_gives_what_it_expects(file: Path, db: None) -> None:
    played = play(read_scenario(file))
    assert played.scenario.expect, "a scenario of the specification expects something"
    told = "\n".join(f"{one.path}: expected {one.expected!r}, found {one.found!r}" for one in played.differences)
    assert not played.differences, told


@pytest.mark.skipif(not SPECIFIED.is_dir(), reason="the specification does not lie beside the project")
def test_the_projects_copy_agrees_with_the_specification() -> None:
    def contents(folder: Path) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    assert contents(OURS) == contents(SPECIFIED), "copy ../shared/spec/scenarios to tests/scenarios anew"


def test_there_are_scenarios() -> None:
    assert len(list(OURS.glob("*.yaml"))) > 40
