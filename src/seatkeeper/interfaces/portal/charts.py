"""Charts as SVG made by the server: bars with their values, at most two series, the second hatched (SCREENS.md 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, TOP, FOOT = 960, 220, 24, 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name under it, its value above it, and the heights of its two parts in any unit."""

    name: str
    value: str
    solid: int
    hatched: int


def bar_chart(bars: Sequence[Bar], sentence: str) -> SafeString:
    """Upright bars for wide screens; the sentence says all of it to who cannot see it, the table beside it the rest."""
    most = max((bar.solid + bar.hatched for bar in bars), default=0) or 1
    step = WIDTH // max(len(bars), 1)
    wide, scale = step * 6 // 10, HEIGHT - TOP - FOOT
    parts = []
    for index, bar in enumerate(bars):
        left, floor = index * step + (step - wide) // 2, HEIGHT - FOOT
        solid, hatched = bar.solid * scale // most, bar.hatched * scale // most
        middle = left + wide // 2
        parts.append(
            format_html(
                '<rect class="solid" x="{0}" y="{1}" width="{2}" height="{3}"></rect>'
                '<rect class="open" x="{0}" y="{4}" width="{2}" height="{5}"></rect>'
                '<text class="value" x="{6}" y="{7}">{8}</text><text class="name" x="{6}" y="{9}">{10}</text>',
                left, floor - solid, wide, solid, floor - solid - hatched, hatched, middle, floor - solid - hatched - 6,
                bar.value, HEIGHT - 6, bar.name,
            )
        )
    return format_html(
        '<svg class="bar-chart is-upright" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line class="zero" x1="0" x2="{}" y1="{}" y2="{}"></line>{}</svg>',
        WIDTH, HEIGHT, sentence, WIDTH, HEIGHT - FOOT, HEIGHT - FOOT,
        format_html_join("", "{}", ((one,) for one in parts)),
    )


def level_bar(bar: Bar, most: int, width: int = 160) -> SafeString:
    """One level bar for narrow screens, hidden from screen readers: its value stands beside it as text."""
    solid = bar.solid * width // (most or 1)
    hatched = bar.hatched * width // (most or 1)
    return format_html(
        '<svg class="bar-chart" width="{0}" height="12" viewBox="0 0 {0} 12" aria-hidden="true">'
        '<rect class="solid" x="0" y="0" width="{1}" height="12"></rect>'
        '<rect class="open" x="{1}" y="0" width="{2}" height="12"></rect></svg>',
        width, solid, hatched,
    )
