// Places popovers beside their button where the browser cannot anchor them by style.
if (!CSS.supports("position-area", "block-end")) {
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!menu.matches?.(".menu") || event.newState !== "open") return;
      const button = document.querySelector(`[popovertarget="${menu.id}"]`);
      const box = button.getBoundingClientRect();
      const below = box.bottom + menu.offsetHeight < window.innerHeight;
      menu.style.top = `${below ? box.bottom : Math.max(box.top - menu.offsetHeight, 0)}px`;
      menu.style.left = `${Math.max(box.right - menu.offsetWidth, 0)}px`;
    },
    true,
  );
}
