"""What the eye would see on a page, measured: text that is cut off or leaves its box, and pages that are too wide."""

from __future__ import annotations

from playwright.sync_api import Page

CUT = """() => {
  const found = [];
  const away = '.visually-hidden, [hidden], [popover]:not(:popover-open, .nav), dialog:not([open]), svg';
  const hidden = (one) => one.closest(away);
  const unseen = (one) => {
    let outer = one;
    while (outer && getComputedStyle(outer).clipPath === 'none') outer = outer.parentElement;
    return outer !== null;
  };
  for (const one of document.querySelectorAll('body *')) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || hidden(one) || unseen(one)) continue;
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    let box = one;
    while (box && getComputedStyle(box).display === 'inline') box = box.parentElement;
    if (!box || box === document.body) continue;
    const style = getComputedStyle(box);
    const cuts = (side) => side === 'hidden' || side === 'clip';
    const scrolls = box.closest('.chips, .table-region.is-wide') && box.scrollWidth <= box.clientWidth + 1;
    const wide = box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0;
    const high = box.scrollHeight > box.clientHeight + 1 && cuts(style.overflowY);
    const words = (part) => `${part.tagName}.${part.className}: ${part.textContent.trim().slice(0, 60)}`;
    if ((wide && !scrolls) || high) found.push(words(box));
    const range = document.createRange();
    range.selectNodeContents(one);
    const text = range.getBoundingClientRect();
    for (let outer = box; outer && outer !== document.body; outer = outer.parentElement) {
      const way = getComputedStyle(outer);
      if (way.overflowX === 'auto' || way.overflowX === 'scroll') break;
      const edge = outer.getBoundingClientRect();
      if (cuts(way.overflowX) && (text.right > edge.right + 1 || text.left < edge.left - 1)) {
        found.push(`cut by ${outer.tagName}.${outer.className}: ${words(one)}`);
        break;
      }
    }
  }
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) found.push(`the page is ${over} pixels too wide at ${innerWidth}`);
  return [...new Set(found)];
}"""

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""Text spacing of WCAG 1.4.12."""

PLAIN = "() => { document.adoptedStyleSheets = []; }"


def cut(page: Page, width: int = 0, height: int = 900) -> list[str]:
    """The texts that are cut off or do not fit, and by how much the page is too wide. width: the window's, first."""
    if width:
        page.set_viewport_size({"width": width, "height": height})
    return [str(one) for one in page.evaluate(CUT)]


def cut_when_spaced(page: Page, width: int) -> list[str]:
    """The same with the text spacing that a reader may ask for."""
    page.evaluate(SPACED)
    found = cut(page, width)
    page.evaluate(PLAIN)
    return found
