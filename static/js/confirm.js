// A button with `data-confirm` shows its question in a dialog before its form is sent. Without script the form is sent
// at once: acts that really cannot be undone have a confirmation page of their own, or need a password.
import { text } from "./texts.js";

const agreed = new WeakSet();

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-confirm]");
  if (!button?.form || agreed.has(button) || !button.form.checkValidity()) return;
  event.preventDefault();
  ask(button.dataset.confirm, button).then((yes) => {
    if (!yes) return;
    agreed.add(button);
    button.form.requestSubmit(button);
    agreed.delete(button);
  });
});

/** Asks the question; true when confirmed. The cancel button has the focus. */
function ask(question, button) {
  const dialog = document.createElement("dialog");
  const heading = document.createElement("h2");
  const actions = document.createElement("form");
  dialog.className = "dialog";
  heading.textContent = question;
  heading.id = "confirm-question";
  dialog.setAttribute("aria-labelledby", heading.id);
  actions.method = "dialog";
  actions.className = "actions";
  actions.append(choice(text("cancel_question"), "no", "button"), choice(button.textContent.trim(), "yes", button.className));
  dialog.append(heading, actions);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
      button.focus();
    });
  });
}

function choice(label, value, className) {
  const button = document.createElement("button");
  button.textContent = label;
  button.value = value;
  button.className = className;
  return button;
}
