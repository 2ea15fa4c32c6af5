// What is stored of typed text, and what is restored. `storage` is the tab's session storage; `fields` are the text
// fields of a form, in their order, with `name`, `value` and `defaultValue`.

const PREFIX = "draft:";

/** The key of a form's draft: its page, its address and its first field identify it. */
export const draftKey = (path, action, field) => `${PREFIX}${path} ${action} ${field}`;

const keysOf = (storage) => Object.keys(storage).filter((key) => key.startsWith(PREFIX));
const readDraft = (storage, key) => JSON.parse(storage.getItem(key));

export const hasDrafts = (storage) => keysOf(storage).length > 0;

export const deleteDrafts = (storage) => keysOf(storage).forEach((key) => storage.removeItem(key));

/** Stores the text of a form, or deletes its draft when nothing differs from the page as it came. */
export function saveDraft(storage, key, fields) {
  const changed = fields.some((field) => field.value !== field.defaultValue);
  const values = fields.map((field) => [field.name, field.value]);
  if (changed) storage.setItem(key, JSON.stringify({ values, sent: false }));
  else storage.removeItem(key);
}

/** Notes that the form of a draft was sent. */
export function markSent(storage, key) {
  const draft = readDraft(storage, key);
  if (draft) storage.setItem(key, JSON.stringify({ ...draft, sent: true }));
}

/** Settles the drafts of sent forms: those of accepted forms are deleted, the others count as typed again. */
export function settleDrafts(storage, accepted) {
  for (const key of keysOf(storage)) {
    const draft = readDraft(storage, key);
    if (!draft.sent) continue;
    if (accepted) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify({ ...draft, sent: false }));
  }
}

/** What to restore of a draft: pairs of field and text, for the fields that still have the value they came with. */
export function textsToRestore(storage, key, fields) {
  const values = readDraft(storage, key)?.values ?? [];
  return fields.flatMap((field, index) => {
    const [name, text] = values[index] ?? [];
    const restorable = name === field.name && text !== field.value && field.value === field.defaultValue;
    return restorable ? [[field, text]] : [];
  });
}
