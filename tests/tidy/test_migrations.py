"""Tables change while the program before goes on: what would break it says why, in migrations.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.fields import NOT_PROVIDED

from seatkeeper.kit.migrating import AddIndexBeside

ALLOWED = tomllib.loads((Path(__file__).parent / "migrations.toml").read_text(encoding="utf-8")).get("change", [])
HARMLESS = (
    migrations.CreateModel, migrations.AlterModelOptions, migrations.AlterModelManagers, migrations.RemoveIndex,
    migrations.RemoveConstraint, AddIndexBeside,
)  # fmt: skip
"""What the program before does not notice: it knows no new table, and misses no index and no constraint."""


def ours() -> dict[str, migrations.Migration]:
    """The project's own migrations, by app and name."""
    found = MigrationLoader(None).disk_migrations
    return {
        f"{app}.{name}": one for (app, name), one in sorted(found.items())
        if type(one).__module__.startswith("seatkeeper.")
    }  # fmt: skip


def breaks(one: migrations.Migration) -> Iterator[str]:
    """Its operations on tables of older programs that those would not survive, or that would hold everybody up."""
    made: set[str] = set()
    for operation in one.operations:
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name.lower())
        elif getattr(operation, "model_name", "").lower() not in made and not _harmless(operation):
            yield _called(operation)


def _harmless(operation: Any) -> bool:
    if isinstance(operation, migrations.AddField):
        # Without a default of the database's own, whoever does not know the column cannot insert a row.
        field = operation.field
        return bool(field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)
    return isinstance(operation, HARMLESS)


def _called(operation: Any) -> str:
    on = getattr(operation, "model_name", "") or getattr(operation, "name", "") or getattr(operation, "old_name", "")
    what = (
        getattr(operation, "name", "") if getattr(operation, "model_name", "") else ""
    ) or getattr(getattr(operation, "index", None) or getattr(operation, "constraint", None), "name", "")
    return " ".join(filter(None, [type(operation).__name__, ".".join(filter(None, [on.lower(), what]))]))


def test_no_migration_breaks_the_program_before_it() -> None:
    allowed = {(entry["migration"], operation) for entry in ALLOWED for operation in entry["operations"]}
    found = {(name, operation) for name, one in ours().items() for operation in breaks(one)}
    assert not found - allowed, (
        "split these in two releases (docs/operating/migrations.md), or say why not in tests/tidy/migrations.toml: "
        f"{sorted(found - allowed)}"
    )
    assert not allowed - found, f"no longer needed in tests/tidy/migrations.toml: {sorted(allowed - found)}"


def test_every_exception_has_a_reason() -> None:
    for entry in ALLOWED:
        assert set(entry) == {"migration", "operations", "reason"} and len(entry["reason"]) > 30, entry


def test_a_migration_that_builds_an_index_is_not_one_transaction() -> None:
    for name, one in ours().items():
        if any(isinstance(operation, AddIndexBeside) for operation in one.operations):
            assert one.atomic is False and len(one.operations) == 1, f"{name}: one index, and atomic = False"


def migration(*operations: Any) -> migrations.Migration:
    made = migrations.Migration("x", "accounts")
    made.operations = list(operations)
    return made


@pytest.mark.parametrize(
    ("operation", "called"),
    [
        (migrations.RenameField("account", "old", "new"), "RenameField account.old"),
        (migrations.RemoveField("account", "old"), "RemoveField account.old"),
        (migrations.DeleteModel("Account"), "DeleteModel account"),
        (migrations.RenameModel("Account", "Buyer"), "RenameModel account"),
        (migrations.AddField("account", "new", models.IntegerField(default=0)), "AddField account.new"),
        (migrations.AlterField("account", "old", models.IntegerField()), "AlterField account.old"),
        (migrations.AddIndex("account", models.Index(fields=["x"], name="by_x")), "AddIndex account.by_x"),
        (
            migrations.AddConstraint("account", models.UniqueConstraint(fields=["x"], name="x_once")),
            "AddConstraint account.x_once",
        ),
        (migrations.RunSQL("DROP TABLE x"), "RunSQL"),
    ],
)
def test_what_breaks_is_found(operation: Any, called: str) -> None:
    assert list(breaks(migration(operation))) == [called]


def test_what_an_older_program_does_not_notice_is_left_alone() -> None:
    new = migrations.CreateModel("Brand", [("id", models.BigAutoField(primary_key=True))])
    assert not list(breaks(migration(
        migrations.AddField("account", "maybe", models.IntegerField(null=True)),
        migrations.AddField("account", "given", models.IntegerField(db_default=0)),
        new,
        migrations.AddField("brand", "needed", models.IntegerField()),
        migrations.AddIndex("brand", models.Index(fields=["needed"], name="by_needed")),
    )))  # fmt: skip
