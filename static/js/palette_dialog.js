// The dialog of the command palette: it goes to a page, a launch, an item or a person, or does what this page offers.
import { element, isolated } from "./elements.js";
import { bestMatches, moveSelection } from "./palette_rules.js";
import { text } from "./texts.js";

const DEBOUNCE_MS = 150; // without a key, before the server is asked
const MAX_ACTIONS = 6;

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

/** The groups of results on the page `/go`. */
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

export function openPalette() {
  const previousFocus = document.activeElement;
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
  let selectedIndex = -1;
  let groups = [];
  let pendingRequest = null;
  let timer = 0;

  const select = (index) => {
    options[selectedIndex]?.element.setAttribute("aria-selected", "false");
    selectedIndex = index;
    const chosen = options[selectedIndex]?.element;
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
    const actionGroup = { title: text("palette_actions"), options: bestMatches(actions, field.value, MAX_ACTIONS) };
    options = [];
    const groupElements = [actionGroup, ...groups].filter((group) => group.options.length > 0).map((group) => {
      const title = element("div", "group", isolated(group.title));
      title.setAttribute("aria-hidden", "true");
      const optionElements = group.options.map((option) => {
        const optionElement = element("div", "", isolated(option.title));
        if (option.place) optionElement.append(element("span", "soft", isolated(option.place)));
        optionElement.id = `palette-${options.length}`;
        optionElement.setAttribute("role", "option");
        optionElement.setAttribute("aria-selected", "false");
        optionElement.addEventListener("click", () => choose(option));
        options.push({ ...option, element: optionElement });
        return optionElement;
      });
      const groupElement = element("div", "", title, ...optionElements);
      groupElement.setAttribute("role", "group");
      groupElement.setAttribute("aria-label", group.title);
      return groupElement;
    });
    list.replaceChildren(...groupElements);
    status.textContent = options.length === 0 && field.value.trim() ? text("palette_has_nothing") : "";
    select(options.length > 0 ? 0 : -1);
  };
  const search = async () => {
    pendingRequest?.abort();
    pendingRequest = new AbortController();
    const { signal } = pendingRequest;
    try {
      const address = `/go?${new URLSearchParams({ q: field.value })}`;
      const response = await fetch(address, { headers: { accept: "text/html" }, signal });
      if (response.redirected) return location.assign(address); // signed out
      if (!response.ok) return;
      groups = readGroups(new DOMParser().parseFromString(await response.text(), "text/html"));
      if (!signal.aborted) show();
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // no connection: the actions of the page stay
    }
  };

  field.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(search, DEBOUNCE_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(moveSelection(selectedIndex, step, options.length));
    else if (event.key === "Enter") choose(options[selectedIndex]);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    pendingRequest?.abort();
    dialog.remove();
    previousFocus?.focus();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  show();
  search();
}
