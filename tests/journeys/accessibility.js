// Run in the open page: what keeps people from using it. It checks the rules of WCAG 2.2, levels A and AA, that can be
// decided from the page's elements and computed styles; the argument is the function that takes the list of faults.
const faults = [];
const fault = (rule, element) => faults.push(`${rule}: ${element.outerHTML.replace(/\s+/g, ' ').slice(0, 120)}`);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Whether it is rendered, for anybody's eyes. */
function isVisible(element) {
  return element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0;
}
const isHiddenFromReaders = (element) => element.closest('[aria-hidden=true]') !== null || !element.checkVisibility();

/** The text that a screen reader reads in an element. */
function readText(element) {
  const label = element.getAttribute('aria-label');
  if (label !== null) return label;
  let text = element.localName === 'img' ? element.alt : '';
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) text += child.data;
    else if (child.nodeType === Node.ELEMENT_NODE && child.ariaHidden !== 'true') text += readText(child);
  }
  return text;
}

const referenced = (element, name) => (element.getAttribute(name) ?? '').split(/\s+/).filter((id) => id !== '');

const titleOf = (element) => (element.getAttribute('title') ?? '').trim();

/** The name of a control, a landmark or a group. */
function nameOf(element) {
  const by = referenced(element, 'aria-labelledby').map((id) => document.getElementById(id));
  if (by.length > 0) return by.map((label) => (label ? readText(label) : '')).join(' ').trim();
  const label = element.getAttribute('aria-label')?.trim();
  if (label) return label;
  const labels = [...(element.labels ?? [])].map(readText).join(' ').trim();
  if (labels !== '') return labels;
  if (element.localName === 'fieldset') return readText(element.querySelector('legend') ?? document.createElement('i')).trim();
  if (element.localName === 'dialog' || element.matches('input, select, textarea, nav, aside, section, form, table, progress'))
    return titleOf(element);
  return readText(element).trim() || titleOf(element);
}

/* Identifiers, and what refers to them. */
const counted = Map.groupBy(all('[id]'), (element) => element.id);
for (const elements of counted.values()) if (elements.length > 1) fault('an id that is there twice', elements[1]);
for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for', 'form', 'list', 'popovertarget'])
  for (const element of all(`[${name}]`))
    for (const id of referenced(element, name)) if (!counted.has(id)) fault(`${name} of nothing`, element);
for (const link of all('a[href^="#"]:not([href="#"])'))
  if (!counted.has(decodeURIComponent(link.hash.slice(1)))) fault('a link to a place that is not there', link);

/* Names. */
const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary, progress, [role=checkbox], [role=img], dialog, fieldset';
for (const control of all(controls)) {
  if (isHiddenFromReaders(control)) continue;
  const name = nameOf(control);
  if (name === '') fault('a control without a name', control);
  // Who speaks to a device says the words that can be seen.
  const seen = control.matches('a, button, summary') && control.hasAttribute('aria-label') && isVisible(control) ? control.innerText : '';
  const hidden = all('[aria-hidden=true], .visually-hidden', control).map((element) => element.innerText);
  const words = hidden.reduce((text, part) => text.replace(part, ''), seen).trim().toLowerCase();
  if (words !== '' && !name.toLowerCase().includes(words)) fault('a name without the words that can be seen', control);
}
for (const image of all('img:not([alt])')) fault('a picture without a text', image);
for (const svg of all('svg:not(svg svg)')) if (!isHiddenFromReaders(svg) && nameOf(svg) === '' && !svg.querySelector('title')) fault('a drawing without a text', svg);
for (const cell of all('table')) if (cell.querySelector('th') === null) fault('a table without headings', cell);
for (const element of all('[tabindex]')) if (element.tabIndex > 0) fault('an order of its own', element);
for (const element of all('[aria-hidden=true]'))
  for (const inner of [element, ...all('a[href], button, input, select, textarea, summary', element)])
    if (inner.tabIndex >= 0 && inner.checkVisibility() && !inner.disabled) fault('focus where nothing is read', inner);
for (const list of all('ul, ol')) for (const child of list.children) if (!['LI', 'SCRIPT', 'TEMPLATE'].includes(child.tagName)) fault('a list of other things', child);
for (const item of all('li')) if (!item.parentElement.matches('ul, ol, menu, [role=list]')) fault('an entry without a list', item);

