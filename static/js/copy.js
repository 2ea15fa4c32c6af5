// Buttons that copy the value of a field: `data-copies` is its id. Without script they are hidden, and the field is
// selected by hand.
import { notify } from "./notices.js";
import { text } from "./texts.js";

for (const button of document.querySelectorAll("button[data-copies]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copies]");
  const field = button && document.getElementById(button.dataset.copies);
  if (!field) return;
  if (await copy(field)) notify(text("copied"));
  else notify(text("select_and_copy_yourself"), { kind: "bad" });
});

// Without https there is no clipboard: then the field is selected, and copied as by hand.
async function copy(field) {
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
