// The command palette: Ctrl-K, or the link in the bar, opens a dialog, whose script is loaded then. Without script, the link
// leads to the page that has the same results.
import { isPlainClick } from "./clicks.js";

const link = document.querySelector("[data-palette]");

async function open() {
  const dialog = await import("./palette_dialog.js").catch(() => null);
  if (!dialog) location.assign(link.href);
  else if (!document.querySelector("dialog:modal")) dialog.openPalette();
}

addEventListener("keydown", (event) => {
  const isKey = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!isKey || !link || event.isComposing || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  open();
});

link?.addEventListener("click", (event) => {
  if (!isPlainClick(event)) return;
  event.preventDefault();
  open();
});
