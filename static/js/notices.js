// Notices that appear on an open page, read out politely by screen readers: somebody else's tick, a lost connection, a
// reverted change. They are placed above the page and never move it. Of each kind only the newest is shown.

const LONG_ENOUGH = 8_000; // milliseconds; longer while the pointer or the focus is on it
const shown = new Map(); // kind of notice -> the function that removes it

/** The kind of a notice, of which a newer one replaces it; empty for one that stays. */
function kindOf({ stay, kind, action }) {
  if (stay) return "";
  if (kind === "bad") return "problem";
  return action ? "own change" : "news";
}

/**
 * Shows a notice and returns a function that removes it. `content` is a text, or a list of texts and elements. `kind` is
 * "", "bad" or "lost"; `stay` shows it until it is removed; `action` is a button's label and `onAction` its handler;
 * with `href` it is a link, which opens in another tab, and the notice stays. A notice replaces an older one in its
 * `place`: a problem the last problem, a change of one's own the last one, news the last news. `onGone` is called when it
 * is removed by time, by its button or by a newer one.
 */
export function notify(content, options = {}) {
  const { kind = "", stay = false, action = "", onAction = () => {}, onGone = () => {}, href = "", place = kindOf(options) } = options;
  const notice = document.createElement("div");
  const words = document.createElement("span");
  notice.className = `notice ${kind}`.trim();
  words.append(...[content].flat());
  notice.append(words);
  const dismiss = () => {
    if (!notice.isConnected) return;
    notice.remove();
    if (shown.get(place) === dismiss) shown.delete(place);
    onGone();
  };
  const control = href ? createLink(action, href) : action && createButton(action, () => { dismiss(); onAction(); });
  if (control) notice.append(control);
  const container = document.getElementById("notices");
  const isFocused = Boolean(place && shown.has(place) && container?.querySelector(".notice:focus-within"));
  if (place) shown.get(place)?.();
  container?.append(notice);
  if (place) shown.set(place, dismiss);
  if (isFocused) control?.focus();
  if (!stay) {
    const leave = () => (notice.matches(":hover, :focus-within") ? setTimeout(leave, LONG_ENOUGH) : dismiss());
    setTimeout(leave, LONG_ENOUGH);
  }
  return dismiss;
}

function createLink(label, href) {
  const link = document.createElement("a");
  link.className = "button quiet small";
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = label;
  return link;
}

function createButton(label, onPress) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small";
  button.textContent = label;
  button.addEventListener("click", onPress);
  return button;
}
