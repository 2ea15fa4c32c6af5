// Sections of the checklist fold, and stay folded for whoever folded them, launch by launch. While a filter or a search
// chooses the items, all that was found is shown.
const { launch } = document.body.dataset;
const sections = [...document.querySelectorAll("details.section[data-section]")];
const key = `folded:${launch}`;

if (launch && sections.length > 0 && !/[?&](show|q)=/.test(location.search)) {
  const folded = new Set(JSON.parse(localStorage.getItem(key) ?? "[]"));
  for (const section of sections) {
    const { section: number } = section.dataset;
    // What the address names is always shown.
    if (folded.has(number) && !(location.hash && section.querySelector(location.hash.replace(/[^#\w-]/g, "")))) section.open = false;
    section.addEventListener("toggle", () => {
      if (section.open) folded.delete(number);
      else folded.add(number);
      if (folded.size > 0) localStorage.setItem(key, JSON.stringify([...folded]));
      else localStorage.removeItem(key);
    });
  }
}
