// Passkeys: asks the device what the page says, and sends the form with its answer. Needs JavaScript by nature.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function read(options) {
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) read[list] = options[list].map((known) => ({ ...known, id: bytes(known.id) }));
  }
  return read;
}

function written(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

function offer(form) {
  const publicKey = read(JSON.parse(form.dataset.options));
  const problem = form.querySelector("[data-problem]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    problem.hidden = true;
    try {
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      form.elements.answer.value = written(credential);
      form.submit();
    } catch {
      problem.hidden = false;
    }
  });
  form.hidden = false;
  document.querySelectorAll("[data-without-passkeys]").forEach((note) => { note.hidden = true; });
}

if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(offer);
