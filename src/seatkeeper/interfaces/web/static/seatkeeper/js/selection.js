// data-selection on a form whose boxes (data-pick) may stand in a table beside it: the head's box picks the page, one
// more picks all that match, and the form says how many are chosen.
const tell = (form, changed) => {
  const own = [...form.elements];
  const boxes = own.filter((one) => one.matches("[data-pick]"));
  const head = own.find((one) => one.matches("[data-pick-all]"));
  const every = own.find((one) => one.matches("[data-pick-matching]"));
  if (changed && changed === head) boxes.forEach((box) => (box.checked = head.checked));
  if (every && changed && changed !== every && !changed.checked) every.checked = false;
  if (every?.checked) boxes.forEach((box) => (box.checked = true));
  const chosen = boxes.filter((box) => box.checked).length;
  if (head) {
    head.checked = chosen > 0 && chosen === boxes.length;
    head.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  form.dataset.any = String(chosen > 0);
  const said = form.querySelector("[data-selected]");
  const all = every?.checked ? every.dataset.pickMatching : String(chosen);
  if (said) said.textContent = chosen ? said.dataset.selected.replace("{}", all) : said.dataset.none ?? "";
};
const forms = () => document.querySelectorAll("form[data-selection]");

document.addEventListener("change", (event) => {
  if (event.target.form?.matches("[data-selection]")) tell(event.target.form, event.target);
});
document.addEventListener("reset", (event) => {
  if (!event.target.matches("[data-selection]")) return;
  requestAnimationFrame(() => {
    tell(event.target);
    [...event.target.elements].find((one) => one.matches("[data-pick-all]"))?.focus();
  });
});
window.addEventListener("pageshow", () => forms().forEach((form) => tell(form)));
forms().forEach((form) => tell(form));
