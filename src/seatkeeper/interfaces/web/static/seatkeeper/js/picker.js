// data-picker on a field of users: a combobox by the APG list pattern. Down opens and moves, Enter picks, Esc closes,
// Backspace in an empty field removes the last chip. What is pasted as a list goes into the field of names at once.
const SEVERAL = /[,;\n\t]/;
let asked = 0;

const parts = (field) => ({
  input: field.querySelector("[role=combobox]"),
  list: field.querySelector("[role=listbox]"),
  picked: field.querySelector("[data-picked]"),
});

function say(text) {
  const status = document.querySelector("#sheet-status");
  if (status) status.textContent = text;
}

function close(field) {
  const { input, list } = parts(field);
  clearTimeout(asked);
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function mark(field, option) {
  const { input, list } = parts(field);
  list.querySelectorAll("[aria-selected=true]").forEach((one) => one.setAttribute("aria-selected", "false"));
  if (!option) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

async function look(field, after = "") {
  const { input, list } = parts(field);
  const text = input.value.trim();
  const answer = await fetch(`${field.dataset.picker}?${new URLSearchParams({ q: text, after })}`, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected || text !== input.value.trim()) return;
  const found = document.createElement("template");
  found.innerHTML = await answer.text();
  const next = found.content.querySelector("[role=option]");
  if (after) list.querySelector("[data-more]")?.replaceWith(found.content);
  else list.replaceChildren(found.content);
  list.querySelectorAll("[role=option]").forEach((option, index) => (option.id = `who-${index}`));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  if (after) mark(field, next);
  else input.removeAttribute("aria-activedescendant");
  say(field.dataset.results.replace("0", String(list.querySelectorAll("[data-user]").length)));
}

function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function pick(field, option) {
  const { input, picked } = parts(field);
  if (option.dataset.more) {
    look(field, option.dataset.more);
    return;
  }
  if (!option.dataset.user) return;
  if (!picked.querySelector(`input[value="${option.dataset.user}"]`)) {
    const chip = document.createElement("li");
    const label = chip.appendChild(document.createElement("label"));
    const box = label.appendChild(document.createElement("input"));
    Object.assign(box, { type: "checkbox", name: "users", value: option.dataset.user, checked: true });
    label.appendChild(document.createElement("span")).textContent = option.dataset.name;
    picked.append(chip);
  }
  input.value = "";
  close(field);
  changed(field);
}

function paste(field, text) {
  const { input } = parts(field);
  const pasted = field.parentElement.querySelector("[data-pasted]");
  const area = pasted.querySelector("textarea");
  const lines = text.split(/[,;\n\t]+/).map((line) => line.trim()).filter(Boolean);
  area.value = [area.value.trim(), ...lines].filter(Boolean).join("\n");
  pasted.classList.add("has-text");
  input.value = "";
  close(field);
  changed(field);
}

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-picker]");
  if (!field || event.target.getAttribute("role") !== "combobox") return;
  event.stopImmediatePropagation();
  if (SEVERAL.test(event.target.value)) {
    paste(field, event.target.value);
    return;
  }
  clearTimeout(asked);
  if (event.target.value.trim()) asked = setTimeout(() => look(field), 200);
  else close(field);
}, true);

document.addEventListener("paste", (event) => {
  const field = event.target.closest?.("[data-picker]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!field || !SEVERAL.test(text.trim())) return;
  event.preventDefault();
  paste(field, text);
});

function move(field, step) {
  const { list } = parts(field);
  if (list.hidden) {
    look(field);
    return;
  }
  const options = [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (options.length) mark(field, options[(now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length]);
}

function enter(field) {
  const { input, list } = parts(field);
  const option = list.hidden ? null : list.querySelector("[aria-selected=true]");
  if (option) pick(field, option);
  else if (input.value.trim()) paste(field, input.value);
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-picker]");
  if (!field || event.target.getAttribute("role") !== "combobox") return;
  const { input, list, picked } = parts(field);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(field, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    enter(field);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    close(field);
  } else if (event.key === "Backspace" && !input.value && picked.lastElementChild) {
    picked.lastElementChild.remove();
    changed(field);
  } else if (event.key === "Tab") {
    close(field);
  }
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("[data-picker] [role=option]");
  if (option) {
    event.preventDefault();
    pick(option.closest("[data-picker]"), option);
    return;
  }
  document.querySelectorAll("[data-picker]").forEach((field) => {
    if (!field.contains(event.target)) close(field);
  });
});

document.addEventListener("change", (event) => {
  // A chip that is unticked goes away.
  if (event.target.matches?.("[data-picked] input") && !event.target.checked) event.target.closest("li").remove();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-correct]");
  const area = document.querySelector("#typed");
  if (!link || !area) return;
  event.preventDefault();
  area.closest("[data-pasted]")?.classList.add("has-text");
  if (!area.value.includes(link.dataset.correct)) area.value = [area.value.trim(), link.dataset.correct].filter(Boolean).join("\n");
  const start = area.value.indexOf(link.dataset.correct);
  area.focus();
  area.setSelectionRange(start, start + link.dataset.correct.length);
});
