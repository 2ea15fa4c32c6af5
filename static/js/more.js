// What “more” on a row opens: open the item, copy its link, mark it not applicable or blocked with a reason, assign it. The
// forms are sent while the page stays, and the row shows the result. `more_links.js` loads it.
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { openItem } from "./opened_item.js";
import { fetchPage } from "./regions.js";
import { SessionEnded, request, showSessionEnded } from "./requests.js";
import { refreshRows } from "./rows.js";
import { addHandler } from "./submits.js";
import { text } from "./texts.js";

const template = document.getElementById("more");
let openedPanel = null; // { row, panel }

const linkOf = (row) => row.querySelector(":scope > a.more");

function closePanel() {
  if (!openedPanel) return;
  openedPanel.panel.remove();
  linkOf(openedPanel.row)?.setAttribute("aria-expanded", "false");
  openedPanel = null;
}

/** Closes the panel; the focus returns to its link. */
function closeAndFocus() {
  const { row } = openedPanel;
  closePanel();
  linkOf(row)?.focus();
}

function openPanel(link) {
  closePanel();
  const row = link.closest(".item");
  const panel = template.content.firstElementChild.cloneNode(true);
  const { item, version } = row.dataset;
  const form = panel.querySelector("form");
  form.action = `/items/${item}/state`;
  form.elements.version.value = version;
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-labelledby", row.querySelector(".title").id);
  const open = panel.querySelector("[data-open-item]");
  open.href = row.querySelector(".title").href;
  open.addEventListener("click", (event) => {
    event.preventDefault();
    closePanel();
    openItem(row);
  });
  panel.querySelector("[data-copy-link]").addEventListener("click", async ({ currentTarget }) => {
    const { copyLink } = await import("./copy.js");
    await copyLink(open.href, currentTarget);
  });
  link.after(panel);
  link.setAttribute("aria-expanded", "true");
  openedPanel = { row, panel };
  panel.querySelector("textarea").focus();
  addAssignment(item, panel.querySelector("[data-assignment]"));
}

/** Adds the form that assigns the item, which is on the item's own page. */
async function addAssignment(item, container) {
  const form = (await fetchPage(`/items/${item}`))?.querySelector("#assignment form");
  if (!form || !container.isConnected) return;
  for (const field of form.querySelectorAll("[id]")) {
    const label = form.querySelector(`label[for="${field.id}"]`);
    field.id = `more-${field.id}`;
    if (label) label.htmlFor = field.id;
  }
  container.replaceChildren(form);
}

/** Shows why the server refused a form, in the form. */
function showProblem(form, page) {
  const reason = page.querySelector('[id$="-error"], [role=alert]')?.textContent.trim();
  form.querySelector(":scope > .problem")?.remove();
  const problem = element("p", "problem", reason || text("server_refused_nothing_saved"));
  problem.setAttribute("role", "alert");
  form.prepend(problem);
  form.querySelector("textarea, select")?.focus();
}

async function send(form, submitter) {
  const { row } = openedPanel;
  submitter?.setAttribute("aria-busy", "true");
  try {
    const headers = { accept: "text/html", prefer: "return=minimal" };
    const body = new URLSearchParams(new FormData(form, submitter));
    const response = await request(form.action, { method: "POST", body, headers, redirect: "manual" });
    if (!response.ok) return showProblem(form, new DOMParser().parseFromString(response.text, "text/html"));
    if (openedPanel?.row === row) closeAndFocus();
    await refreshRows([row.dataset.item]);
  } catch (error) {
    if (error instanceof SessionEnded) showSessionEnded(error.message);
    else notify(text("nothing_saved_entries_kept", { why: error.message }), { kind: "bad" });
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
}

/** Opens the panel of a row's “more”, or closes it. */
export function togglePanel(link) {
  if (openedPanel?.row === link.closest(".item")) closePanel();
  else openPanel(link);
}

addHandler({
  matches: (form) => Boolean(form.closest(".more-panel")),
  handle(event) {
    event.preventDefault();
    if (event.submitter?.ariaBusy !== "true") send(event.target, event.submitter);
  },
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.(".more-panel [data-shut]")) closeAndFocus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !openedPanel?.panel.contains(event.target)) return;
  event.preventDefault();
  closeAndFocus();
});
