import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SigboxError } from '../../errors.js';
import type { OwnedFiles } from '../../files/owned-files.js';
import { decoding } from '../../image/decoding.js';
import { cutCrops } from '../../render/cut-crops.js';
import { drawPicture, type RenderOptions } from '../../render/draw-picture.js';
import type { DetectionResult } from '../../types/detections.js';
import type { LabelList } from '../../types/model.js';
import type { RunHeader } from '../record/run-header.js';
import { labelFolders, pictureNames } from './picture-names.js';

/** Folders of a run's folder. */
export const PICTURES = 'pictures';
export const CROPS = 'crops';
export const PAGES = 'pages';
export const SHEETS = 'contact-sheets';
export const RENDERED: readonly string[] = [PICTURES, CROPS, PAGES, SHEETS];

/** `pictures`: the regions drawn into copies of the images; `crops`: each region by itself, once for each of its labels. */
export type RenderingOptions = RunHeader['rendering'] & RenderOptions;

/** Where pictures and crops are written. */
export type RenderedFiles = Pick<OwnedFiles, 'folder' | 'write' | 'remove' | 'unlistedAmong'>;

/** What a run makes of its images besides data: `pictures/NAME`, and `crops/LABEL/NAME-1.jpg` for its first region. */
export class Rendering {
  readonly #owned: RenderedFiles;
  readonly #options: RenderingOptions;
  readonly #pictures: ReadonlyMap<string, string>;
  readonly #labels: ReadonlyMap<string, string>;

  /**
   * @param owned   files of the run's folder
   * @param images  names of all images of the run, different, in their order
   */
  constructor(owned: RenderedFiles, images: readonly string[], labels: LabelList, options: RenderingOptions) {
    this.#owned = owned;
    this.#options = options;
    this.#pictures = pictureNames(options.pictures || options.crops ? images : []);
    this.#labels = labelFolders(labels.filter((label) => label !== null));
  }

  /** The files that belong to a result, below the run's folder, with forward slashes. */
  filesOf(result: DetectionResult & { image: string }): string[] {
    const { pictures, crops } = this.#options;
    return [
      ...(pictures ? [this.#pictureOf(result)] : []),
      ...(crops ? result.detections.flatMap((_, i) => this.#cropsOf(result, i)) : []),
    ];
  }

  /** Whether any of the files of a result is missing, or empty, as file systems leave what a power cut took. */
  async lacks(result: DetectionResult & { image: string }): Promise<boolean> {
    const found = await Promise.allSettled(this.filesOf(result).map((file) => stat(join(this.#owned.folder, file))));
    return found.some((file) => file.status === 'rejected' || file.value.size === 0);
  }

  async remove(result: DetectionResult & { image: string }): Promise<void> {
    for (const file of this.filesOf(result)) await this.#owned.remove(file);
  }

  /**
   * Files that are where pictures or crops of images may be written, and are not of sigbox.
   *
   * @returns paths below the run's folder
   */
  async foreign(): Promise<string[]> {
    const { pictures, crops } = this.#options;
    const names = new Set(this.#pictures.values());
    const drawn = pictures ? [...names].map((name) => `${PICTURES}/${name}`) : [];
    const cut = crops ? await this.#cropsThere(names) : [];
    return this.#owned.unlistedAmong([...drawn, ...cut]);
  }

  /** Files that have the name of a crop of one of the images. */
  async #cropsThere(names: ReadonlySet<string>): Promise<string[]> {
    const found: string[] = [];
    for (const folder of new Set(this.#labels.values())) {
      const root = join(this.#owned.folder, CROPS, folder);
      const files = await readdir(root, { recursive: true }).catch(() => []);
      for (const file of files.map((name) => (sep === '/' ? name : name.replaceAll(sep, '/')))) {
        if (names.has(file.replace(/-\d+(\.[^./]+)$/, '$1'))) found.push(`${CROPS}/${folder}/${file}`);
      }
    }
    return found;
  }

  /**
   * Writes the files of a result.
   *
   * @param image  its path, or its bytes
   * @returns why some are missing: the image can't be decoded any more, or the file system refuses its name; else null
   * @throws SigboxError E_IO  nothing can be written
   */
  async write(image: string | Uint8Array, result: DetectionResult & { image: string }): Promise<SigboxError | null> {
    const { pictures, pictureSize, crops, style, ...options } = this.#options;
    const file = this.#pictures.get(result.image)!;
    let failure: SigboxError | null = null;
    if (pictures) {
      const how = { ...options, ...style, file, size: pictureSize ?? undefined };
      const drawn = await orFailure(() => drawPicture(image, result, how));
      failure = drawn instanceof SigboxError ? drawn : await this.#put(this.#pictureOf(result), drawn);
    }
    if (!crops || failure !== null) return failure;
    const cut = await orFailure(() => cutCrops(image, result, { ...options, file }));
    if (cut instanceof SigboxError) return cut;
    for (const [i, crop] of cut.entries()) {
      for (const place of this.#cropsOf(result, i)) failure ??= await this.#put(place, crop);
    }
    return failure;
  }

  /** @returns why it can't be written under its name, where another could; else null */
  async #put(path: string, bytes: Uint8Array): Promise<SigboxError | null> {
    try {
      await this.#owned.write(path, bytes, { again: true });
      return null;
    } catch (error) {
      const { code } = ((error as SigboxError).cause ?? {}) as NodeJS.ErrnoException;
      if (['EEXIST', 'ENAMETOOLONG', 'EILSEQ', 'EINVAL'].includes(code ?? '')) return error as SigboxError;
      throw error;
    }
  }

  #pictureOf({ image }: { image: string }): string {
    return `${PICTURES}/${this.#pictures.get(image)!}`;
  }

  #cropsOf({ image, detections }: DetectionResult & { image: string }, i: number): string[] {
    const name = this.#pictures.get(image)!.replace(/\.[^./]+$/, (ending) => `-${i + 1}${ending}`);
    return detections[i]!.labels.map(({ label }) => `${CROPS}/${this.#labels.get(label)!}/${name}`);
  }
}

/** @returns what was drawn, or why it can't be */
async function orFailure<T>(draw: () => Promise<T>): Promise<T | SigboxError> {
  const orError = async () =>
    draw().catch((error) => {
      if (error instanceof SigboxError) return error;
      throw error;
    });
  const drawn = await decoding.shared(orError);
  return drawn instanceof SigboxError ? decoding.alone(orError) : drawn;
}
