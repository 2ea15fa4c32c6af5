// Which files a form cannot take, before they are sent.
import { formatSize } from "./sizes.js";

/** The files that are larger than the limit in bytes. */
export const findTooLarge = (files, limit) => [...files].filter((file) => file.size > limit);

/** Says which files are too large; empty when none is. */
export function describeTooLarge(files, limit) {
  const names = findTooLarge(files, limit).map((file) => `“${file.name}”`);
  if (names.length === 0) return "";
  const [are, them] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  return `${names.join(", ")} ${are} larger than ${formatSize(limit)}. Remove ${them}: until then nothing of this form is sent.`;
}

/** Whether sending the same file again can succeed, by the status of the answer; 0 when there was no answer. */
export const canRetry = (status) => [0, 401, 408, 409, 425, 429].includes(status) || status >= 500;
