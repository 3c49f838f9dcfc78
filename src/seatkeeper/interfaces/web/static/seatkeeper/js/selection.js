// data-selection on a form around a table: the head's box picks the page, and the bar says how many are chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-selection]");
  if (!form) return;
  const boxes = [...form.querySelectorAll('input[name="users"]')];
  const head = form.querySelector("[data-pick-all]");
  const every = form.querySelector("[data-pick-matching]");
  if (event.target === head) boxes.forEach((box) => (box.checked = head.checked));
  if (event.target !== every && event.target.checked === false && every) every.checked = false;
  if (event.target === every && every.checked) boxes.forEach((box) => (box.checked = true));
  const chosen = boxes.filter((box) => box.checked).length;
  if (head) {
    head.checked = chosen === boxes.length;
    head.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const said = form.querySelector("[data-selected]");
  if (said) said.textContent = chosen && !every?.checked ? `${chosen} ${said.dataset.some}` : said.dataset.none;
});
