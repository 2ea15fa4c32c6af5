// Files may be dropped anywhere on a form that takes files, or pasted; what was chosen is listed with its size. The file
// input stays what is sent, so the form works the same with or without this.

const SIZES = ["bytes", "kB", "MB", "GB"];

/** A size for people: three figures, decimal units. */
export function size(bytes) {
  const unit = Math.min(SIZES.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${Number((bytes / 1000 ** unit).toPrecision(3))} ${SIZES[unit]}`;
}

function cell(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}

function list(area, files) {
  const chosen = area.querySelector("[data-chosen]");
  chosen.replaceChildren(...[...files].map((file) => {
    const row = document.createElement("li");
    row.append(cell("name", file.name), cell("size", size(file.size)));
    return row;
  }));
  chosen.hidden = files.length === 0;
}

/** Adds files to those already chosen, or takes their place where only one is wanted. */
function take(area, input, files) {
  const chosen = new DataTransfer();
  for (const file of [...(input.multiple ? input.files : []), ...files].slice(0, input.multiple ? undefined : 1)) chosen.items.add(file);
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

for (const area of document.querySelectorAll("[data-drop]")) {
  const input = area.querySelector("input[type=file]");
  const zone = input.form ?? area;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0; // enter and leave come in pairs for every child passed over

  const over = (change) => {
    depth = Math.max(0, depth + change);
    area.classList.toggle("over", depth > 0);
  };
  input.addEventListener("change", () => list(area, input.files));
  zone.addEventListener("reset", () => list(area, []));
  zone.addEventListener("dragenter", (event) => carries(event) && over(1));
  zone.addEventListener("dragleave", (event) => carries(event) && over(-1));
  zone.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  zone.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    over(0);
    take(area, input, event.dataTransfer.files);
  });
}

// A pasted screenshot goes to the page's file field, where there is just one.
document.addEventListener("paste", (event) => {
  const areas = document.querySelectorAll("[data-drop]");
  const files = event.clipboardData?.files ?? [];
  if (areas.length !== 1 || files.length === 0) return;
  event.preventDefault();
  take(areas[0], areas[0].querySelector("input[type=file]"), files);
});
