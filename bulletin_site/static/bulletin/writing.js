// In the text of an article pictures are added, and tables, lists and links pasted, without leaving the page.
// Without this script a form adds pictures, and tables are pasted as lines with tabs. The forms come and go,
// so that the page listens for them.
"use strict";

{
  const adding = (text) => document.querySelector(`form.add-picture[data-text="${text.id}"]`);
  const saying = (form) => form.querySelector("[role=status]");

  async function send(form, address, name, value) {
    const sent = new FormData();
    sent.set(name, value);
    sent.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    const headers = { Accept: "application/json" };
    const answer = await fetch(address, { method: "POST", body: sent, headers });
    if (answer.redirected) throw new Error(answer.url); // the session has ended
    return answer.json();
  }

  // What HTML says that plain text does not: elements, and the styles of Word and of Google's documents.
  const TELLING = /<(?:table|[uo]l|h[1-6]|blockquote|a|b|strong|i|em)[\s>]|mso-list|font-(?:weight:\s*(?:bold|[6-9]00)|style:\s*italic)/i;

  // Write where the cursor is, so that the browser can undo it: lines of their own, or within a line.
  function write(text, words, { withinALine = false } = {}) {
    const before = text.value.slice(0, text.selectionStart);
    const ahead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const lines = withinALine ? words : `${ahead}${words}\n\n`;
    text.focus();
    if (document.execCommand("insertText", false, lines)) return;
    text.setRangeText(lines, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function add(form, text, picture) {
    saying(form).textContent = form.dataset.sending;
    try {
      const answer = await send(form, form.action, "picture", picture);
      if (answer.line) write(text, answer.line);
      saying(form).textContent = answer.error || form.dataset.added;
    } catch {
      saying(form).textContent = form.dataset.failed;
    }
    form.elements.picture.value = "";
  }

  async function paste(form, text, html, plain) {
    try {
      const answer = await send(form, form.dataset.pasted, "html", html);
      write(text, answer.text || plain, { withinALine: answer.within_a_line || !answer.text });
      saying(form).textContent = answer.error || "";
    } catch {
      write(text, plain, { withinALine: true });
    }
  }

  document.addEventListener("change", ({ target }) => {
    const form = target.closest("form.add-picture");
    const text = form && document.getElementById(form.dataset.text);
    if (text && target.files.length) add(form, text, target.files[0]);
  });
  document.addEventListener("paste", (event) => {
    const form = event.target.matches?.("textarea") && adding(event.target);
    if (!form) return;
    const clipboard = event.clipboardData;
    const [html, plain] = [clipboard.getData("text/html"), clipboard.getData("text/plain")];
    const picture = [...clipboard.files].find((one) => one.type.startsWith("image/"));
    if (TELLING.test(html)) {
      event.preventDefault();
      paste(form, event.target, html, plain);
    } else if (picture && !plain) {
      event.preventDefault();
      add(form, event.target, picture);
    }
  });
}
