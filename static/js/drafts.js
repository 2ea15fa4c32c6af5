// Typed text is not lost: text in forms that post is stored in this tab's session storage, by page and form, until the
// form has been accepted. It is restored after the session had ended, the tab was reloaded or the network failed.
// Passwords and files are never stored; signing out deletes everything.
import { notify } from "./notices.js";

const PREFIX = "draft:";
const TYPED = "textarea, input:is([type=text], [type=url], [type=email], [type=date], [type=datetime-local])";
// The sign-in page, or one that says that the session has ended: the form was not accepted.
const unanswered = Boolean(document.querySelector('form[action="/login"], [data-unanswered]'));

const fields = (form) => [...form.querySelectorAll(TYPED)].filter((field) => field.name && field.type !== "hidden");
const kept = (form) => form.method === "post" && form.getAttribute("action") !== "/login" && fields(form).length > 0;
const key = (form) => `${PREFIX}${location.pathname} ${form.getAttribute("action") ?? ""} ${fields(form)[0].id}`;

function save(form) {
  const values = fields(form).map((field) => [field.name, field.value]);
  const changed = fields(form).some((field) => field.value !== field.defaultValue);
  if (changed) sessionStorage.setItem(key(form), JSON.stringify({ values, sent: false }));
  else sessionStorage.removeItem(key(form));
}

function all() {
  return Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
}

/** Deletes the draft of an accepted form: its text is on the server now. */
export const forget = (form) => fields(form).length > 0 && sessionStorage.removeItem(key(form));

/**
 * The page after a sent form means that the form was accepted, unless the page says otherwise or the browser went back
 * to it.
 */
function settle() {
  const arrival = performance.getEntriesByType("navigation")[0]?.type;
  const answered = !unanswered && arrival === "navigate";
  for (const name of all()) {
    const draft = JSON.parse(sessionStorage.getItem(name));
    if (!draft.sent) continue;
    if (answered) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify({ ...draft, sent: false }));
  }
}

/** Restores a draft into fields that still have their default value; true when something was restored. */
function restore(form) {
  const draft = JSON.parse(sessionStorage.getItem(key(form)));
  if (!draft) return false;
  let restored = false;
  fields(form).forEach((field, index) => {
    const [name, value] = draft.values[index] ?? [];
    if (name !== field.name || value === field.value || field.value !== field.defaultValue) return;
    field.value = value;
    restored = true;
  });
  for (let fold = form.closest("details"); restored && fold; fold = fold.parentElement.closest("details")) fold.open = true;
  return restored;
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && event.target.matches(TYPED) && kept(form)) save(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.matches("[data-forget-drafts]")) all().forEach((name) => sessionStorage.removeItem(name));
  else if (kept(form) && sessionStorage.getItem(key(form))) {
    const draft = JSON.parse(sessionStorage.getItem(key(form)));
    sessionStorage.setItem(key(form), JSON.stringify({ ...draft, sent: true }));
  }
});

/** Restores the drafts of all forms of a page, or of a part of it that has just been shown. */
function bringBack(root) {
  if (all().length === 0) return;
  const restored = [...root.querySelectorAll("form")].filter((form) => kept(form) && restore(form));
  if (restored.length === 0) return;
  notify("What you had typed here is back.", {
    action: "Discard",
    onAction: () => restored.forEach((form) => { form.reset(); sessionStorage.removeItem(key(form)); }),
  });
}

settle();
bringBack(document);
document.addEventListener("signoff:shown", (event) => bringBack(event.detail));
