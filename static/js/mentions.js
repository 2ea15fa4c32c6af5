// Completes a name after an @ in a text of a launch: a list of people who may see the launch is under the field. One of
// them is chosen with the arrow keys and Enter, or by a click. Without it, a whole name works too.
import { element, isolated } from "./elements.js";
import { NoResponse, SessionEnded, request } from "./requests.js";
import { text } from "./texts.js";

const DEBOUNCE_MS = 120;
/** The name that is being typed before the caret: an @ that follows no letter, and what stands after it. */
const TYPED_NAME = /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}][^@\n]{0,40}|)$/u;

const { launch } = document.body.dataset;
let list = null;
let timer = 0;

const typedName = (field) => TYPED_NAME.exec(field.value.slice(0, field.selectionStart))?.[1];
const options = () => [...(list?.children ?? [])];
const selected = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function close(field) {
  list?.remove();
  list = null;
  for (const name of ["aria-controls", "aria-activedescendant"]) field.removeAttribute(name);
}

function select(field, option) {
  selected()?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
}

/** Puts a name in the place of what was typed. */
function insert(field, name) {
  const caret = field.selectionStart;
  field.setRangeText(`${name} `, caret - typedName(field).length, caret, "end");
  close(field);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function show(field, names) {
  close(field);
  if (names.length === 0) return;
  const rows = names.map((name, at) => {
    const row = element("li", "", isolated(name));
    row.id = `mention-${at}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      insert(field, name);
    });
    return row;
  });
  list = element("ul", "mentions", ...rows);
  list.id = "mentions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", text("people_to_mention"));
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  select(field, rows[0]);
}

async function complete(field) {
  const typed = typedName(field);
  if (typed === undefined) return close(field);
  try {
    const { ok, text: body } = await request(`/launches/${launch}/mentions.json?q=${encodeURIComponent(typed)}`);
    if (typed !== typedName(field) || document.activeElement !== field) return;
    const names = ok ? JSON.parse(body).names : [];
    show(field, names.filter((name) => name.toLowerCase() !== typed.trimEnd().toLowerCase()));
  } catch (error) {
    if (!(error instanceof NoResponse || error instanceof SessionEnded)) throw error;
    close(field);
  }
}

/** Completes names in this field from now on. */
export function completeMentions(field) {
  field.setAttribute("aria-autocomplete", "list");
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => complete(field), DEBOUNCE_MS);
  });
  field.addEventListener("blur", () => close(field));
  field.addEventListener("keydown", (event) => {
    if (!list || event.isComposing) return;
    const leaves = event.key === "Tab" && event.shiftKey;
    if (leaves || typedName(field) === undefined) return close(field); // the caret was moved away from the name
    const all = options();
    const at = all.indexOf(selected());
    const acts = {
      ArrowDown: () => select(field, all[(at + 1) % all.length]),
      ArrowUp: () => select(field, all[(at + all.length - 1) % all.length]),
      Enter: () => insert(field, selected().textContent),
      Tab: () => insert(field, selected().textContent),
      Escape: () => close(field),
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  });
  complete(field);
}
