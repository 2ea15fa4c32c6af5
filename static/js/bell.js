// The bell in the head: the number of unread notifications, as it changes.
import { followUnread } from "./stream.js";
import { text } from "./texts.js";

/** Up to how many are counted, as on the server. */
const MAX_COUNTED = 100;

const bell = document.querySelector("[data-bell]");

function showUnread(count) {
  const badge = bell.querySelector("[data-unread]");
  badge.textContent = count < MAX_COUNTED ? count : `${MAX_COUNTED - 1}+`;
  badge.hidden = count === 0;
  bell.setAttribute("aria-label", text("unread_at_the_bell", { count }));
}

if (bell) followUnread(showUnread);
