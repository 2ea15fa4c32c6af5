// The one listener for submitted forms: the first handler that matches a form takes it, and no other handler sees it.
// `app.js` lists the handlers in their order. A form that no handler takes is sent by the browser.

/** The handler that takes a form. `submitter` is the pressed button; null when there was none. */
export function findHandler(handlers, form, submitter) {
  return handlers.find((handler) => handler.matches(form, submitter));
}

let handlers = [];

/** Adds the handler of a script that is loaded later, before the last one, which takes what leaves the page. */
export const addHandler = (handler) => handlers.splice(-1, 0, handler);

/**
 * Gives every submitted form of the page to its handler: `{ matches(form, submitter), handle(event) }`. It listens in the
 * capture phase, since the event of a form within another form, such as that of an item open in the list, does not bubble
 * out of the outer form.
 */
export function dispatchSubmits(inOrder) {
  handlers = [...inOrder];
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) findHandler(handlers, event.target, event.submitter)?.handle(event);
  }, true);
}
