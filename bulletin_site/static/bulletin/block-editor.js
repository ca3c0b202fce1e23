// The block editor: presses change the page in place, words are kept as they are typed, and keys do what the menus do.
// Without this script each press is a form of its own, and does the same.
"use strict";

document.documentElement.classList.add("js");

// With it nothing that is typed is lost by leaving, so that links and the other language need no window of their own.
document.querySelector("base")?.remove();
for (const carries of document.querySelectorAll(".languages [formaction]")) {
  carries.removeAttribute("form");
  carries.removeAttribute("formaction");
}

const acts = document.querySelector("#acts");
const trouble = document.querySelector("#trouble");
const here = acts.action.replace(/act\/$/, "");

function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : "";
}

// Every request says which version the page shows.
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters, verb } = event.detail;
  if (verb === "get") return;
  parameters.seen = document.querySelector("#seen").value;
  if (cookie("csrftoken")) parameters.csrfmiddlewaretoken = cookie("csrftoken"); // a new one after a log-in
});

// One act after the other: each is made from the version that the one before it led to.
let last = Promise.resolve();
function send(form, submitter) {
  const pressed = submitter?.name ? { name: submitter.name, value: submitter.value } : null;
  last = last.then(() => sendNow(form, pressed));
  return last;
}
function sendNow(form, pressed) {
  const values = Object.fromEntries(new FormData(form));
  if (pressed) values[pressed.name] = pressed.value;
  const focused = document.activeElement?.closest("[data-block]")?.id;
  return request("POST", form.action, { source: form, values, swap: "none" }).then(() => {
    const again = focused && document.getElementById(focused);
    if (again && document.activeElement === document.body) again.focus({ preventScroll: true });
  });
}
// What fails is said by the listeners below.
function request(verb, address, context) {
  return htmx.ajax(verb, address, context).catch(() => {});
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("#acts, .choice, .about, [data-add]")) return;
  event.preventDefault();
  send(form, event.submitter);
});
document.addEventListener("change", (event) => {
  if (event.target.closest(".about")) send(event.target.form);
});

// What opens a part of the page, a menu or an editor, does so in its place.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-opens]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  request("GET", link.dataset.opens || link.getAttribute("href"), { target: link.closest(".part"), swap: "outerHTML" });
});

// "Do not save" forgets what was kept, and closes.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cancel]");
  if (!button) return;
  event.preventDefault();
  forgetHere(button.form);
  const part = button.form.closest(".part");
  request("POST", button.formAction, { values: { anchor: button.form.anchor.value, forget: "1" }, swap: "none", source: part })
    .then(() => request("GET", button.dataset.cancel, { target: part, swap: "outerHTML" }));
});

// An editor that is open stays as it is when what is around it is put anew; one that was saved closes.
// If its place is gone, it stands before what was there, until it is saved or left.
let closes = "";
let typing = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  closes = event.detail.xhr.getResponseHeader("Bulletin-Closes");
});
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  for (const editor of document.querySelectorAll(".editor")) {
    const part = editor.closest(".part");
    const place = fragment.querySelector(`[id="${part.id}"]`);
    if (editor.anchor.value === closes || place?.querySelector(".editor")) continue; // both texts are shown
    if (!place && !target.contains(part.parentElement)) continue;
    if (part.contains(document.activeElement)) typing = document.activeElement;
    if (part === target) event.detail.shouldSwap = false;
    else if (place) place.replaceWith(part);
    else target.before(part);
  }
});
document.addEventListener("htmx:afterRequest", () => {
  if (document.activeElement === document.body) typing?.focus({ preventScroll: true });
  typing = null;
});

// What was done is looked at.
document.addEventListener("look-at", (event) => {
  const part = document.getElementById(event.detail.value);
  if (!part) return;
  part.scrollIntoView({ block: "nearest" });
  (part.matches("[tabindex]") ? part : part.querySelector("a, button, [tabindex]"))?.focus({ preventScroll: true });
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.matches?.(".part")) return;
  event.target.querySelector(".editor textarea:not([readonly]), .editor input:not([type=hidden])")?.focus();
});

// Words are kept in this browser at once, and on the server soon after; those that did not reach it are sent
// when the connection, or the session, is back.
const prefix = `bulletin-editor ${here} `;
const keyOf = (form) => prefix + form.anchor.value;

function keepHere(form) {
  const words = Object.fromEntries(new FormData(form));
  delete words.csrfmiddlewaretoken;
  localStorage.setItem(keyOf(form), JSON.stringify(words));
}
function forgetHere(form) { localStorage.removeItem(keyOf(form)); }

document.addEventListener("input", (event) => {
  const editor = event.target.closest(".editor");
  if (editor) keepHere(editor);
});

