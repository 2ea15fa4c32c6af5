// Says, for as long as it is so, that the browser is offline, or that the stream of changes is lost.
import { notify } from "./notices.js";
import { text } from "./texts.js";

let isStreamLost = false;
let said = ""; // "", "offline" or "lost"
let removeNotice = () => {};

function showState() {
  const state = !navigator.onLine ? "offline" : isStreamLost ? "lost" : "";
  if (state === said) return;
  said = state;
  removeNotice();
  const sentence = state === "offline" ? text("you_are_offline") : text("connection_is_lost");
  removeNotice = state ? notify(sentence, { kind: "lost", stay: true }) : () => {};
}

/** Sets whether changes by others arrive at the moment. */
export function setStreamLost(isLost) {
  isStreamLost = isLost;
  showState();
}

addEventListener("offline", showState);
addEventListener("online", showState);
showState();
