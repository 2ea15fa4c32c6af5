// A form that posts is sent once, however often its button is pressed. The button is disabled only after the browser
// has read the form, so that its name and value are sent; a page that returns from the history can be used again.

const busy = new Set();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (busy.has(form)) return event.preventDefault();
  busy.add(form);
  setTimeout(() => {
    event.submitter?.setAttribute("aria-busy", "true");
    event.submitter?.setAttribute("aria-disabled", "true");
  });
});

addEventListener("pageshow", () => {
  for (const form of busy) {
    for (const button of form.querySelectorAll("[aria-busy]")) {
      button.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
    }
  }
  busy.clear();
});
