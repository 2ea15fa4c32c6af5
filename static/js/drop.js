// Files can be dropped anywhere on a form that takes files, or on the item around it (`data-drop-zone`), which opens
// for them if it is a row of the checklist; or they can be pasted. If the form uploads (`data-uploads`), dropped and
// pasted files are sent at once; otherwise, and for chosen files, the file input holds them until the form is sent,
// which works the same without this script. All listeners are on the document, so that forms added later work too.
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { size } from "./sizes.js";
import { upload } from "./uploads.js";

const carries = (event) => event.dataTransfer?.types.includes("Files");
const fileInput = (area) => area.querySelector("input[type=file]");

const ROW = ".item[data-item]";

/** The drop area for the element under the pointer or with the focus. */
function areaOf(target) {
  const own = target.closest?.("form")?.querySelector("[data-drop]");
  return own ?? target.closest?.(`[data-drop-zone], ${ROW}`)?.querySelector("[data-drop]") ?? null;
}

/** The drop area in a row of the checklist, which opens for it. */
async function areaIn(row) {
  const { open } = await import("./open.js"); // imported late, so that its listeners come after those below
  await open(row);
  const area = row.querySelector("[data-drop]");
  if (!area) notify("Nothing can be attached to this item by you, or as things stand.", { kind: "bad" });
  return area;
}

/** Lists the files in the input. */
function list(area, files) {
  const chosen = area.querySelector("[data-chosen]");
  chosen.replaceChildren(...[...files].map((file) => {
    const row = document.createElement("li");
    row.append(element("span", "name", file.name), element("span", "size", size(file.size)));
    return row;
  }));
  chosen.hidden = files.length === 0;
}

/** Sends files at once, or adds them to the chosen ones; an input for one file gets the new file instead. */
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

/** Whether files are being dragged over a page that takes files. */
const concerns = (event) => carries(event) && document.querySelector(`[data-drop], ${ROW}`);

document.addEventListener("dragover", (event) => {
  if (!concerns(event)) return;
  const place = areaOf(event.target) ?? event.target.closest?.(ROW);
  mark(place);
  // Outside of the drop area, the browser would leave the page to show the file, and all typed text would be lost.
  event.preventDefault();
  if (!place) event.dataTransfer.dropEffect = "none";
});

document.addEventListener("dragleave", (event) => event.relatedTarget ?? mark(null));

document.addEventListener("drop", async (event) => {
  if (!concerns(event)) return;
  event.preventDefault();
  mark(null);
  const files = [...event.dataTransfer.files]; // empty once this handler returns
  const row = event.target.closest?.(ROW);
  const area = areaOf(event.target) ?? (row && files.length > 0 ? await areaIn(row) : null);
  if (area && files.length > 0) take(area, files);
});

/** Pasted pictures all have the same name; the time is added to distinguish them. */
function named(file) {
  if (file.name !== "image.png") return file;
  const moment = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  return new File([file], `Screenshot ${moment.slice(0, 10)} ${moment.slice(11, 19).replaceAll(":", ".")}.png`, { type: file.type });
}

// A pasted screenshot goes to the form with the focus, or to the page's only one.
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

// In the capture phase: handlers that mark a form as sent see that this one was not sent.
document.addEventListener("submit", (event) => {
  const area = event.target.matches("[data-uploads]") && event.target.querySelector("[data-drop]");
  const files = area ? [...fileInput(area).files] : [];
  if (files.length === 0) return;
  event.preventDefault();
  fileInput(area).value = "";
  list(area, []);
  upload(event.target, files, { rest: true });
}, true);
