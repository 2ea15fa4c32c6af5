// Shows the buttons that print the page; without script there is the browser's own.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});

/** Shows the buttons again that a newer copy of the page has hidden. */
export const showPrintButtons = () => document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
showPrintButtons();
