// Clicks on links and cells to which a script gives another effect.

/** Whether a click has no modifier key: with one, the browser opens a link in another tab or window, or downloads it. */
export const isPlainClick = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
