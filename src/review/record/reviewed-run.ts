import { basename, relative, resolve, sep } from 'node:path';
import { complain, SigboxError } from '../../errors.js';
import { candidateModel } from '../../postprocess/candidate-model.js';
import type { PostprocessOptions } from '../../postprocess/options/postprocess-options.js';
import { labelColour } from '../../render/label-colour.js';
import { appendCorrection, readCorrections } from '../../runs/record/corrections.js';
import { BLOCK_ROWS, FAILED, regionsBlock } from '../protocol/blocks.js';
import { packColumns } from '../protocol/columns.js';
import type { Corrections, ImageCorrection, NamesBlock, RunInfo } from '../protocol/info.js';
import { CandidatesIndex } from './candidates-index.js';
import { type ReviewedImage, RunIndex } from './run-index.js';

export interface RunReading {
  /** Folder of the images; undefined: where the run found them. */
  images: string | undefined;
  anonymous: boolean;
  /** Whether the names of all images are wanted. */
  names: boolean;
}

/** A run as the page asks for it: by the numbers of images and blocks. */
export class ReviewedRun implements AsyncDisposable {
  readonly info: RunInfo;
  /** [images]; empty unless they were wanted. */
  readonly names: string[];
  readonly #index: RunIndex;
  readonly #candidates: CandidatesIndex | null;
  readonly #root: string;
  readonly #corrections: Map<number, ImageCorrection>;
  readonly #anonymous: boolean;
  readonly #classOf: ReadonlyMap<string, number>;

  private constructor(index: RunIndex, reading: RunReading, found: Pick<ReviewedRun, 'names'> & Found) {
    this.#index = index;
    this.#candidates = found.candidates;
    this.#root = resolve(reading.images ?? index.header.inputs.root);
    this.#anonymous = reading.anonymous;
    this.#corrections = found.corrections;
    this.#classOf = new Map(index.labels.flatMap((label, classId) => (label === null ? [] : [[label, classId]])));
    this.names = found.names;
    this.info = infoOf(index, reading.anonymous);
  }

  /** @throws SigboxError E_IO  there is none, or it can't be read */
  static async open(folder: string, reading: RunReading): Promise<ReviewedRun> {
    const written = await readCorrections(folder);
    const found = { names: [] as string[], corrections: new Map<number, ImageCorrection>() };
    const index = await RunIndex.open(folder, (name, row) => {
      if (reading.names) found.names.push(name);
      const correction = written.get(name);
      if (correction === undefined) return;
      const { reviewed, edited, regions } = correction;
      found.corrections.set(row, { reviewed, edited, regions });
    });
    const candidates = hasCandidatesOfOneLook(index.header) ? await CandidatesIndex.open(folder) : null;
    return new ReviewedRun(index, reading, { ...found, candidates });
  }

  get folder(): string {
    return this.#index.folder;
  }

  get blocks(): number {
    return Math.ceil(this.#index.images / BLOCK_ROWS);
  }

  async regions(block: number): Promise<Uint8Array> {
    const images = await this.#block(block);
    return packColumns(regionsBlock(images, ({ label }) => this.#classOf.get(label) ?? -1));
  }

  /** What the model saw in the images of a block. @throws SigboxError E_ARGUMENT  it was not recorded */
  async candidates(block: number): Promise<Uint8Array> {
    if (this.#candidates === null) throw unknownPart('candidates');
    const images = await this.#block(block);
    const recorded = images.filter(({ flags }) => (flags & FAILED) === 0).map(({ name }) => name);
    return packColumns(await this.#candidates.read(block * BLOCK_ROWS, recorded));
  }

  async namesOf(block: number): Promise<NamesBlock> {
    const images = await this.#block(block);
    if (this.#anonymous) return { names: images.map((_, i) => `image ${block * BLOCK_ROWS + i + 1}`), remarks: {} };
    const remarks = images.flatMap((image, i) => (image.remarks.length > 0 ? [[i, image.remarks] as const] : []));
    return { names: images.map(({ name }) => name), remarks: Object.fromEntries(remarks) };
  }

  corrections(): Corrections {
    return Object.fromEntries(this.#corrections);
  }

  /** Keeps what a person made of an image. @throws SigboxError E_IO  it can't be written */
  async correct(row: number, { reviewed, edited, regions }: ImageCorrection): Promise<void> {
    const { name, width, height } = await this.#image(row);
    if (width === 0) throw new SigboxError('E_ARGUMENT', `review: ${name} failed: it has nothing to correct.`);
    await appendCorrection(this.#index.folder, { image: name, width, height, reviewed, edited, regions });
    if (regions === null) this.#corrections.delete(row);
    else this.#corrections.set(row, { reviewed, edited, regions });
  }

  /** A record may come from anyone: names that lead out of the folder of images are not followed. */
  async path(row: number): Promise<string> {
    const { name } = await this.#image(row);
    const path = resolve(this.#root, name);
    const below = relative(this.#root, path);
    if (below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && resolve(below) !== below) return path;
    throw complain('E_IO', { where: 'review', expected: 'an image below the folder of images', received: name });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#index[Symbol.asyncDispose]();
    await this.#candidates?.[Symbol.asyncDispose]();
  }

  #block(block: number): Promise<ReviewedImage[]> {
    if (!(block >= 0 && block < this.blocks)) throw unknownPart(`block ${block}`);
    return this.#index.read(block * BLOCK_ROWS, (block + 1) * BLOCK_ROWS);
  }

  async #image(row: number): Promise<ReviewedImage> {
    if (!(row >= 0 && row < this.#index.images)) throw unknownPart(`image ${row}`);
    return (await this.#index.read(row, row + 1))[0]!;
  }
}

interface Found {
  candidates: CandidatesIndex | null;
  corrections: Map<number, ImageCorrection>;
}

function infoOf({ header, labels, folder, images, failures }: RunIndex, anonymous: boolean): RunInfo {
  const { spec, options, thresholds, model, candidates } = header;
  const {
    background: _b,
    lenient: _l,
    ...postprocess
  } = options as PostprocessOptions & RunInfo['options'] & { background?: string; lenient?: boolean };
  return {
    name: anonymous ? 'run' : basename(resolve(folder)),
    model: anonymous ? 'model' : basename(model.file),
    images,
    failed: failures.length,
    labels,
    spec: { ...candidateModel(spec), parents: spec.parents ?? [], ...(spec.rules && { rules: spec.rules }) },
    colours: labels.map((label) => hex(label ?? '')),
    options: postprocess,
    thresholds,
    floor: candidates?.floor ?? options.scoreThreshold,
    candidates: hasCandidatesOfOneLook(header),
  };
}

/** Whether the page can post-process the run again: it knows nothing of views. */
function hasCandidatesOfOneLook({ candidates, models, options: { tiles, augment = [] } }: RunIndex['header']): boolean {
  return candidates !== undefined && models === undefined && tiles === undefined && augment.length === 0;
}

function hex(label: string): string {
  return `#${labelColour(label)
    .map((part) => part.toString(16).padStart(2, '0'))
    .join('')}`;
}

export function unknownPart(received: string): SigboxError {
  return complain('E_ARGUMENT', { where: 'review', expected: 'a part of the run', received });
}
