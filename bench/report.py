"""The figures as tables for people."""

from __future__ import annotations

from typing import Any

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def text(found: dict[str, Any], sizes: dict[str, int], machine: str) -> str:
    """Everything that was measured, a table a measure, a column a database."""
    parts = [f"Machine: {machine}"]
    for name, table in (
        ("renewals", _renewals), ("latency", _latency), ("scenarios", _scenarios), ("page", _page),
        ("documents", _documents), ("portal", _portal), ("bank", _bank), ("growth", _growth),
    ):  # fmt: skip
        figures = {database: one[name] for database, one in found.items() if name in one}
        if figures:
            parts.append(table(figures, sizes))
    return "\n\n".join(parts)


def _grid(title: str, rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) if index == 0 else cell.rjust(width)
                  for index, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]  # fmt: skip
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _table(title: str, figures: dict[str, Any], rows: list[tuple[str, str, str]]) -> str:
    """rows: (words, key, format)."""
    if skipped := [one["skipped"] for one in figures.values() if "skipped" in one]:
        return f"{title}\n  not measured: {skipped[0]}"
    grid = [["", *(TITLES[database] for database in figures)]]
    for words, key, form in rows:
        grid.append([words, *(format(one[key], form) for one in figures.values())])
    return _grid(title, grid)


def _renewals(figures: dict[str, Any], sizes: dict[str, int]) -> str:
    return _table(
        f"Billing run, {sizes['subscriptions']:,} subscriptions due on one date, each renewed, invoiced and paid",
        figures,
        [
            ("renewals a second", "run_per_second", ",.0f"),
            ("the same rows written raw, renewals a second", "raw_per_second", ",.0f"),
            ("run / raw, of the medians", "ratio", ".2f"),
            ("run / raw, lowest turn", "ratio_lowest", ".2f"),
            ("run / raw, highest turn", "ratio_highest", ".2f"),
            ("rows written a renewal", "rows_per_renewal", ".1f"),
        ],
    )


def _latency(figures: dict[str, Any], sizes: dict[str, int]) -> str:
    return _spreads(f"One person, milliseconds, account of {sizes['users']:,} users and 50 subscriptions", figures)


def _spreads(title: str, figures: dict[str, Any]) -> str:
    grid = [["", *(f"{TITLES[database]} {which}" for database in figures for which in ("p50", "p95"))]]
    for words in next(iter(figures.values())):
        grid.append([words, *(f"{one[words][which]:.1f}" for one in figures.values() for which in ("p50", "p95"))])
    return _grid(title, grid)


def _documents(figures: dict[str, Any], sizes: dict[str, int]) -> str:
    return _spreads(f"Documents as files, milliseconds, {sizes['requests']} of each kind", figures)


def _portal(figures: dict[str, Any], sizes: dict[str, int]) -> str:
    title = "Pages of the portal, milliseconds, account of {users:,} users, {held} subscriptions and {years} years"
    rows = next(iter(figures.values()))
    counts = [f"  {words}: {' / '.join(str(one[words]['queries']) for one in figures.values())}" for words in rows]
    return "\n".join([_spreads(title.format(**sizes), figures), "Queries a page", *counts])


def _scenarios(figures: dict[str, Any], sizes: dict[str, int]) -> str:
    return _table("Scenario files, one process", figures, [("scenarios a second", "per_second", ".1f")])


def _page(figures: dict[str, Any], sizes: dict[str, int]) -> str:
    return _table(
        f'Page "Products & services", account of {sizes["users"]:,} users and 50 subscriptions',
        figures,
        [("p50, milliseconds", "p50", ".1f"), ("p95, milliseconds", "p95", ".1f"), ("queries", "queries", "d")],
    )


def _bank(figures: dict[str, Any], sizes: dict[str, int]) -> str:
    rows = [
        ("transfers, each paying a part of an invoice", "entries", ",d"), ("checked, seconds", "check", ".1f"),
        ("matched and paid, seconds", "match", ".1f"), ("memory at most, MB", "megabytes", "d"),
    ]  # fmt: skip
    return _table("A bank statement", figures, rows)


def _growth(figures: dict[str, Any], sizes: dict[str, int]) -> str:
    title = f"What a renewal costs, {sizes['subscriptions']:,} of them, in tables as they come and in parts by month"
    found = figures.get("postgresql", {"skipped": "it is about PostgreSQL"})
    if "skipped" in found:
        return f"{title}\n  not measured: {found['skipped']}"
    words = {
        "microseconds": "microseconds", "own_microseconds": "of its process, microseconds of processor",
        "server_microseconds": "of the server's process", "log_bytes": "bytes of write-ahead log", "rows": "rows",
        "bytes": "bytes in tables and indexes",
    }  # fmt: skip
    whole, parts = found["whole"], found["parts"]
    grid = [["", "whole", "parts"]]
    grid += [[words.get(name, name), f"{whole[name]:,.1f}", f"{parts[name]:,.1f}"] for name in whole]
    beside = found["beside_whole"], found["beside_parts"]
    grid += [
        [f"a posting beside {found['old_rows']:,}, {words[name]}", *(f"{one[name]:,.1f}" for one in beside)]
        for name in ("microseconds", "log_bytes")
    ]
    return _grid(title, grid)
