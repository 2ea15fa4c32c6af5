// Forms that leave the page. A form that posts is sent once, however often its button is pressed, and only while the
// server can be reached: otherwise the page stays, shows why, and keeps what was typed.
import { markDraftSent, deleteAllDrafts } from "./drafts.js";
import { notify } from "./notices.js";
import { NoResponse, checkConnection } from "./requests.js";
import { text } from "./texts.js";

const sending = new Set(); // forms of which the connection is being checked, or which have left
let leaving = null; // the form that leaves the page now

export const pageForms = {
  matches: (form) => form.method !== "dialog",
  handle(event) {
    const { target: form, submitter } = event;
    if (form === leaving) return leave(form);
    if (form.method === "post") {
      event.preventDefault();
      if (!sending.has(form)) send(form, submitter);
    } else if (!navigator.onLine) {
      event.preventDefault();
      notify(text("no_connection_page_stays"), { kind: "bad" });
    }
  },
};

function leave(form) {
  leaving = null;
  if (form.matches("[data-forget-drafts]")) deleteAllDrafts();
  else markDraftSent(form);
}

async function send(form, submitter) {
  // Live updates do not replace a form that is marked as busy.
  const setsBusy = !form.hasAttribute("data-busy");
  const release = () => {
    sending.delete(form);
    if (setsBusy) form.removeAttribute("data-busy");
    setBusy(submitter, false);
  };
  sending.add(form);
  form.setAttribute("data-busy", "");
  setBusy(submitter, true);
  try {
    await checkConnection();
  } catch (error) {
    if (!(error instanceof NoResponse)) throw error;
    release();
    return notify(text("nothing_sent_entries_kept", { why: error.message }), { kind: "bad" });
  }
  if (!form.isConnected || (submitter && submitter.form !== form)) {
    release();
    return notify(text("form_changed_nothing_sent"), { kind: "bad" });
  }
  leaving = form;
  form.requestSubmit(submitter);
  if (leaving === form) { // a field is not valid any more
    leaving = null;
    release();
  }
}

function setBusy(button, isBusy) {
  for (const name of ["aria-busy", "aria-disabled"]) {
    if (isBusy) button?.setAttribute(name, "true");
    else button?.removeAttribute(name);
  }
}

// A page that returns from the browser's history can be used again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of sending) {
    form.removeAttribute("data-busy");
    for (const button of form.elements) if (button.ariaBusy === "true") setBusy(button, false);
  }
  sending.clear();
});
