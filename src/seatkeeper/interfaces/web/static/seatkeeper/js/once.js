// A form is sent once: a second click waits for the first answer. The server answers a repeat with the same receipt.
// Until then nothing of it moves under the pointer, and its links lead nowhere.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "true";
  const button = event.submitter;
  if (button?.dataset.sending) {
    button.style.inlineSize = `${button.offsetWidth}px`;
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.sending;
  }
});
document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest?.("form[data-sent] a")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
window.addEventListener("pageshow", (event) => {
  // Kept by the browser as it was when it was sent: what it shows is no longer so.
  if (event.persisted && document.querySelector("form[data-sent] [data-sending]")) window.location.reload();
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
