// A button with `data-confirm` shows its question in a dialog before its form is sent. Without script the form is sent
// at once: acts that really cannot be undone have a confirmation page of their own, or need a password.
import { text } from "./texts.js";

const confirmed = new WeakSet();

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-confirm]");
  if (!button?.form || confirmed.has(button) || !button.form.checkValidity()) return;
  event.preventDefault();
  askToConfirm(button.dataset.confirm, button).then((isConfirmed) => {
    if (!isConfirmed) return;
    confirmed.add(button);
    button.form.requestSubmit(button);
    confirmed.delete(button);
  });
});

/** Asks a question in a dialog, whose cancel button has the focus; true when confirmed. */
function askToConfirm(question, button) {
  const dialog = document.createElement("dialog");
  const heading = document.createElement("h2");
  const actions = document.createElement("form");
  dialog.className = "dialog";
  heading.textContent = question;
  heading.id = "confirm-question";
  dialog.setAttribute("aria-labelledby", heading.id);
  actions.method = "dialog";
  actions.className = "actions";
  actions.append(createButton(text("cancel_question"), "no", "button"), createButton(button.textContent.trim(), "yes", button.className));
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

function createButton(label, value, className) {
  const button = document.createElement("button");
  button.textContent = label;
  button.value = value;
  button.className = className;
  return button;
}
