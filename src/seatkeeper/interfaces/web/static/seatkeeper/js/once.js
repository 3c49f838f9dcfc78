// A form is sent once: a second click waits for the first answer. The server answers a repeat with the same receipt.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "true";
  const button = event.submitter;
  if (button?.dataset.sending) {
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.sending;
  }
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
