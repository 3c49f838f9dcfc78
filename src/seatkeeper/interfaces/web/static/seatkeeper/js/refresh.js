// data-refresh on a page that waits for something: looked at again every 5 seconds, and shown anew once it is known.
const EVERY = 5000;

async function look() {
  if (document.hidden) return;
  const response = await fetch(window.location.href, { credentials: "same-origin" }).catch(() => null);
  if (response?.ok && !(await response.text()).includes("data-refresh")) window.location.reload();
}

if (document.querySelector("[data-refresh]")) setInterval(look, EVERY);
