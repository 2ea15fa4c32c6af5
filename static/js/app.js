// The only script that pages load. Every page works without it; each file below makes one thing quicker or safer.
import "./tick.js";
import "./submit.js";
import "./menus.js";
import "./times.js";
import "./confirm.js";
import "./errors.js";
import "./drafts.js";
import "./drop.js";
import "./wall.js";
import "./live.js";
import "./fold.js";
import "./place.js";
import "./select.js";
import "./more.js";
import "./open.js";
import "./keys.js";
import "./order.js";
