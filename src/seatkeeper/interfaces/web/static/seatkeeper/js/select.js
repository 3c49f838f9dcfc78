// data-selectable on a table whose rows have checkboxes: the head's box picks the page, the bar above counts.
const table = document.querySelector("[data-selectable]");
const bar = document.querySelector("[data-bulk]");

if (table && bar) {
  const boxes = [...table.querySelectorAll('input[name="s"]')];
  const head = table.querySelector("[data-select-page]");
  const every = bar.querySelector("[data-select-all]");
  const count = bar.querySelector("[data-count]");
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    head.checked = chosen === boxes.length;
    head.indeterminate = chosen > 0 && chosen < boxes.length;
    bar.dataset.any = String(chosen > 0 || Boolean(every?.checked));
    count.textContent = chosen ? count.dataset.count.replace("{}", chosen) : "";
  };
  head.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = head.checked));
    tell();
  });
  table.addEventListener("change", tell);
  every?.addEventListener("change", tell);
  bar.querySelector("[data-clear]").addEventListener("click", () => {
    boxes.forEach((box) => (box.checked = false));
    requestAnimationFrame(tell);
    head.focus();
  });
  window.addEventListener("pageshow", tell);
  tell();
}
