// Shows a notice as long as the browser is offline, or that the stream of changes is lost.
import { notify } from "./notices.js";
import { text } from "./texts.js";

let isStreamLost = false;
let shownState = ""; // "", "offline" or "lost"
let removeNotice = () => {};

function showState() {
  const state = !navigator.onLine ? "offline" : isStreamLost ? "lost" : "";
  if (state === shownState) return;
  shownState = state;
  removeNotice();
  const message = state === "offline" ? text("you_are_offline") : text("connection_is_lost");
  removeNotice = state ? notify(message, { kind: "lost", stay: true }) : () => {};
}

/** Sets whether the stream of changes by others is lost. */
export function setStreamLost(isLost) {
  isStreamLost = isLost;
  showState();
}

addEventListener("offline", showState);
addEventListener("online", showState);
showState();
