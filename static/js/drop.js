// Files may be dropped anywhere on a form that takes files, or on the item around it (`data-drop-zone`), which opens for
// them where it is a row of the checklist; or they are pasted. Where the form uploads (`data-uploads`), what is dropped
// or pasted is sent at once; else, and for what is chosen, the file input holds it until the form is sent, which works
// the same without this. Everything is heard on the document, so that forms that come later are served too.
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { size } from "./sizes.js";
import { upload } from "./uploads.js";

const carries = (event) => event.dataTransfer?.types.includes("Files");
const fileInput = (area) => area.querySelector("input[type=file]");

const ROW = ".item[data-item]";

/** The place for files that what is under the pointer, or has the focus, belongs to. */
function areaOf(target) {
  const own = target.closest?.("form")?.querySelector("[data-drop]");
  return own ?? target.closest?.(`[data-drop-zone], ${ROW}`)?.querySelector("[data-drop]") ?? null;
}

/** The place for files in a row of the checklist, which opens for it. */
async function areaIn(row) {
  const { open } = await import("./open.js"); // not before: its listeners come after those below
  await open(row);
  const area = row.querySelector("[data-drop]");
  if (!area) notify("Nothing can be attached to this item by you, or as things stand.", { kind: "bad" });
  return area;
}

/** Shows what the input holds. */
function list(area, files) {
  const chosen = area.querySelector("[data-chosen]");
  chosen.replaceChildren(...[...files].map((file) => {
    const row = document.createElement("li");
    row.append(element("span", "name", file.name), element("span", "size", size(file.size)));
    return row;
  }));
  chosen.hidden = files.length === 0;
}

/** Sends files at once, or adds them to those chosen; where only one is wanted, it takes the other's place. */
function take(area, files) {
  const input = fileInput(area);
  if (input.form?.matches("[data-uploads]")) return upload(input.form, files);
  const chosen = new DataTransfer();
  for (const file of [...(input.multiple ? input.files : []), ...files].slice(0, input.multiple ? undefined : 1)) chosen.items.add(file);
  input.files = chosen.files;
  return input.dispatchEvent(new Event("change", { bubbles: true }));
}

let marked = null;

function mark(place) {
  if (marked === place) return;
  marked?.classList.remove("over");
  place?.classList.add("over");
  marked = place;
}

/** Whether files are dragged, on a page that takes some. */
const concerns = (event) => carries(event) && document.querySelector(`[data-drop], ${ROW}`);

document.addEventListener("dragover", (event) => {
  if (!concerns(event)) return;
  const place = areaOf(event.target) ?? event.target.closest?.(ROW);
  mark(place);
  // Beside the mark, the browser would leave the page to show the file, and with it all that was typed.
  event.preventDefault();
  if (!place) event.dataTransfer.dropEffect = "none";
});

document.addEventListener("dragleave", (event) => event.relatedTarget ?? mark(null));

document.addEventListener("drop", async (event) => {
  if (!concerns(event)) return;
  event.preventDefault();
  mark(null);
  const files = [...event.dataTransfer.files]; // gone once this returns
  const row = event.target.closest?.(ROW);
  const area = areaOf(event.target) ?? (row && files.length > 0 ? await areaIn(row) : null);
  if (area && files.length > 0) take(area, files);
});

/** A pasted picture is called the same each time; the moment tells one from the other. */
function named(file) {
  if (file.name !== "image.png") return file;
  const moment = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  return new File([file], `Screenshot ${moment.slice(0, 10)} ${moment.slice(11, 19).replaceAll(":", ".")}.png`, { type: file.type });
}

// A pasted screenshot goes to the form one is in, or to the page's only one.
document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files ?? [];
  const areas = document.querySelectorAll("[data-drop]");
  const area = areaOf(event.target) ?? (areas.length === 1 ? areas[0] : null);
  if (!area || files.length === 0) return;
  event.preventDefault();
  take(area, [...files].map(named));
});

document.addEventListener("change", (event) => {
  const area = event.target.matches("input[type=file]") && event.target.closest("[data-drop]");
  if (area) list(area, event.target.files);
});

document.addEventListener("reset", (event) => {
  for (const area of event.target.querySelectorAll("[data-drop]")) list(area, []);
});

// Heard on the way down: whoever marks a form as sent finds that it was not.
document.addEventListener("submit", (event) => {
  const area = event.target.matches("[data-uploads]") && event.target.querySelector("[data-drop]");
  const files = area ? [...fileInput(area).files] : [];
  if (files.length === 0) return;
  event.preventDefault();
  fileInput(area).value = "";
  list(area, []);
  upload(event.target, files, { rest: true });
}, true);
