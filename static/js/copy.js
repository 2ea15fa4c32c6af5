// Buttons that copy the value of a field: `data-copies` is its id. Without script they are hidden, and the field is
// selected by hand.
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { text } from "./texts.js";

for (const button of document.querySelectorAll("button[data-copies]")) button.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-copies]");
  const field = button && document.getElementById(button.dataset.copies);
  if (field) copyField(field, text("copied"));
});

/** Copies an address; `button` is the one that was pressed. */
export async function copyLink(address, button) {
  const field = element("input", "");
  field.value = address;
  button.after(field); // a browser selects only what the page shows
  if (await copyField(field, text("link_is_copied"))) field.remove();
}

/** Copies the value of a field and says so; false if the browser allows it in no way: the field stays selected then. */
async function copyField(field, message) {
  const isCopied = await writeToClipboard(field);
  if (isCopied) notify(message);
  else notify(text("select_and_copy_yourself"), { kind: "bad" });
  return isCopied;
}

// Without https there is no clipboard: then the field is selected, and copied as by hand.
async function writeToClipboard(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    const fold = field.closest("details");
    if (fold) fold.open = true;
    field.select();
    return document.execCommand("copy");
  }
}
