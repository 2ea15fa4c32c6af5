// The script that every page loads. Every page works without it; each file below makes one thing quicker or safer. What only
// some pages need is loaded when it is needed, by `import()`.
import "./menus.js";
import "./times.js";
import "./confirm.js";
import "./errors.js";
import "./print.js";
import "./connection.js";
import "./live.js";
import "./bell.js";
import "./fold.js";
import "./filter_memory.js";
import "./scroll_position.js";
import "./select.js";
import "./submit_on_change.js";
import "./keys.js";
import "./palette.js";
import { uploadForms } from "./drop.js";
import { pageForms } from "./page_forms.js";
import { dispatchSubmits } from "./submits.js";
import { tickForms } from "./tick.js";

// The first that matches takes a form: a row's button before the form around the list, files before the other fields of
// their form, then what is loaded when it is needed, and last what leaves the page.
dispatchSubmits([tickForms, uploadForms, pageForms]);

/** An @ in a text of a launch is the beginning of a name. */
document.addEventListener("input", async ({ target, data }) => {
  if (data !== "@" || !document.body.dataset.launch || !target.matches("main textarea:not([data-mentions])")) return;
  target.dataset.mentions = "";
  const { completeMentions } = await import("./mentions.js");
  completeMentions(target);
});

/** The readiness wall, from the first time that the pointer is over it. */
document.addEventListener("pointerover", async function loadWall({ target }) {
  if (!target.matches?.(".wall [data-cell]")) return;
  document.removeEventListener("pointerover", loadWall);
  await import("./wall.js");
  target.dispatchEvent(new Event("pointerover", { bubbles: true }));
});

if (document.querySelector("button[data-copies]")) import("./copy.js");
if (document.querySelector("[data-outline]")) import("./outline_drag.js");
