// data-step on a button: changes the number beside it by so many and tells the form.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-step]");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  const now = Number.parseInt(input.value, 10) || 0;
  input.value = String(Math.max(Number(input.dataset.least ?? 1), now + Number(button.dataset.step)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
