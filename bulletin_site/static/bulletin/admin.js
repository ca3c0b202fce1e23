// Pages that wait for a worker refresh by themselves; without this script a reload does it.
"use strict";

// A picture that a worker has still to make is requested again until it is there. Small ones come
// anew with what an act changes, so that the page listens for all of them.
const MOST_SECONDS = 5;
const waitedFor = new WeakSet();
async function wait(image, seconds = 1) {
  const answer = await fetch(image.src).catch(() => null);
  if (answer?.status === 202) {
    return setTimeout(wait, 1000 * seconds, image, Math.min(1.5 * seconds, MOST_SECONDS));
  }
  image.classList.remove("waiting");
  if (!answer?.ok) return;
  const outline = image.parentElement.querySelector("svg[hidden]");
  if (outline && answer.headers.has("Page-Size")) {
    outline.setAttribute("viewBox", `0 0 ${answer.headers.get("Page-Size")}`);
    outline.removeAttribute("hidden");
  }
  await answer.blob(); // so that the browser has it
  image.src = image.src;
}
function failed(image) {
  if (!image.matches?.(".pages img, .thumbs img") || waitedFor.has(image)) return;
  waitedFor.add(image);
  image.classList.add("waiting");
  wait(image);
}
document.addEventListener("error", (event) => failed(event.target), true);
for (const image of document.images) {
  if (image.complete && image.currentSrc && !image.naturalWidth) failed(image);
}

// Django names the pictures beside its filters, which only what has a role may have.
addEventListener("load", () => {
  for (const icon of document.querySelectorAll(".search-label-icon[aria-label]")) icon.setAttribute("role", "img");
});

// On a phone the menu is wider than the screen: it begins where one is.
document.querySelector(".menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// The web address of a new bulletin follows its name until somebody writes another.
const proposed = document.querySelector("[data-propose]");
if (proposed) {
  const [name, slug] = [document.querySelector("#id_name"), document.querySelector("#id_slug")];
  let own = Boolean(slug.value);
  slug.addEventListener("input", () => { own = Boolean(slug.value); });
  name.addEventListener("change", async () => {
    if (own || !name.value) return;
    const answer = await fetch(`${proposed.dataset.propose}?name=${encodeURIComponent(name.value)}`);
    if (!answer.ok) return;
    const proposal = await answer.json();
    slug.value = proposal.slug;
    proposed.textContent = proposal.address;
  });
}

// A text that is too long is refused before it is sent: no server reads it to its end to say so.
for (const field of document.querySelectorAll("textarea[data-most]")) {
  field.addEventListener("input", () => {
    const long = field.value.length > Number(field.dataset.most);
    field.setCustomValidity(long ? field.dataset.tooLong : "");
  });
}

// The look of a bulletin follows what is chosen; without this script its button shows it. It is
// written into the frame, which keeps the policy of the mail and makes no step for Back.
const look = document.querySelector("[data-look]");
if (look) {
  const frame = document.getElementById(look.dataset.look);
  const status = look.closest("aside").querySelector("[role=status]");
  let later, asked;
  async function show() {
    asked?.abort();
    asked = new AbortController();
    try {
      const sent = { method: "POST", body: new FormData(look.form), signal: asked.signal };
      const answer = await fetch(look.getAttribute("formaction"), sent);
      const words = await answer.text();
      status.hidden = answer.ok;
      status.textContent = answer.status === 422 ? words : "";
      if (!answer.ok) return;
      const [page, top] = [frame.contentDocument, frame.contentWindow.scrollY];
      page.open();
      page.write(words);
      page.close();
      frame.contentWindow.scrollTo(0, top);
    } catch {
      // A later one was asked for, or the site is away; the next change asks again.
    }
  }
  look.closest("p").hidden = true;
  look.form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(show, 300);
  });
}

// Who leaves a page with words that are not saved is asked.
let typed = false;
for (const form of document.querySelectorAll("#content form")) {
  if (form.method !== "post" || form.matches("#changelist-form, .editor, .add-picture, .about, .choice")) continue;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
}
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

// Poll an address until `isFinal` says that this was all. The next request waits for the last
// response, and then four times as long as that took: a page left open takes no more than a fifth
// of a thread from those who read. A page that nobody sees does not poll.
function poll(address, isFinal, pause = 2000) {
  async function request() {
    const began = Date.now();
    try {
      const answer = await fetch(address);
      if (answer.ok && isFinal(await answer.json())) return;
    } catch {
      // The site is away; try again.
    }
    setTimeout(requestWhenSeen, Math.max(pause, 4 * (Date.now() - began)));
  }
  function requestWhenSeen() {
    if (!document.hidden) request();
    else document.addEventListener("visibilitychange", requestWhenSeen, { once: true });
  }
  setTimeout(requestWhenSeen, pause);
}

const waiting = document.querySelector("[data-reading]");
if (waiting) {
  poll(waiting.dataset.reading, (issue) => {
    const still = waiting.classList.contains("bad");
    const changed = issue.status !== "uploaded" || Boolean(issue.sentence) !== still;
    if (changed) location.reload();
    return changed;
  });
}

const progress = document.querySelector("[data-progress]");
if (progress && progress.dataset.finished !== "true") {
  poll(progress.dataset.progress, (counts) => {
    const bar = progress.querySelector("progress");
    bar.max = Math.max(counts.readers, 1);
    bar.value = counts.settled;
    progress.classList.toggle("bad", counts.wrong);
    for (const cell of progress.querySelectorAll("[data-count]")) {
      cell.textContent = counts[cell.dataset.count];
    }
    if (counts.finished) location.reload(); // with the reasons, and what wants a decision
    return counts.finished;
  });
}

// How long it is to a publication; the page is loaded anew when that has come, or was taken back.
for (const countdown of document.querySelectorAll("[data-countdown]")) {
  poll(countdown.dataset.countdown, (issue) => {
    if (!issue.countdown) location.reload();
    else countdown.textContent = issue.countdown;
    return !issue.countdown;
  }, 15000);
}
