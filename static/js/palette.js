// The command palette: Ctrl-K, or the link in the bar, opens a dialog that goes to a page, a launch, an item or a person,
// or does what this page offers. Without script, the link leads to the page that has the same results.
import { element, isolated } from "./elements.js";
import { bestOf, moveSelection } from "./palette_rules.js";
import { text } from "./texts.js";

const PAUSE = 150; // milliseconds without a key before the server is asked
const MOST_ACTIONS = 6;

const link = document.querySelector("[data-palette]");

addEventListener("keydown", (event) => {
  const isKey = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!isKey || !link || event.isComposing || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  open();
});

link?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

/** What the page offers: its visible links and buttons, each label once. */
function listActions() {
  const seen = new Map();
  for (const control of document.querySelectorAll("main :is(a[href], button:not(:disabled), summary)")) {
    const title = (control.getAttribute("aria-label") ?? control.textContent).trim().replace(/\s+/g, " ");
    if (title && title.length <= 100 && !seen.has(title) && control.checkVisibility()) seen.set(title, control);
  }
  return [...seen].map(([title, control]) => ({ title, place: "", activate: () => activate(control) }));
}

function activate(control) {
  control.scrollIntoView({ block: "nearest" });
  control.focus();
  control.click();
}

/** The groups of the page `/go`, as the server answers it. */
function readGroups(page) {
  return [...page.querySelectorAll("[data-go]")].map((group) => ({
    title: group.querySelector("h2").textContent,
    options: [...group.querySelectorAll("li")].map((line) => {
      const { href } = line.querySelector("a");
      const place = line.querySelector(".soft")?.textContent ?? "";
      return { title: line.querySelector("a").textContent, place, activate: () => location.assign(href) };
    }),
  }));
}

function open() {
  const before = document.activeElement;
  const actions = listActions();
  const field = element("input", "");
  const list = element("div", "");
  const status = element("p", "visually-hidden");
  const dialog = element("dialog", "dialog palette", field, list, status);
  dialog.setAttribute("aria-label", text("palette"));
  Object.assign(field, { type: "text", placeholder: text("palette_placeholder"), maxLength: 200, dir: "auto", autocomplete: "off" });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-label": text("palette"), "aria-controls": "palette-list", "aria-expanded": "true", "aria-autocomplete": "list" })) field.setAttribute(name, value);
  list.id = "palette-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", text("palette"));
  status.setAttribute("role", "status");
  let options = [];
  let at = -1;
  let groups = [];
  let waiting = null;
  let timer = 0;

  const select = (place) => {
    options[at]?.element.setAttribute("aria-selected", "false");
    at = place;
    const chosen = options[at]?.element;
    if (!chosen) return field.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", chosen.id);
  };
  const choose = (option) => {
    dialog.close();
    option?.activate();
  };
  const show = () => {
    const own = { title: text("palette_actions"), options: bestOf(actions, field.value, MOST_ACTIONS) };
    options = [];
    const shown = [own, ...groups].filter((group) => group.options.length > 0).map((group) => {
      const title = element("div", "group", isolated(group.title));
      title.setAttribute("aria-hidden", "true");
      const lines = group.options.map((option) => {
        const line = element("div", "", isolated(option.title));
        if (option.place) line.append(element("span", "soft", isolated(option.place)));
        line.id = `palette-${options.length}`;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.addEventListener("click", () => choose(option));
        options.push({ ...option, element: line });
        return line;
      });
      const made = element("div", "", title, ...lines);
      made.setAttribute("role", "group");
      made.setAttribute("aria-label", group.title);
      return made;
    });
    list.replaceChildren(...shown);
    status.textContent = options.length === 0 && field.value.trim() ? text("palette_has_nothing") : "";
    select(options.length > 0 ? 0 : -1);
  };
  const ask = async () => {
    waiting?.abort();
    waiting = new AbortController();
    const { signal } = waiting;
    try {
      const address = `/go?${new URLSearchParams({ q: field.value })}`;
      const answer = await fetch(address, { headers: { accept: "text/html" }, signal });
      if (answer.redirected) return location.assign(address); // signed out
      if (!answer.ok) return;
      groups = readGroups(new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (!signal.aborted) show();
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // no connection: the page's own stay
    }
  };

  field.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) select(moveSelection(at, by, options.length));
    else if (event.key === "Enter") choose(options[at]);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    waiting?.abort();
    dialog.remove();
    before?.focus();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  show();
  ask();
}
