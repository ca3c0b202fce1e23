// Pages that wait for a worker refresh by themselves; without this script a reload does it.
"use strict";

const waiting = document.querySelector("[data-reading]");
if (waiting) {
  setInterval(async () => {
    const answer = await fetch(waiting.dataset.reading);
    if (answer.ok && (await answer.json()).status !== "uploaded") location.reload();
  }, 2000);
}

const progress = document.querySelector("[data-progress]");
if (progress && progress.dataset.finished !== "true") {
  setInterval(async () => {
    const answer = await fetch(progress.dataset.progress);
    if (!answer.ok) return;
    const counts = await answer.json();
    const bar = progress.querySelector("progress");
    bar.max = Math.max(counts.readers, 1);
    bar.value = counts.settled;
    if (counts.finished) location.reload(); // with the reasons, and what wants a decision
    for (const cell of progress.querySelectorAll("[data-count]")) {
      cell.textContent = counts[cell.dataset.count];
    }
  }, 2000);
}
