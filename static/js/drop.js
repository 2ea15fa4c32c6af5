// Files can be dropped anywhere on a form that takes files, or on the item around it (`data-drop-zone`), which opens
// for them if it is a row of the checklist; or they can be pasted. If the form uploads (`data-uploads`), dropped and
// pasted files are sent at once; otherwise, and for chosen files, the file input holds them until the form is sent,
// which works the same without this script. A file above the limit of the input (`data-most`, in bytes) is named at
// once, and the form is not sent while it is chosen. All listeners are on the document, so that forms added later work
// too.
import { element } from "./elements.js";
import { findTooLarge } from "./file_limits.js";
import { notify } from "./notices.js";
import { openItem } from "./opened_item.js";
import { formatSize } from "./sizes.js";
import { language, text } from "./texts.js";

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
const fileInput = (area) => area.querySelector("input[type=file]");

const ROW = ".item[data-item]";

/** The drop area for the element under the pointer or with the focus. */
function dropAreaOf(target) {
  const own = target.closest?.("form")?.querySelector("[data-drop]");
  return own ?? target.closest?.(`[data-drop-zone], ${ROW}`)?.querySelector("[data-drop]") ?? null;
}

/** Opens an item of the checklist in its row, and returns its drop area. */
async function openDropArea(row) {
  await openItem(row);
  const area = row.querySelector("[data-drop]");
  if (!area) notify(text("item_takes_no_evidence"), { kind: "bad" });
  return area;
}

/** The limit of an input, in bytes. */
const limitOf = (input) => Number(input.dataset.most ?? Infinity);

/** Says which files are too large; empty when none is. */
function describeTooLarge(files, limit) {
  const names = findTooLarge(files, limit).map(({ name }) => text("too_large_file", { name }));
  if (names.length === 0) return "";
  const list = new Intl.ListFormat(language).format(names);
  return text("files_are_too_large", { count: names.length, names: list, limit: formatSize(limit) });
}

/** Lists the files in the input, and names those that are too large. */
function showChosen(area) {
  const input = fileInput(area);
  const chosen = area.querySelector("[data-chosen]");
  chosen.replaceChildren(...[...input.files].map((file) => {
    const row = document.createElement("li");
    const remove = element("button", "button quiet small", text("remove_chosen_file"));
    remove.type = "button";
    remove.setAttribute("aria-label", text("remove_file_named", { name: file.name }));
    remove.addEventListener("click", () => choose(input, [...input.files].filter((other) => other !== file)));
    row.append(element("span", "name", file.name), element("span", "size", formatSize(file.size)), remove);
    return row;
  }));
  chosen.hidden = input.files.length === 0;
  const problem = describeTooLarge(input.files, limitOf(input));
  input.setCustomValidity(problem);
  area.querySelector("[data-too-large]")?.remove();
  if (!problem) return;
  const warning = element("p", "error", problem);
  warning.dataset.tooLarge = "";
  warning.setAttribute("role", "alert");
  chosen.after(warning);
}

/** Puts files into an input, as if they had been chosen. */
function choose(input, files) {
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Sends the files of a form one by one. If the script for it can't be loaded, they are chosen, and sent with their form. */
async function sendFiles(form, files, options) {
  const uploads = await import("./uploads.js").catch(() => null);
  if (uploads) uploads.upload(form, files, options);
  else {
    choose(fileInput(form), files);
    notify(text("nothing_sent_entries_kept", { why: text("server_cannot_be_reached") }), { kind: "bad" });
  }
}

/** Sends files at once, or adds them to the chosen ones; an input for one file gets the new file instead. */
function addFiles(area, files) {
  const input = fileInput(area);
  const sendable = findTooLarge(files, limitOf(input)).length === 0;
  if (sendable && input.form?.matches("[data-uploads]")) sendFiles(input.form, files);
  else choose(input, input.multiple ? [...input.files, ...files] : files.slice(0, 1));
}

let highlighted = null;

function highlight(target) {
  if (highlighted === target) return;
  highlighted?.classList.remove("over");
  target?.classList.add("over");
  highlighted = target;
}

/** Whether files are being dragged over a page that takes files. */
const isFileDrag = (event) => hasFiles(event) && document.querySelector(`[data-drop], ${ROW}`);

document.addEventListener("dragover", (event) => {
  if (!isFileDrag(event)) return;
  const target = dropAreaOf(event.target) ?? event.target.closest?.(ROW);
  highlight(target);
  // Outside of the drop area, the browser would leave the page to show the file, and all typed text would be lost.
  event.preventDefault();
  if (!target) event.dataTransfer.dropEffect = "none";
});

document.addEventListener("dragleave", (event) => event.relatedTarget ?? highlight(null));

document.addEventListener("drop", async (event) => {
  if (!isFileDrag(event)) return;
  event.preventDefault();
  highlight(null);
  const files = [...event.dataTransfer.files]; // empty once this handler returns
  const row = event.target.closest?.(ROW);
  const area = dropAreaOf(event.target) ?? (row && files.length > 0 ? await openDropArea(row) : null);
  if (area && files.length > 0) addFiles(area, files);
});

/** Pasted pictures all have the same name; the time is added to distinguish them. */
function withUniqueName(file) {
  if (file.name !== "image.png") return file;
  const moment = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  const name = text("pasted_picture_name", { day: moment.slice(0, 10), time: moment.slice(11, 19).replaceAll(":", ".") });
  return new File([file], name, { type: file.type });
}

// A pasted screenshot goes to the form with the focus, or to the page's only one.
document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files ?? [];
  const areas = document.querySelectorAll("[data-drop]");
  const area = dropAreaOf(event.target) ?? (areas.length === 1 ? areas[0] : null);
  if (!area || files.length === 0) return;
  event.preventDefault();
  addFiles(area, [...files].map(withUniqueName));
});

document.addEventListener("change", (event) => {
  const area = event.target.matches("input[type=file]") && event.target.closest("[data-drop]");
  if (area) showChosen(area);
});

document.addEventListener("reset", (event) => {
  const areas = event.target.querySelectorAll("[data-drop]");
  setTimeout(() => areas.forEach(showChosen)); // the fields are reset after this event
}, true); // it does not bubble out of a form around the form either

const uploadInput = (form) => (form.matches("[data-uploads]") ? fileInput(form) : null);

export const uploadForms = {
  matches: (form) => uploadInput(form)?.files.length > 0,
  handle(event) {
    event.preventDefault();
    const input = uploadInput(event.target);
    const files = [...input.files];
    choose(input, []);
    sendFiles(event.target, files, { sendsLinkAndNote: true });
  },
};
