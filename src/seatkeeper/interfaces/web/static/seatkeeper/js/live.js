// data-live on a form: a new preview 300 ms after the last key. Until it is there the button waits. A preview that
// cannot be had says so where it would stand, and can be tried again; nothing typed is lost.
const part = () => document.querySelector("#outcome");
let announcing = 0;

function wait() {
  const button = part()?.querySelector("[data-confirm]");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  button.style.inlineSize = `${button.offsetWidth}px`;
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
}

document.addEventListener("input", (event) => {
  if (event.target.closest?.("[data-live]") || event.target.form?.matches("[data-live]")) wait();
});

document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("[data-confirm]");
  if (button?.getAttribute("aria-disabled") === "true") event.preventDefault();
});

// Said once, 600 ms after the last of several quick answers; an answer without a sum takes back what was to be said.
document.addEventListener("htmx:afterSettle", (event) => {
  const status = document.querySelector("#sheet-status");
  if (!status || !event.target.closest?.("#outcome, .sheet, form")) return;
  mark();
  clearTimeout(announcing);
  status.textContent = "";
  const said = document.querySelector("#outcome [data-announce], #effect [data-announce]")?.dataset.announce;
  if (said) announcing = setTimeout(() => (status.textContent = said), 600);
});

// The field that the answer finds fault with says so itself.
function mark() {
  const form = document.querySelector("form[data-live]");
  const wrong = document.querySelector("#outcome-error")?.dataset.field;
  for (const field of form?.querySelectorAll("[name]") ?? []) {
    const told = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
    const bad = field.name === wrong;
    if (bad === told.includes("outcome-error")) continue;
    field.setAttribute("aria-describedby", bad ? [...told, "outcome-error"].join(" ") : told.filter((id) => id !== "outcome-error").join(" "));
    if (bad) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function tell(template, form) {
  const outcome = part();
  if (!outcome) return;
  outcome.querySelectorAll("[data-part-message]").forEach((one) => one.remove());
  outcome.querySelectorAll("[data-confirm]").forEach((one) => (one.hidden = true));
  outcome.firstElementChild.prepend(document.querySelector(template).content.cloneNode(true));
  const typed = new FormData(form);
  typed.delete("csrfmiddlewaretoken");
  typed.delete("token");
  const here = `${new URL(form.action).pathname}?${new URLSearchParams(typed)}`;
  outcome.querySelector("[data-part-sign-in]")?.setAttribute("href", `/sign-in?next=${encodeURIComponent(here)}`);
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-part-again]")) document.querySelector("form[data-live]").dispatchEvent(new Event("input", { bubbles: true }));
});

const failed = (event) => event.detail.elt.matches?.("[data-live]") && tell("#part-failed", event.detail.elt);
["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, failed));

document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  // A refusal is an answer too: it is shown where the amounts would stand.
  if ([409, 422].includes(xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
// Who was signed out stays here with what is typed, and follows the link themselves.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status !== 401 || !requestConfig.elt.matches?.("[data-live]")) return;
  event.preventDefault();
  tell("#signed-out", requestConfig.elt);
});
