// Which files a form cannot take, before they are sent.

/** The files that are larger than the limit in bytes. */
export const findTooLarge = (files, limit) => [...files].filter((file) => file.size > limit);

/** Whether sending the same file again can succeed, by the status of the answer; 0 when there was no answer. */
export const canRetry = (status) => [0, 401, 408, 409, 425, 429].includes(status) || status >= 500;
