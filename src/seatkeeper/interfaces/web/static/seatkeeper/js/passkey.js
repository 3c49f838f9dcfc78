// data-passkey on a form: asks the device for a passkey, puts the answer into the form, and sends it.
// Options stand on the page as JSON, or are fetched from the address in data-options.
const answered = new WeakSet();

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    if (answered.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      form.querySelector('[name="credential"]').value = JSON.stringify((await ask(form)).toJSON());
      answered.add(form);
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    }
  });
}

async function ask(form) {
  if (form.dataset.passkey === "create") {
    const options = onPage().creation_options.publicKey;
    if (form.querySelector('[name="passwordless"]')?.checked) {
      options.authenticatorSelection = { ...options.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
    }
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  const data = form.dataset.options ? await fetched(form.dataset.options) : onPage();
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(data.request_options.publicKey) });
}

function onPage() {
  return JSON.parse(document.getElementById("passkey-options").textContent);
}

async function fetched(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error("no options");
  return response.json();
}
