import { readFile } from 'node:fs/promises';
import { packageFile } from '../../files/package-files.js';
import type { ReviewData } from '../record/review-data.js';

/** What is served under a path. */
export interface Served {
  type: string;
  body: Uint8Array | string;
  /** Whether a browser may keep it for a while. */
  keep?: boolean;
}

type Route = [pattern: RegExp, answer: (numbers: number[], signal: AbortSignal) => Promise<Served> | Served];

const JSON_TYPE = 'application/json; charset=utf-8';
const BYTES = 'application/octet-stream';

/** Files of the page, as the build puts them beside this module's folder. */
export const PAGE_FILES: Record<string, string> = {
  'index.html': 'text/html; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'worker.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

export async function pageFile(name: string): Promise<Uint8Array> {
  return readFile(packageFile(`dist/review/page/${name}`));
}

/** Answers for paths below the page's own; null: there is nothing. Images are numbers: no path of a file is ever taken. */
export function routesOf(data: ReviewData): (path: string, signal: AbortSignal) => Promise<Served | null> {
  const json = (content: unknown): Served => ({ type: JSON_TYPE, body: JSON.stringify(content) });
  const bytes = (body: Uint8Array): Served => ({ type: BYTES, body });
  const picture = (body: Uint8Array): Served => ({ type: 'image/jpeg', body, keep: true });
  const routes: Route[] = [
    [/^data\/page\.json$/, () => json(data.info)],
    [/^data\/pairs\.bin$/, () => bytes(data.pairs())],
    [/^data\/(\d+)\/corrections\.json$/, ([run]) => json(data.run(run!).corrections())],
    [/^data\/(\d+)\/ground-truth\.bin$/, ([run]) => bytes(data.groundTruth(run!))],
    [/^data\/(\d+)\/names\/(\d+)\.json$/, async ([run, block]) => json(await data.run(run!).namesOf(block!))],
    [/^data\/(\d+)\/regions\/(\d+)\.bin$/, async ([run, block]) => bytes(await data.run(run!).regions(block!))],
    [/^data\/(\d+)\/candidates\/(\d+)\.bin$/, async ([run, block]) => bytes(await data.run(run!).candidates(block!))],
    [
      /^thumbnails\/(\d+)\/(\d+)\.jpg$/,
      async ([run, row], signal) => picture(await data.previews.thumbnail(await data.run(run!).path(row!), signal)),
    ],
    [
      /^pictures\/(\d+)\/(\d+)\.jpg$/,
      async ([run, row], signal) => picture(await data.previews.picture(await data.run(run!).path(row!), signal)),
    ],
  ];
  return async (path, signal) => {
    const name = path === '' ? 'index.html' : path;
    if (Object.hasOwn(PAGE_FILES, name)) return { type: PAGE_FILES[name]!, body: await pageFile(name) };
    for (const [pattern, answer] of routes) {
      const found = pattern.exec(path);
      if (found !== null) return answer(found.slice(1).map(Number), signal);
    }
    return null;
  };
}
