// Menus are `<details>`: they open and close by themselves. This closes them on Escape and on a press elsewhere, and
// gives the focus back to what opened them.

// While a dialog asks something, Escape is its own.
const open = () => !document.querySelector("dialog:modal") && document.querySelector("details.menu[open]");

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && !event.defaultPrevented && open();
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.preventDefault();
});

document.addEventListener("pointerdown", (event) => {
  const menu = open();
  if (menu && !menu.contains(event.target)) menu.open = false;
});
