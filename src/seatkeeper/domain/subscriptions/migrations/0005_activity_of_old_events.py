"""Briefs of the events that were written before there were any."""

from __future__ import annotations

import json
from typing import Any

from django.db import migrations

AT_ONCE = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    from seatkeeper.domain.subscriptions.briefs import Retold
    from seatkeeper.kit.journal import activity

    events = apps.get_model("journal", "Event").objects.order_by("account_id", "sequence")
    columns = ("account_id", "sequence", "at", "actor", "kind", "payload")
    account, told, rows = None, Retold(), []
    for *event, payload in events.values_list(*columns).iterator(chunk_size=AT_ONCE):
        if event[0] != account:
            account, told = event[0], Retold()
        rows.append(activity.row(tuple(event), told.follow(json.loads(payload))))
        if len(rows) == AT_ONCE:
            activity.ACTIVITY.insert(activity.COLUMNS, rows)
            rows = []
    activity.ACTIVITY.insert(activity.COLUMNS, rows)


class Migration(migrations.Migration):

    dependencies = [
        ("subscriptions", "0004_run_preview"),
        ("journal", "0002_activity"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
