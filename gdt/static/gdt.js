// Progressive enhancement only: every page works without this file.

const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// Long work: fetch the fragment again each second until it says it is done. A page that no longer has it has
// become another one: what the work came to, or the sign-in page.
async function followProgress(box) {
  let misses = 0;
  while (!box.hasAttribute("data-done") && misses < 30) {
    await wait(misses > 3 ? 5 : 1);
    if (document.hidden) continue;
    const fresh = await fetchFragment(box).catch(() => null);
    misses = fresh ? 0 : misses + 1;
    if (fresh === undefined) return location.reload();
    if (fresh) box = replaceBox(box, fresh);
  }
}

async function fetchFragment(box) {
  const response = await fetch(box.dataset.progress, { headers: { "X-Fragment": box.id } });
  if (!response.ok) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.getElementById(box.id) ?? undefined;
}

// Replace only what is inside, so that the live region stays the same and is read out once.
function replaceBox(box, fresh) {
  box.dataset.progress = fresh.dataset.progress || box.dataset.progress;
  box.toggleAttribute("data-done", fresh.hasAttribute("data-done"));
  if (box.innerHTML !== fresh.innerHTML) box.replaceChildren(...fresh.childNodes);
  return box;
}

// The typed word: the button wakes up when the word is right.
function guardWord(form) {
  const field = form.elements.namedItem("confirm_word");
  const button = form.querySelector("[type=submit]");
  const word = form.dataset.confirmWord.toLowerCase();
  const check = () => { button.disabled = field.value.trim().toLowerCase() !== word; };
  field.addEventListener("input", check);
  check();
}

// One box in the head of a table ticks every row on the page.
function selectAll(head) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${head.dataset.selectAll}"]`)];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    head.checked = ticked === boxes.length && ticked > 0;
    head.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  head.hidden = boxes.length === 0;
  head.addEventListener("change", () => boxes.forEach((box) => { box.checked = head.checked; }));
  boxes.forEach((box) => box.addEventListener("change", show));
  show();
}

// A form is sent once. The button is not disabled before its name and value have been read.
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    form.querySelectorAll("[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
  });
}

// A page that comes back from the browser's memory can be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });
});

document.querySelectorAll("[data-progress]").forEach(followProgress);
document.querySelectorAll("form[data-confirm-word]").forEach(guardWord);
document.querySelectorAll("input[data-select-all]").forEach(selectAll);
document.querySelectorAll("form[data-once]").forEach(sendOnce);
document.querySelector(".error-summary")?.focus();
