// The rules of the command palette, without the page: the same as in `src/search/near.rs`.

const MIN_LETTERS_FOR_TYPO = 4; // a word of the query this long may have one mistake

/** How well a title fits a query: 1 (beginnings of words), 2 (parts of words), 3 (nearly a beginning); null: not. */
export function rankTitle(title, query) {
  const words = title.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  let worst = 1;
  for (const queryWord of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const rank = rankWord(words, queryWord);
    if (rank === null) return null;
    worst = Math.max(worst, rank);
  }
  return worst;
}

function rankWord(words, queryWord) {
  if (words.some((word) => word.startsWith(queryWord))) return 1;
  if (words.some((word) => word.includes(queryWord))) return 2;
  const letters = [...queryWord];
  if (letters.length < MIN_LETTERS_FOR_TYPO) return null;
  const isNear = (word) => [-1, 0, 1].some((more) => {
    const part = [...word].slice(0, letters.length + more);
    return part.length === letters.length + more && isOneEditApart(part, letters);
  });
  return words.some(isNear) ? 3 : null;
}

function isOneEditApart(one, other) {
  let same = 0;
  while (same < one.length && same < other.length && one[same] === other[same]) same += 1;
  const [a, b] = [one.slice(same), other.slice(same)];
  const rest = (letters, from) => letters.slice(from).join("");
  const isSwapped = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0] && rest(a, 2) === rest(b, 2);
  const isReplaced = a.length > 0 && b.length > 0 && rest(a, 1) === rest(b, 1);
  const isMissing = (a.length > 0 && rest(a, 1) === rest(b, 0)) || (b.length > 0 && rest(a, 0) === rest(b, 1));
  return isSwapped || isReplaced || isMissing;
}

/** The options whose `title` matches a query best, at most `max`; those of one rank keep their order. */
export function bestMatches(options, query, max) {
  if (!query.trim()) return [];
  return options
    .map((option) => ({ option, rank: rankTitle(option.title, query) }))
    .filter(({ rank }) => rank !== null)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, max)
    .map(({ option }) => option);
}

/** The index after moving by `step`, around the ends; -1 if there is no option. */
export function moveSelection(index, step, count) {
  return count === 0 ? -1 : (index + step + count) % count;
}
