// data-sheet on a link: opens the sheet's own page in the dialog at the right. Esc, x, Back and the browser's Back
// close it and give the focus back. A click outside never closes it.
const dialog = document.querySelector("[data-sheet-dialog]");
let opener = null;

async function open(address, push) {
  const response = await fetch(address, { headers: { "X-Sheet": "true" }, credentials: "same-origin" });
  if (!response.ok || response.redirected) {
    window.location.assign(address);
    return;
  }
  dialog.innerHTML = await response.text();
  window.htmx.process(dialog);
  if (push) history.pushState({ sheet: true }, "", address);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  const first = dialog.querySelector("[data-first]") ?? dialog.querySelector("#sheet-title");
  first?.focus();
  if (first?.matches("input")) first.select();
}

function close() {
  dialog.close();
  dialog.replaceChildren();
  opener?.focus();
  opener = null;
}

if (dialog && "showModal" in dialog) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    if (link.getAttribute("aria-disabled") === "true") return;
    event.preventDefault();
    document.querySelectorAll(":popover-open").forEach((menu) => menu.hidePopover());
    const push = !dialog.open;
    if (!opener) opener = link;
    open(link.href, push).catch(() => window.location.assign(link.href));
    if (!push) history.replaceState({ sheet: true }, "", link.href);
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    history.back();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-sheet-close]")) {
      event.preventDefault();
      history.back();
    }
  });
  window.addEventListener("popstate", () => {
    if (dialog.open) close();
    else if (history.state?.sheet) window.location.reload();
  });
}
