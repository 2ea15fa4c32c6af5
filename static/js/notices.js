// Notices that appear on an open page, read out politely by screen readers: somebody else's tick, a lost connection, a
// reverted change. They are placed above the page and never move it. Of each slot only the newest is shown.

const DISPLAY_MS = 8_000; // longer while the pointer or the focus is on it
const shownNotices = new Map(); // slot -> the function that removes its notice

/** The slot of a notice that names none; empty for one that stays. */
function slotOf({ stay, kind, action }) {
  if (stay) return "";
  if (kind === "bad") return "problem";
  return action ? "own change" : "news";
}

/**
 * Shows a notice and returns a function that removes it. `content` is a text, or a list of texts and elements. `kind` is
 * "", "bad" or "lost"; `stay` shows it until it is removed; `action` is a button's label and `onAction` its handler;
 * with `href` it is a link, which opens in another tab, and the notice stays. A notice replaces an older one in its
 * `slot`: a problem the last problem, a change of one's own the last one, news the last news. `onRemoved` is called when
 * it is removed by time, by its button or by a newer one.
 */
export function notify(content, options = {}) {
  const { kind = "", stay = false, action = "", onAction = () => {}, onRemoved = () => {}, href = "", slot = slotOf(options) } = options;
  const notice = document.createElement("div");
  const body = document.createElement("span");
  notice.className = `notice ${kind}`.trim();
  body.append(...[content].flat());
  notice.append(body);
  const dismiss = () => {
    if (!notice.isConnected) return;
    notice.remove();
    if (shownNotices.get(slot) === dismiss) shownNotices.delete(slot);
    onRemoved();
  };
  const control = href ? createLink(action, href) : action && createButton(action, () => { dismiss(); onAction(); });
  if (control) notice.append(control);
  const container = document.getElementById("notices");
  const isFocused = Boolean(slot && shownNotices.has(slot) && container?.querySelector(".notice:focus-within"));
  if (slot) shownNotices.get(slot)?.();
  container?.append(notice);
  if (slot) shownNotices.set(slot, dismiss);
  if (isFocused) control?.focus();
  if (!stay) {
    const expire = () => (notice.matches(":hover, :focus-within") ? setTimeout(expire, DISPLAY_MS) : dismiss());
    setTimeout(expire, DISPLAY_MS);
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

function createButton(label, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small";
  button.textContent = label;
  button.addEventListener("click", onClick);
  return button;
}
