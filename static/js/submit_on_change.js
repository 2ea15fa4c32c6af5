// A form of filters, or of one choice, acts as soon as a choice is made in it: `data-submit-on-change`. Its button is for pages without
// script; a text is sent with Enter. The choice that was made has the focus again on the page that follows.
const KEY = "chosen";

const chosen = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
sessionStorage.removeItem(KEY);
if (chosen?.path === location.pathname) {
  const field = document.getElementById(chosen.id);
  const fold = field?.closest("details");
  if (fold) fold.open = true;
  field?.focus({ preventScroll: true });
}

for (const button of document.querySelectorAll("[data-submit-on-change] [data-submit-by-hand]")) button.hidden = true;

document.addEventListener("change", ({ target }) => {
  if (!target.matches("select") || !target.form?.matches("[data-submit-on-change]")) return;
  const path = new URL(target.form.action).pathname;
  sessionStorage.setItem(KEY, JSON.stringify({ path, id: target.id }));
  target.form.requestSubmit();
});
