// Notices that appear on an open page, read out politely by screen readers: somebody else's tick, a lost connection, a
// reverted change. They are placed above the page and never move it.

const LONG_ENOUGH = 8_000; // milliseconds; longer while the pointer or the focus is on it

/**
 * Shows a notice and returns a function that removes it. `content` is a text, or a list of texts and elements. `kind` is
 * "", "bad" or "lost"; `stay` shows it until it is removed; `action` is a button's label and `onAction` its handler;
 * with `href` it is a link, which opens in another tab, and the notice stays.
 */
export function notify(content, { kind = "", stay = false, action = "", onAction = () => {}, href = "" } = {}) {
  const notice = document.createElement("div");
  const words = document.createElement("span");
  notice.className = `notice ${kind}`.trim();
  words.append(...[content].flat());
  notice.append(words);
  const dismiss = () => notice.remove();
  if (href) {
    const link = document.createElement("a");
    link.className = "button quiet small";
    link.href = href;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = action;
    notice.append(link);
  } else if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet small";
    button.textContent = action;
    button.addEventListener("click", () => { onAction(); dismiss(); });
    notice.append(button);
  }
  document.getElementById("notices")?.append(notice);
  if (!stay) {
    const leave = () => (notice.matches(":hover, :focus-within") ? setTimeout(leave, LONG_ENOUGH) : dismiss());
    setTimeout(leave, LONG_ENOUGH);
  }
  return dismiss;
}
