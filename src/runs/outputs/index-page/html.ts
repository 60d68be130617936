/** Markup that is written as it stands. */
export interface Html {
  html: string;
}

type Part = Html | string | number | readonly Html[];

/** Markup from a template. Every text in it is escaped: names of files and labels may hold anything. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((string, i) => string + (i < parts.length ? markup(parts[i]!) : '')).join('') };
}

function markup(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map((each) => each.html).join('');
}

/** Control characters have no place in HTML, and marks of direction could turn the rest of a line around. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** A path as a relative URL. */
export function urlOf(path: string): string {
  const parts = path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent);
  return `./${parts.join('/')}`; // a first part with a colon would be taken for a scheme
}
