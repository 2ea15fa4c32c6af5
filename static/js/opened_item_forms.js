// Sends the forms of the item that is open in the list, and shows the responses there, without leaving the page.
import { deleteDraft } from "./drafts.js";
import { notify } from "./notices.js";
import { openedItem } from "./opened_item.js";
import { isBusy, updateRegions } from "./regions.js";
import { SessionEnded, request, showSessionEnded } from "./requests.js";
import { addHandler } from "./submits.js";
import { text } from "./texts.js";

const sending = new WeakSet();

addHandler({
  matches: (form) => form.method === "post" && Boolean(openedItem()?.region.contains(form)),
  async handle(event) {
    event.preventDefault();
    const { target: form, submitter } = event;
    if (sending.has(form)) return;
    sending.add(form);
    await send(form, submitter).finally(() => sending.delete(form));
  },
});

async function send(form, submitter) {
  const { region, row } = openedItem();
  const data = new FormData(form, submitter);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  submitter?.setAttribute("aria-busy", "true");
  let response;
  try {
    response = await request(form.action, { method: "POST", body, headers: { accept: "text/html" } });
  } catch (error) {
    if (error instanceof SessionEnded) return showSessionEnded(error.message);
    const why = error.message;
    return notify(error.isTimeout ? text("unknown_whether_saved_entries_kept", { why }) : text("nothing_saved_entries_kept", { why }), { kind: "bad" });
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
  const page = new DOMParser().parseFromString(response.text, "text/html");
  const fresh = page.querySelector(".item-page");
  if (!fresh) return reportRefusal(page);
  if (response.ok) deleteDraft(form);
  const busySections = [...region.querySelectorAll("section")].filter((section) => !section.contains(form) && isBusy(section));
  // Text being typed in another part of the item is preserved; otherwise the response replaces the item.
  if (busySections.length > 0 && response.ok) {
    form.reset();
    delete form.dataset.busy;
    document.activeElement?.blur();
    updateRegions(region.querySelector(".item-page"), fresh);
  } else {
    region.querySelector(".item-page").replaceWith(fresh);
  }
  const problem = page.querySelector(".problem");
  region.querySelector(":scope > .problem")?.remove();
  if (!response.ok && problem && !fresh.contains(problem)) region.querySelector(".opened-bar").after(problem);
  document.dispatchEvent(new CustomEvent("signoff:shown", { detail: region }));
  const flash = page.querySelector(".flash");
  if (flash) notify(flash.textContent.trim(), { kind: flash.classList.contains("bad") ? "bad" : "" });
  const invalid = region.querySelector('.problem, [aria-invalid="true"]');
  if (!response.ok && invalid) invalid.scrollIntoView({ block: "center" });
  if (!response.ok && invalid?.matches("[aria-invalid]")) invalid.focus({ preventScroll: true });
  else if (openedItem()?.row === row) row.querySelector(".title").focus({ preventScroll: true });
}

/** Shows the message of a response that is not a page of the item: rate limited, or not allowed. */
function reportRefusal(page) {
  const message = page.querySelector("[role=alert], main h1")?.textContent.trim();
  return notify(message || text("server_refused_nothing_saved"), { kind: "bad" });
}