/* Language, title, landmarks, headings. */
if (!document.documentElement.lang) fault('no language', document.body);
if (document.title.trim() === '') fault('no title', document.head);
if (all('main').length !== 1) fault('not one main part', document.body);
const landmarks = [['nav', 'nav'], ['aside', 'aside'], ['search', '[role=search], search'], ['form', 'form[aria-label], form[aria-labelledby]'], ['region', 'section[aria-label], section[aria-labelledby]']];
for (const [kind, selector] of landmarks) {
  const found = all(selector).filter((element) => !isHiddenFromReaders(element) && (kind !== 'form' || element.role !== 'search'));
  for (const [name, same] of Map.groupBy(found, nameOf)) {
    if (same.length > 1) fault(`two landmarks (${kind}) named “${name}”`, same[1]);
    if (name === '' && ['aside', 'region', 'form'].includes(kind)) fault('a landmark without a name', same[0]);
  }
}
const headings = all('h1, h2, h3, h4, h5, h6').filter((element) => !isHiddenFromReaders(element));
if (headings.filter((heading) => heading.localName === 'h1').length !== 1) fault('not one main heading', headings[0] ?? document.body);
let level = 0;
for (const heading of headings) {
  const next = Number(heading.localName[1]);
  if (next > level + 1) fault(`a heading of level ${next} after one of ${level}`, heading);
  if (readText(heading).trim() === '') fault('an empty heading', heading);
  level = next;
}

/* Targets of at least 24 by 24 pixels, or with as much room around them; links within a sentence are excepted. */
function inSentence(element) {
  if (getComputedStyle(element).display !== 'inline') return false;
  let block = element.parentElement;
  while (getComputedStyle(block).display === 'inline') block = block.parentElement;
  return block.innerText.trim().length > element.innerText.trim().length + 1;
}
const targets = all('a[href], button, input:not([type=hidden]), select, textarea, summary')
  .filter((element) => isVisible(element) && !element.matches('.visually-hidden, .skip') && !inSentence(element))
  .map((element) => ({ element, box: element.getBoundingClientRect() }))
  .map(({ element, box }) => ({ element, box, x: box.x + box.width / 2, y: box.y + box.height / 2, isSmall: Math.min(box.width, box.height) < 23.9 }));
for (const one of targets.filter((target) => target.isSmall)) {
  // Somebody presses the label as well.
  if ([...(one.element.labels ?? [])].some((label) => label.getBoundingClientRect().height >= 23.9)) continue;
  const isNear = (other) => {
    if (other === one || other.element.contains(one.element) || one.element.contains(other.element)) return false;
    const distance = other.isSmall
      ? Math.hypot(other.x - one.x, other.y - one.y) - 12
      : Math.hypot(Math.max(other.box.left - one.x, one.x - other.box.right, 0), Math.max(other.box.top - one.y, one.y - other.box.bottom, 0));
    return distance < 11.9;
  };
  if (targets.some(isNear)) fault(`a target of ${Math.round(one.box.width)} by ${Math.round(one.box.height)}`, one.element);
}

/* Contrast of text: 4.5 to 1, and 3 to 1 for large text. */
const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
const colours = new Map();
function readColour(text) {
  if (!colours.has(text)) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    colours.set(text, [r, g, b, a / 255]);
  }
  return colours.get(text);
}
const over = ([r, g, b, a], under) => [...[r, g, b].map((part, at) => part * a + under[at] * (1 - a)), 1];
const brightness = (colour) =>
  colour.slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
/** The colour behind an element; none where a picture or a gradient is. */
function background(element) {
  const layers = [];
  for (let at = element; at !== null; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.backgroundImage !== 'none') return null;
    const colour = readColour(style.backgroundColor);
    layers.push(colour);
    if (colour[3] === 1) break;
  }
  return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
}
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seenPairs = new Set();
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (texts.currentNode.data.trim() === '' || !isVisible(element) || element.closest('template, option, svg, .visually-hidden') !== null) continue;
  if (element.closest(':disabled, [aria-disabled=true]') !== null) continue;
  const style = getComputedStyle(element), size = parseFloat(style.fontSize);
  if (size === 0) continue;
  const behind = background(element);
  if (behind === null) continue;
  let opacity = 1;
  for (let at = element; at !== null; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
  const colour = readColour(style.color), front = over([...colour.slice(0, 3), colour[3] * opacity], behind);
  const pair = [brightness(front), brightness(behind)].sort((one, other) => other - one);
  const ratio = (pair[0] + 0.05) / (pair[1] + 0.05), isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const key = `${style.color} ${behind} ${opacity} ${isLarge}`;
  if (ratio < (isLarge ? 3 : 4.5) - 0.01 && !seenPairs.has(key)) {
    seenPairs.add(key);
    fault(`contrast of ${ratio.toFixed(2)}`, element);
  }
}
arguments[0](faults);
