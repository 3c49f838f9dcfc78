// data-print: a button that prints the page; without a script the browser's own menu does, so the button is hidden.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
