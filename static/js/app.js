// The only script that pages load. Every page works without it; each file below makes one thing quicker or safer.
import "./menus.js";
import "./times.js";
import "./confirm.js";
import "./copy.js";
import "./errors.js";
import "./print.js";
import "./wall.js";
import "./connection.js";
import "./live.js";
import "./fold.js";
import "./filter_memory.js";
import "./scroll_position.js";
import "./select.js";
import "./submit_on_change.js";
import "./outline_drag.js";
import "./keys.js";
import "./palette.js";
import { uploadForms } from "./drop.js";
import { openedItemForms } from "./opened_item_forms.js";
import { moreForms } from "./more.js";
import { outlineForms } from "./outline.js";
import { pageForms } from "./page_forms.js";
import { dispatchSubmits } from "./submits.js";
import { tickForms } from "./tick.js";

// The first that matches takes a form: a row's button before the form around the list, files before the other fields of
// their form, and last what leaves the page.
dispatchSubmits([tickForms, moreForms, outlineForms, uploadForms, openedItemForms, pageForms]);
