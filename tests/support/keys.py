"""A person who has a keyboard and nothing else: Tab, Enter, Space, arrows."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.support.steps import Person

MOST_TABS = 150
HERE = "one => one === document.activeElement"
IN_GROUP = "one => document.activeElement?.type === 'radio' && document.activeElement.name === one.name"
SEEN = """one => {
  const label = one.closest('label') ?? one;
  const box = one.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
  const ringed = (part) => {
    const style = getComputedStyle(part);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  };
  if (!one.matches(':focus-visible')) return 'has no visible focus';
  if (!ringed(one) && !ringed(label)) return 'has no ring';
  return top && (label.contains(top) || one.contains(top)) ? '' : `is covered by ${top?.outerHTML.slice(0, 80)}`;
}"""


class Keys(Person):
    """The same person without a mouse."""

    def to(self, selector: str | Locator) -> Locator:
        """Tab to the first thing in view that a selector finds; its focus is seen, and nothing lies over it."""
        target = self.page.locator(selector).first if isinstance(selector, str) else selector
        target.wait_for()
        self._tab_until(target, HERE)
        self._see(target)
        return target

    def _tab_until(self, target: Locator, there: str) -> None:
        for _ in range(MOST_TABS):
            if target.evaluate(there):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def _see(self, target: Locator) -> None:
        problem = target.evaluate(SEEN)
        assert not problem, f"{target} {problem}"

    def enter_on(self, selector: str | Locator) -> None:
        """Tab to it and press Enter."""
        self.to(selector)
        self.page.keyboard.press("Enter")

    def link(self, path: str) -> None:
        """Follow the first link in view to an address."""
        self.enter_on(f'a[href="{path}"]:visible')

    def radio(self, name: str, value: str) -> None:
        """Tab to a group of radio buttons and go to one by the arrow keys."""
        target = self.page.locator(f'input[name="{name}"][value="{value}"]')
        target.wait_for()
        self._tab_until(target, IN_GROUP)
        for _ in range(20):
            if target.evaluate(HERE):
                break
            self.page.keyboard.press("ArrowDown")
        if not target.is_checked():
            self.page.keyboard.press("Space")
        self._see(target)

    def sure(self) -> str:
        """Tab to the sheet's button and press Enter; the receipt's heading."""
        self.settled()
        self.enter_on("[data-confirm]:not([aria-disabled])")
        return self.receipt()
