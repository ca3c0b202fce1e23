/* Passkeys: the browser is asked for one, and the form is sent with what it gives. Forms with
   data-passkey are hidden without a script, or where the browser has no passkeys. */
"use strict";

(() => {
  if (!window.PublicKeyCredential) { return; }

  async function options(form) {
    if (!form.dataset.options) {
      return JSON.parse(document.getElementById("passkey-data").textContent);
    }
    const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
    return answer.json();
  }

  async function made(form) {
    const { creation_options: wanted } = await options(form);
    if (form.elements.passwordless.checked) {
      Object.assign(wanted.publicKey.authenticatorSelection, {
        residentKey: "required", requireResidentKey: true, userVerification: "required",
      });
    }
    return webauthnJSON.create(wanted);
  }

  async function asked(form) {
    const { request_options: wanted } = await options(form);
    return webauthnJSON.get(wanted);
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const says = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      says.hidden = true;
      try {
        const credential = await (form.dataset.passkey === "make" ? made : asked)(form);
        form.elements.credential.value = JSON.stringify(credential);
      } catch {
        says.textContent = form.dataset.failed;
        says.hidden = false;
        return;
      }
      form.submit();
    });
  }
})();
