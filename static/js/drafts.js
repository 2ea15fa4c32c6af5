// Typed text is not lost: text in forms that post is stored in this tab's session storage, by page and form, until the
// form has been accepted. It is restored after the session had ended, the tab was reloaded or the network failed.
// Passwords and files are never stored; signing out deletes everything.
import { deleteDrafts, draftKey, hasDrafts, markSent, saveDraft, settleDrafts, textsToRestore } from "./draft_rules.js";
import { notify } from "./notices.js";
import { text } from "./texts.js";

const TEXT_FIELDS = "textarea, input:is([type=text], [type=url], [type=email], [type=date], [type=datetime-local])";

const textFields = (form) => [...form.querySelectorAll(TEXT_FIELDS)].filter((field) => field.name);
const storesDraft = (form) => form.method === "post" && form.getAttribute("action") !== "/login" && textFields(form).length > 0;
const keyOf = (form) => draftKey(location.pathname, form.getAttribute("action") ?? "", textFields(form)[0].id);

/** Deletes the draft of an accepted form: its text is on the server now. */
export function deleteDraft(form) {
  if (textFields(form).length > 0) sessionStorage.removeItem(keyOf(form));
}

export const deleteAllDrafts = () => deleteDrafts(sessionStorage);

/** Notes that a form leaves the page: its draft is deleted when the next page shows that it was accepted. */
export function markDraftSent(form) {
  if (storesDraft(form)) markSent(sessionStorage, keyOf(form));
}

/**
 * The page after a sent form means that the form was accepted, unless it asks for signing in or says otherwise, or the
 * browser went back to it.
 */
function wasAccepted() {
  const refused = document.querySelector('form[action="/login"], [data-unanswered]');
  return !refused && performance.getEntriesByType("navigation")[0]?.type === "navigate";
}

/** Restores the draft of a form; true when something was restored. */
function restoreDraft(form) {
  const restored = textsToRestore(sessionStorage, keyOf(form), textFields(form));
  for (const [field, value] of restored) field.value = value;
  if (restored.length === 0) return false;
  for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  return true;
}

/** Restores the drafts of all forms of a page, or of a part of it that has just been shown. */
function restoreDrafts(root) {
  if (!hasDrafts(sessionStorage)) return;
  const restored = [...root.querySelectorAll("form")].filter((form) => storesDraft(form) && restoreDraft(form));
  if (restored.length === 0) return;
  notify(text("typed_text_is_back"), {
    slot: "typed text",
    action: text("discard_typed_text"),
    onAction: () => restored.forEach((form) => { form.reset(); deleteDraft(form); }),
  });
}

document.addEventListener("input", (event) => {
  const { form } = event.target;
  if (form && event.target.matches(TEXT_FIELDS) && storesDraft(form)) saveDraft(sessionStorage, keyOf(form), textFields(form));
});

settleDrafts(sessionStorage, wasAccepted());
restoreDrafts(document);
document.addEventListener("signoff:shown", (event) => restoreDrafts(event.detail));
