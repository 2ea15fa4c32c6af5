// Menus are `<details>`, which open and close without script. This closes them on Escape and on a press elsewhere, and
// returns the focus to their summary; and after a link in them to a place of the same page.

// While a dialog is open, Escape belongs to it.
const openMenu = () => !document.querySelector("dialog:modal") && document.querySelector("details.menu[open]");

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && !event.defaultPrevented && openMenu();
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const menu = event.target.closest?.('.menu-panel a[href^="#"]') && openMenu();
  if (menu) menu.open = false;
});

document.addEventListener("pointerdown", (event) => {
  const menu = openMenu();
  if (menu && !menu.contains(event.target)) menu.open = false;
});