const keptHere = () => Object.keys(localStorage).filter((one) => one.startsWith(prefix));
async function sendKept() {
  for (const key of keptHere()) {
    const words = { ...JSON.parse(localStorage.getItem(key)), csrfmiddlewaretoken: cookie("csrftoken") };
    try {
      const answer = await fetch(`${here}keep/`, { method: "POST", body: new URLSearchParams(words) });
      if (!answer.ok || answer.redirected) return;
      localStorage.removeItem(key);
      trouble.hidden = true;
    } catch {
      return; // still no connection
    }
  }
}
addEventListener("online", sendKept);
setInterval(() => { if (!trouble.hidden) sendKept(); }, 5000);
// What was typed on the page before and had not reached the server: the page is loaded anew to show it.
if (keptHere().length) {
  sendKept().then(() => { if (!keptHere().length) location.reload(); });
}

function say(what) {
  trouble.textContent = trouble.dataset[what];
  trouble.hidden = false;
}
document.addEventListener("htmx:sendError", () => say("offline"));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 409) say("failed");
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.responseURL.includes("/login/")) {
    event.detail.shouldSwap = false;
    event.preventDefault();
    say("loggedOut");
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, successful, pathInfo } = event.detail;
  if (!successful || xhr.responseURL.includes("/login/")) return;
  trouble.hidden = true;
  const form = event.target.closest?.(".editor");
  if (form && /(keep|act)\/$/.test(pathInfo.requestPath)) forgetHere(form);
});

// Leaving with words that are nowhere but in this window is asked about; they are in this browser anyhow.
addEventListener("beforeunload", (event) => {
  if (!trouble.hidden && document.querySelector(".editor")) event.preventDefault();
});

// Who else is here, and what they changed. A page that nobody sees does not ask.
let composing = false; // Chinese words, which would be cut off
document.addEventListener("compositionstart", () => { composing = true; });
document.addEventListener("compositionend", () => { composing = false; });
function report() {
  if (document.hidden || composing) return;
  const where = document.querySelector(".editor")?.dataset.part || document.activeElement?.closest(".part")?.id || "";
  const others = document.querySelector("#others"); // another one after each answer
  request("POST", others.dataset.here, { values: { where }, swap: "none", source: others });
}
setInterval(report, 10_000);
report();

// Keys at a block.
const kind = (name) => (block) => ({ act: "set_kind", block, kind: name });
const KEYS = {
  a: (block) => ({ act: "begin_article", block }),
  s: (block) => ({ act: "begin_section", block }),
  h: kind("heading"),
  p: kind("paragraph"),
  l: kind("list"),
  q: kind("quotation"),
  j: (block) => ({ act: "join", block }),
  u: (block) => move(block, (blocks, here) => blocks[here - 1]),
  d: (block) => move(block, (blocks, here) => here + 1 < blocks.length && (blocks[here + 2] || "")),
  Delete: (block) => ({ act: "drop_block", block }),
};
// `place` returns the block before which one goes, "" for the end, or nothing where it cannot go.
function move(block, place) {
  const article = document.getElementById(`block-${block}`).closest("article");
  const blocks = [...article.querySelectorAll("[data-block]")].map((one) => one.dataset.block);
  const before = place(blocks, blocks.indexOf(block));
  if (before === undefined || before === false) return null;
  return { act: "move_block", block, article: Number(article.id.replace("article-", "")), before };
}
const press = (act) => send(acts, { name: "act", value: JSON.stringify(act) });
function step(from, by) {
  const blocks = [...document.querySelectorAll("[data-block]")];
  const next = blocks[blocks.indexOf(from) + by];
  next?.focus();
}
let doubt = -1;
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
    event.preventDefault();
    return acts.querySelector(event.shiftKey ? "[name=redo]" : "[name=undo]").click();
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "n") {
    const doubts = document.querySelectorAll("a.doubt");
    return doubts.length && doubts[doubt = (doubt + 1) % doubts.length].click();
  }
  const block = event.target.closest("[data-block]");
  if (!block || event.target !== block) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(block, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" || event.key === "e") {
    event.preventDefault();
    request("GET", `${here}part/${block.id}/?open=edit`, { target: block, swap: "outerHTML" });
  } else if (event.key === "m") {
    block.querySelector(".handle").click();
  } else if (KEYS[event.key]) {
    event.preventDefault();
    const act = KEYS[event.key](block.dataset.block);
    if (act) press(act);
  }
});
// Ctrl+Enter saves, Escape closes what is open.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest(".editor");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  if (event.key === "Escape") (form?.querySelector("[data-cancel]") || document.querySelector(".block-menu .close"))?.click();
});
