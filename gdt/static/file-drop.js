// A file dropped anywhere on the page goes into the form that takes one, and is sent at once.

const form = document.querySelector("form[data-file-drop]");
const field = form?.querySelector("input[type=file]");

function carriesFile(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

function over(event) {
  if (!carriesFile(event)) return;
  event.preventDefault();
  form.classList.add("is-over");
}

function drop(event) {
  if (!carriesFile(event)) return;
  event.preventDefault();
  form.classList.remove("is-over");
  const files = new DataTransfer();
  files.items.add(event.dataTransfer.files[0]);
  field.files = files.files;
  form.requestSubmit();
}

if (field) {
  form.classList.add("takes-drop");
  form.querySelector(".drop-hint").hidden = false;
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", (event) => event.relatedTarget || form.classList.remove("is-over"));
  document.addEventListener("drop", drop);
  field.addEventListener("change", () => field.files.length && form.requestSubmit());
}
