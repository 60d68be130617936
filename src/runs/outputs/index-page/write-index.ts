import { basename } from 'node:path';
import type { OwnedFiles } from '../../../files/owned-files.js';
import type { FormatName } from '../../../formats/format.js';
import { FORMATS } from '../../../formats/formats.js';
import type { DetectionResult } from '../../../types/detections.js';
import { RECORD_FILE } from '../../../types/record-file.js';
import type { RunHeader } from '../../record/run-header.js';
import { pictureNames } from '../picture-names.js';
import { PICTURES } from '../rendering.js';
import { countedFrom, type RunSummary } from '../summary.js';
import { html } from './html.js';
import { filesPart, type IndexAbout, type IndexEntry, indexFile, indexPage, summaryParts } from './page.js';

/** Images of a page, and pages of a run: the page says so where there are more images. */
const PAGE_IMAGES = 100;
const MOST_PAGES = 100;

/** Files that a run of so many images may need, below its folder. */
export function indexFiles(images: number): string[] {
  return Array.from({ length: pagesFor(images) }, (_, i) => indexFile(i + 1));
}

function pagesFor(images: number): number {
  return Math.max(1, Math.ceil(Math.min(images / PAGE_IMAGES, MOST_PAGES)));
}

export interface IndexedRun {
  header: RunHeader;
  /** Names of all images of the run, in their order, which the names of pictures depend on. */
  images: readonly string[];
}

/**
 * Pages that show a run without a server and without scripts: `index.html` with counts and the first 100 images, `pages/2.html`
 * with the next hundred, and so on up to 10,000 images. The same results give the same bytes.
 */
export class IndexPages {
  readonly #files: OwnedFiles;
  readonly #about: IndexAbout;
  readonly #pictures: ReadonlyMap<string, string>;
  readonly #lowest: number;
  #first: IndexEntry[] = [];
  #entries: IndexEntry[] = [];
  #page = 1;
  #images = 0;

  /** @param files  of the run's folder */
  constructor(files: OwnedFiles, { header, images }: IndexedRun) {
    this.#files = files;
    this.#about = aboutOf(header);
    this.#pictures = pictureNames(header.rendering.pictures ? images : []);
    this.#lowest = countedFrom(header.thresholds) ?? 0;
  }

  /** Takes the next result of the run. */
  async add(result: DetectionResult & { image: string }): Promise<void> {
    this.#images++;
    if (this.#images > PAGE_IMAGES * MOST_PAGES) return;
    if (this.#entries.length === PAGE_IMAGES) await this.#turn(true);
    this.#entries.push(this.#entryOf(result));
  }

  /** Writes what is left, and the first page; removes pages of an earlier run that are not needed any more. */
  async finish(summary: RunSummary, formats: readonly FormatName[]): Promise<void> {
    if (this.#page > 1) await this.#turn(false);
    else this.#first = this.#entries;
    const last = pagesFor(this.#images);
    const more = this.#images > PAGE_IMAGES * MOST_PAGES ? [this.#bound()] : [];
    const parts = {
      turning: { page: 1, hasNext: last > 1 },
      before: [...summaryParts(summary), ...more],
      after: [filesPart(filesOf(formats))],
    };
    await this.#files.write(indexFile(1), [indexPage(this.#about, this.#first, parts)]);
    for (const path of this.#files.paths()) {
      const page = Number(/^pages\/(\d+)\.html$/.exec(path)?.[1] ?? 0);
      if (page > last) await this.#files.remove(path);
    }
  }

  async #turn(hasNext: boolean): Promise<void> {
    const entries = this.#entries;
    const page = this.#page++;
    this.#entries = [];
    if (page === 1) this.#first = entries;
    else {
      const text = indexPage(this.#about, entries, { turning: { page, hasNext } });
      await this.#files.write(indexFile(page), [text], { again: true });
    }
  }

  #entryOf({ image, detections, damage }: DetectionResult & { image: string }): IndexEntry {
    const counts = new Map<string, number>();
    for (const { labels } of detections) {
      for (const { label, score } of labels) {
        if (score >= this.#lowest) counts.set(label, (counts.get(label) ?? 0) + 1);
      }
    }
    const name = this.#pictures.get(image);
    const picture = name !== undefined && this.#files.has(`${PICTURES}/${name}`) ? `${PICTURES}/${name}` : null;
    const labels = [...counts].map(([label, regions]) => ({ label, regions }));
    return { image, picture, labels, damaged: damage !== undefined };
  }

  #bound() {
    const most = (PAGE_IMAGES * MOST_PAGES).toLocaleString('en');
    return html`<p>The first ${most} of ${this.#images.toLocaleString('en')} images are shown here; <code>sigbox review</code> shows all.</p>
`;
  }
}

function aboutOf({ model, spec, thresholds, inputs }: RunHeader): IndexAbout {
  const { scoreThreshold, labelThresholds } = thresholds;
  const own = Object.entries(labelThresholds).map(([label, score]) => `${label} ${score}`);
  return {
    title: basename(inputs.root) || 'Images',
    model: model.name ?? spec.name ?? basename(model.file),
    thresholds: [`score ${scoreThreshold}`, ...own].join(', '),
  };
}

function filesOf(formats: readonly FormatName[]) {
  const exports = formats.flatMap((format) => {
    const { folder, files } = FORMATS[format];
    const names = folder === undefined ? files : [folder];
    return names.map((name) => [name, WHAT[format] ?? 'the results in this format'] as const);
  });
  return [
    ...exports,
    ['summary.txt', 'counts and failures, as text'],
    ['run.json', 'model, options and versions'],
    [
      RECORD_FILE,
      'the record, not the results: every label down to a low score, for other thresholds without the model',
    ],
  ] as const;
}

const WHAT: Partial<Record<FormatName, string>> = {
  csv: 'the results as a table: a row for each label of each box',
  coco: 'the results as a COCO dataset',
  'coco-results': 'the results as COCO’s evaluation reads them',
};
