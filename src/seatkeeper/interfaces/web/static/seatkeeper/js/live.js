// data-live on a sheet's fields: a new preview 300 ms after the last key. Until it is there the button waits.
function wait(form) {
  const button = document.querySelector("#outcome [data-confirm]");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("[data-live]");
  if (form) wait(form);
});

document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("[data-confirm]");
  if (button?.getAttribute("aria-disabled") === "true") event.preventDefault();
});

let announcing = 0;
document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.target.querySelector?.("[data-announce]");
  const status = document.querySelector("#sheet-status");
  if (!said || !status) return;
  status.textContent = "";
  clearTimeout(announcing);
  announcing = setTimeout(() => (status.textContent = said.dataset.announce), 600);
});

document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));
document.addEventListener("htmx:beforeSwap", (event) => {
  // A refusal is an answer too: it is shown where the amounts would stand.
  if ([409, 422].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
});
