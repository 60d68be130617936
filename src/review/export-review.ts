import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { complain, SigboxError } from '../errors.js';
import { writeWhole } from '../files/write-whole.js';
import { openReviewData, type ReviewData, type ReviewOptions } from './record/review-data.js';
import { PAGE_FILES, pageFile, routesOf } from './server/routes.js';

export interface ExportReviewOptions extends Omit<ReviewOptions, 'readOnly'> {
  /** Folder for the page; made if missing. */
  out: string;
  /** Told of every image that is written, or can't be shown. */
  onImage?: (outcome: { row: number; error: SigboxError | null }) => void;
  signal?: AbortSignal;
}

/** What makes the page load its data from files; it stands before the page's own script. */
const STATIC_FILE = 'static.js';
const STATIC = 'globalThis.sigboxStatic = { files: new Map() };\n';
/** Images that are written at the same time. */
const AT_ONCE = 2;

/**
 * Writes the review page with all its data into a folder, for any web server or none: index.html can be opened as it is.
 * Nothing can be saved from it; knobs act as they do in the served page.
 *
 * @param version  of sigbox
 * @returns images that can't be shown
 * @throws SigboxError E_ARGUMENT  the folder has an index.html that is no such page. E_IO  no run, one that can't be read,
 *   or a folder that can't be written to
 */
export async function exportReview(version: string, options: ExportReviewOptions): Promise<{ failed: number }> {
  const { out, onImage = () => {}, signal } = options;
  await requireOwn(out);
  await using data = await openReviewData(version, { ...options, readOnly: true });
  data.info.static = true;
  await writePage(out);
  const serve = routesOf(data);
  const never = new AbortController().signal;
  const read = async (path: string): Promise<Uint8Array> => {
    const { body } = (await serve(path, signal ?? never))!;
    return typeof body === 'string' ? Buffer.from(body) : body;
  };
  for (const path of dataPaths(data)) {
    signal?.throwIfAborted();
    const bytes = Buffer.from(await read(path));
    await writeScript(out, path, bytes.toString(path.endsWith('.bin') ? 'base64' : 'utf8'));
  }
  let failed = 0;
  await inParallel(imagesOf(data), async ({ run, row }) => {
    signal?.throwIfAborted();
    try {
      for (const path of [`thumbnails/${run}/${row}.jpg`, `pictures/${run}/${row}.jpg`]) {
        await writeWhole(join(out, path), await read(path));
      }
      onImage({ row, error: null });
    } catch (error) {
      if (!(error instanceof SigboxError) && !isMissing(error)) throw error;
      failed++;
      onImage({ row, error: error instanceof SigboxError ? error : new SigboxError('E_IO', 'no such file') });
    }
  });
  return { failed };
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

async function requireOwn(out: string): Promise<void> {
  const names = await readdir(out).catch((): string[] => []);
  if (names.length === 0 || names.includes(STATIC_FILE)) return;
  const mend = 'Use another folder.';
  const expected = 'an empty folder, or one with an exported page';
  throw complain('E_ARGUMENT', { where: out, expected, received: `a folder with ${names[0]}`, mend });
}

async function writePage(out: string): Promise<void> {
  for (const name of Object.keys(PAGE_FILES)) {
    const bytes = Buffer.from(await pageFile(name));
    if (name === 'worker.js') await writeScript(out, name, bytes.toString());
    else if (name !== 'index.html') await writeWhole(join(out, name), bytes);
    else {
      const page = bytes.toString().replace('<script src="page.js"', `<script src="${STATIC_FILE}"></script>\n    $&`);
      await writeWhole(join(out, name), Buffer.from(page));
    }
  }
  await writeWhole(join(out, STATIC_FILE), Buffer.from(STATIC));
}

/** A file that hands over a text when it is loaded as a script. */
async function writeScript(out: string, path: string, text: string): Promise<void> {
  const script = `sigboxStatic.files.set(${JSON.stringify(path)}, ${JSON.stringify(text)});\n`;
  await writeWhole(join(out, `${path}.js`), Buffer.from(script));
}

function* dataPaths({ info, runs }: ReviewData): Generator<string> {
  yield 'data/page.json';
  if (runs.length > 1) yield 'data/pairs.bin';
  for (const [run, { blocks }] of runs.entries()) {
    yield `data/${run}/corrections.json`;
    if (info.groundTruth !== null) yield `data/${run}/ground-truth.bin`;
    for (let block = 0; block < blocks; block++)
      yield* [`data/${run}/names/${block}.json`, `data/${run}/regions/${block}.bin`];
    for (let block = 0; info.runs[run]!.candidates && block < blocks; block++)
      yield `data/${run}/candidates/${block}.bin`;
  }
}

/** Those that did not fail. Of two runs that are compared, the first one's are shown. */
function* imagesOf({ info }: ReviewData): Generator<{ run: number; row: number }> {
  const { images, failed } = info.runs[0]!;
  for (let row = 0; row < images - failed; row++) yield { run: 0, row };
}

async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
