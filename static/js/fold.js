// Sections of the checklist can be folded, and their state is remembered for each launch. With a filter or a search
// they are as the server sent them: results are unfolded, up to the number that a browser lays out quickly.
const { launch } = document.body.dataset;
const sections = [...document.querySelectorAll("details.section[data-section]")];
const key = `sections:${launch}`;

if (launch && sections.length > 0 && !/[?&](show|q)=/.test(location.search)) {
  // Only what differs from the page as sent by the server: number → open.
  const changed = JSON.parse(localStorage.getItem(key) ?? "{}");
  for (const section of sections) {
    const { section: number } = section.dataset;
    const wasOpen = section.open;
    // The target of the address's fragment is always unfolded.
    const isTargeted = () => location.hash && section.querySelector(location.hash.replace(/[^#\w-]/g, ""));
    if (number in changed && (changed[number] || !isTargeted())) section.open = changed[number];
    section.addEventListener("toggle", () => {
      if (section.open === wasOpen) delete changed[number];
      else changed[number] = section.open;
      if (Object.keys(changed).length > 0) localStorage.setItem(key, JSON.stringify(changed));
      else localStorage.removeItem(key);
    });
  }
}
