import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { complain } from '../errors.js';
import { OwnedFiles } from '../files/owned-files.js';
import { type Annotations, annotationsOf, type Survey, surveyOf } from './annotations.js';
import type { FormatName, WriteContext, WriteOptions } from './format.js';
import { FORMATS } from './formats.js';
import { OwnedFolder } from './owned-folder.js';

export interface FormatsOptions extends WriteOptions {
  /** Folder for the files and folders of all formats; made if missing. */
  out: string;
  formats: readonly FormatName[];
  /** Of the same annotations, where it is known already. Default: they are gone through once more */
  survey?: Survey;
  /** What sigbox wrote into `out`, where that is known already. Default: as its list says */
  files?: OwnedFiles;
  /** Files or folders that the annotations come from: they are not written over, whoever wrote them. */
  sources?: readonly string[];
}

/** An image that a format can't hold. */
export interface RefusedImage {
  format: FormatName;
  image: string;
  reason: string;
}

export interface ExportReport {
  /** How many there were. */
  images: number;
  /** What was written, in `out`: files, and folders with a slash behind them. */
  written: string[];
  /** Each image once per format. */
  refused: RefusedImage[];
}

/**
 * Writes annotations in any number of formats. Every file appears under its name only when it is whole; images that a
 * format can't hold are left out of it and told of. The same annotations give the same bytes.
 *
 * @throws SigboxError E_ARGUMENT  something that a format can't hold at all. E_IO  a file can't be written
 */
export async function writeFormats(annotations: Annotations, options: FormatsOptions): Promise<ExportReport> {
  const { out, formats, files: given, sources = [], ...written } = options;
  await requireApart(out, formats, sources);
  const files = given ?? (await OwnedFiles.open(out));
  try {
    for (const format of formats)
      if (FORMATS[format].folder === undefined) await files.requireOwn(FORMATS[format].files);
    return await exportAll(annotations, { formats, files, ...written });
  } finally {
    if (given === undefined) await files.close();
  }
}

async function exportAll(
  annotations: Annotations,
  options: Omit<FormatsOptions, 'out' | 'sources'> & { files: OwnedFiles },
): Promise<ExportReport> {
  const { formats, files, survey = await surveyOf(annotations), ...rest } = options;
  const report: ExportReport = { images: survey.names.length, written: [], refused: [] };
  for (const format of new Set(formats)) {
    const refused = new Map<string, string>();
    const refuse = (image: string, reason: string) => refused.set(image, reason);
    const context: WriteContext = { ...rest, survey, refused, refuse };
    report.written.push(...(await exportFormat(annotations, format, files, context)));
    report.refused.push(...[...refused].map(([image, reason]) => ({ format, image, reason })));
  }
  return report;
}

/**
 * Complains of what formats can't hold, before there are any images.
 *
 * @throws SigboxError E_ARGUMENT  a label that one of them can't hold
 */
export async function checkLabels(labels: readonly string[], formats: readonly FormatName[]): Promise<void> {
  const empty = annotationsOf({ labels: [...labels], images: [] });
  const context = { survey: await surveyOf(empty), refuse: () => {}, refused: new Map() };
  for (const format of formats) for await (const _ of FORMATS[format].write(empty, context));
}

/**
 * Removes the files of fixed names that formats have left in a folder; those with a file per image replace their own.
 * Foreign files stay.
 */
export async function removeExports(owned: OwnedFiles, formats: readonly FormatName[]): Promise<void> {
  for (const { files, folder } of formats.map((format) => FORMATS[format])) {
    if (folder === undefined) for (const file of files) await owned.remove(file);
  }
}

/** @throws SigboxError E_ARGUMENT  the annotations come from a file that a format would write, or from its folder */
async function requireApart(out: string, formats: readonly FormatName[], sources: readonly string[]): Promise<void> {
  for (const source of sources) {
    const place = await realpath(source).catch(() => resolve(source));
    for (const { files, folder } of formats.map((format) => FORMATS[format])) {
      for (const name of folder === undefined ? files : [folder]) {
        const target = await realpath(join(out, name)).catch(() => null); // nothing is there: nothing can be lost
        if (target === null || !isIn(place, target)) continue;
        const mend = 'Use another --out.';
        const expected = 'an output that is not the input';
        throw complain('E_ARGUMENT', { where: 'export', expected, received: join(out, name), mend });
      }
    }
  }
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

async function exportFormat(annotations: Annotations, format: FormatName, owner: OwnedFiles, context: WriteContext) {
  const { write, folder, files } = FORMATS[format];
  if (folder === undefined) {
    const written: string[] = [];
    for await (const { path, pieces } of write(annotations, context)) {
      await owner.write(path, pieces);
      written.push(path);
    }
    return written;
  }
  const owned = await OwnedFolder.open(join(owner.folder, folder), files);
  try {
    for await (const { path, pieces, image } of write(annotations, context)) {
      const reason = await owned.write(path, pieces);
      if (reason !== null && image !== undefined) context.refuse(image, reason);
    }
    await owned.finish();
  } finally {
    await owned.close();
  }
  return [`${folder}/`];
}
