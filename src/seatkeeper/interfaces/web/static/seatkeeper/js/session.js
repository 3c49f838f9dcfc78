// data-session on a dialog: two minutes before the session ends it asks whether to stay signed in.
const dialog = document.querySelector("[data-session]");

if (dialog) {
  const warn = (Number(dialog.dataset.session) - 120) * 1000;
  let timer = setTimeout(open, warn);
  function open() {
    if (!dialog.open) dialog.showModal();
  }
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (!response.ok) window.location.reload();
    dialog.close();
    clearTimeout(timer);
    timer = setTimeout(open, warn);
  });
}
