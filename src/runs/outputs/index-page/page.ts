import { counted } from '../../../text/printable.js';
import { PAGES } from '../rendering.js';
import type { RunSummary } from '../summary.js';
import { type Html, html, urlOf } from './html.js';

/** An image as a page shows it. */
export interface IndexEntry {
  image: string;
  /** Its drawn picture, below the run's folder; null: there is none. */
  picture: string | null;
  /** In the order of the best score. */
  labels: readonly { label: string; regions: number }[];
  damaged: boolean;
}

/** What all pages say of their run. */
export interface IndexAbout {
  /** Name of the folder of the images. */
  title: string;
  model: string;
  /** `score 0.35, person 0.6` */
  thresholds: string;
}

/** Where a page stands among the others. */
export interface Turning {
  /** From 1. */
  page: number;
  /** Whether there is another one behind it. */
  hasNext: boolean;
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --text2: light-dark(#595959, #a6a6a6); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1400px; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } p { margin: .25rem 0; }
.soft, figcaption p + p, dd { color: var(--text2); }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; }
.counts li { border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .75rem; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; padding: 0; }
figure { margin: 0; border: 1px solid var(--line); border-radius: .5rem; overflow: hidden; }
figure a, figure .none { position: relative; display: grid; place-items: center; aspect-ratio: 4 / 3; background: var(--soft); }
img { position: absolute; width: 100%; height: 100%; object-fit: contain; } figcaption { padding: .5rem .75rem; font-size: .9rem; }
nav { display: flex; gap: 1rem; flex-wrap: wrap; margin: 1.5rem 0; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.5rem; } dd { margin: 0; }`;

/** No script runs in it, whatever a name of an image or label may say. */
const POLICY = "default-src 'none'; img-src 'self' file: http: https:; style-src 'unsafe-inline'";

/** A page of images; the first one also has counts, failures and what the files are. @param root  `../` for pages in a folder */
export function indexPage(
  about: IndexAbout,
  entries: readonly IndexEntry[],
  { turning, before = [], after = [] }: { turning: Turning; before?: readonly Html[]; after?: readonly Html[] },
): string {
  const { page } = turning;
  const root = page === 1 ? '' : '../';
  const { html: text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${about.title}, page ${page}</title>
<style>${{ html: STYLE }}
</style>
</head>
<body>
<header>
<h1>${about.title}</h1>
<p class="soft">Labels from ${about.thresholds} on, by ${about.model}</p>
</header>
<main>
${before}<h2>Images</h2>
${turns(turning)}<div class="images">
${entries.map((entry) => card(entry, root))}</div>
${turns(turning)}${after}</main>
</body>
</html>
`;
  return text;
}

function card({ image, picture, labels, damaged }: IndexEntry, root: string): Html {
  const counts = labels.map(({ label, regions }) => `${label} ${regions}`).join(' · ') || 'nothing found';
  const alt = `${image}: ${counts}`;
  const shown =
    picture === null
      ? html`<span class="none soft">no picture drawn</span>`
      : html`<a href="${root}${urlOf(picture)}"><img src="${root}${urlOf(picture)}" alt="${alt}" loading="lazy"></a>`;
  const remark = damaged ? html`<p>damaged, decoded in part</p>` : '';
  return html`<figure>${shown}<figcaption><p>${image}</p><p>${counts}</p>${remark}</figcaption></figure>
`;
}

/** Name of a page's file, below the run's folder. */
export function indexFile(page: number): string {
  return page === 1 ? 'index.html' : `${PAGES}/${page}.html`;
}

function turns({ page, hasNext }: Turning): Html {
  if (page === 1 && !hasNext) return html``;
  const root = page === 1 ? '' : '../';
  const previous = page > 1 ? html`<a href="${root}${indexFile(page - 1)}" rel="prev">Previous page</a>` : '';
  const next = hasNext ? html`<a href="${root}${indexFile(page + 1)}" rel="next">Next page</a>` : '';
  return html`<nav aria-label="Pages">${previous}<span>Page ${page}</span>${next}</nav>
`;
}

/** Failures that are listed; summary.txt has them all. */
const MOST_FAILURES = 100;

/** Counts of labels and failures, for the first page. */
export function summaryParts({ images, empty, labels, failures, countedFrom }: RunSummary): Html[] {
  const from = countedFrom === undefined ? '' : `, counted from score ${countedFrom} on`;
  const head = html`<p>${counted(images, 'image')}, ${empty} without a label, ${failures.length} failed${from}.</p>
`;
  const rows = labels.map(
    (
      row,
    ) => html`<li>${row.label} <b>${row.regions}</b> <span class="soft">in ${counted(row.images, 'image')}</span></li>
`,
  );
  const counts = html`<h2>Labels</h2>
<ul class="counts">
${rows}</ul>
`;
  const lines = failures.slice(0, MOST_FAILURES).map(
    ({ image, message }) => html`<li>${image}: ${message}</li>
`,
  );
  const failed = html`<h2>Failed</h2>
<ul>
${lines}</ul>
<p class="soft">summary.txt lists all ${failures.length}.</p>
`;
  return [head, ...(labels.length > 0 ? [counts] : []), ...(failures.length > 0 ? [failed] : [])];
}

/** What the files beside the page are. @param files  by name, each with what it is */
export function filesPart(files: readonly (readonly [name: string, what: string])[]): Html {
  const rows = files.map(
    ([name, what]) => html`<dt><a href="${urlOf(name)}">${name}</a></dt><dd>${what}</dd>
`,
  );
  return html`<h2>Files</h2>
<dl>
${rows}</dl>
`;
}
