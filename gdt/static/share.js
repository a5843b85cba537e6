// Copy the address, or hand it to the phone's own way of sharing.

const field = document.querySelector("[data-share]");
const button = document.querySelector("[data-share-button]");

async function share() {
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    await navigator.share({ url: field.value }).catch(() => null);
    return;
  }
  await navigator.clipboard.writeText(field.value);
  button.textContent = button.dataset.done;
}

if (field && button && (navigator.clipboard || navigator.share)) {
  button.hidden = false;
  button.addEventListener("click", share);
  field.addEventListener("focus", () => field.select());
}
