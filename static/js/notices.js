// Notices that appear while one reads, read out politely: someone else's tick, a lost connection, something put back.
// They stand above the page and never move it.

const LONG_ENOUGH = 8_000; // milliseconds; longer while the pointer or the focus is on it

/**
 * Shows a notice and returns a function that takes it away. `text` is a text, or a list of texts and elements.
 * `kind` is "", "bad" or "lost"; `stay` keeps it until taken away; `action` is a button's word and `onAction` what it does;
 * with `href` it is a link, which opens beside the page, and the notice stays as long as it holds.
 */
export function notify(text, { kind = "", stay = false, action = "", onAction = () => {}, href = "" } = {}) {
  const notice = document.createElement("div");
  const words = document.createElement("span");
  notice.className = `notice ${kind}`.trim();
  words.append(...[text].flat());
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
