// Sections of the checklist fold and open, and stay as whoever did so left them, launch by launch. While a filter or a
// search chooses the items, they are as the server sent them: what was found is shown, up to what a browser takes well.
const { launch } = document.body.dataset;
const sections = [...document.querySelectorAll("details.section[data-section]")];
const key = `sections:${launch}`;

if (launch && sections.length > 0 && !/[?&](show|q)=/.test(location.search)) {
  // Only what differs from how the server sends them: number → open.
  const chosen = JSON.parse(localStorage.getItem(key) ?? "{}");
  for (const section of sections) {
    const { section: number } = section.dataset;
    const sent = section.open;
    // What the address names is always shown.
    const named = () => location.hash && section.querySelector(location.hash.replace(/[^#\w-]/g, ""));
    if (number in chosen && (chosen[number] || !named())) section.open = chosen[number];
    section.addEventListener("toggle", () => {
      if (section.open === sent) delete chosen[number];
      else chosen[number] = section.open;
      if (Object.keys(chosen).length > 0) localStorage.setItem(key, JSON.stringify(chosen));
      else localStorage.removeItem(key);
    });
  }
}
