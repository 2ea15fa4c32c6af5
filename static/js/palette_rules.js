// The rules of the command palette, without the page: the same as in `src/search/near.rs`.

const FORGIVEN_FROM = 4; // letters of a word in which one mistake is forgiven

/** How well a title fits a query: 1 (beginnings of words), 2 (parts of words), 3 (nearly a beginning); null: not. */
export function rankTitle(title, query) {
  const words = title.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  let worst = 1;
  for (const wanted of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const rank = rankWord(words, wanted);
    if (rank === null) return null;
    worst = Math.max(worst, rank);
  }
  return worst;
}

function rankWord(words, wanted) {
  if (words.some((word) => word.startsWith(wanted))) return 1;
  if (words.some((word) => word.includes(wanted))) return 2;
  const letters = [...wanted];
  if (letters.length < FORGIVEN_FROM) return null;
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
  const swapped = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0] && rest(a, 2) === rest(b, 2);
  const wrong = a.length > 0 && b.length > 0 && rest(a, 1) === rest(b, 1);
  const missing = (a.length > 0 && rest(a, 1) === rest(b, 0)) || (b.length > 0 && rest(a, 0) === rest(b, 1));
  return swapped || wrong || missing;
}

/** The best of these things for a query, at most so many, each by its `title`; those of one rank keep their order. */
export function bestOf(things, query, most) {
  if (!query.trim()) return [];
  return things
    .map((thing) => ({ thing, rank: rankTitle(thing.title, query) }))
    .filter(({ rank }) => rank !== null)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, most)
    .map(({ thing }) => thing);
}

/** The place after moving by one, around the end; -1 while there is nothing. */
export function moveSelection(at, by, count) {
  return count === 0 ? -1 : (at + by + count) % count;
}
