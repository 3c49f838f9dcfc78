"""Changes to tables that do not stop who uses them (docs/operating/migrations.md)."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations import AddIndex


class AddIndexBeside(AddIndex):
    """An index on a table that may be large; the migration says `atomic = False`.

    PostgreSQL builds it beside the writers, and begins anew where building was cut off; a partitioned table's it can
    only build at once. SQLite has one writer in any case.
    """

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build it."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if not _may_build_beside(schema_editor, model._meta.db_table):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        assert not schema_editor.connection.in_atomic_block, "a migration that adds an index says atomic = False"
        schema_editor.execute("SET lock_timeout = 0")  # it holds nobody up while it waits for those who write
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
        schema_editor.add_index(model, self.index, concurrently=True)
        schema_editor.execute("SET lock_timeout = '5s'")


def _may_build_beside(schema_editor: Any, table: str) -> bool:
    if schema_editor.connection.vendor != "postgresql":
        return False
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT relkind <> 'p' FROM pg_class WHERE oid = to_regclass(%s)", [f'"{table}"'])
        return bool(cursor.fetchone()[0])
