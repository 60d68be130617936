import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { complain } from '../../errors.js';
import { OwnedFiles } from '../../files/owned-files.js';
import type { FormatName } from '../../formats/format.js';
import { FORMATS } from '../../formats/formats.js';
import { resultLabels } from '../../labels/label-map.js';
import { isBucket } from '../inputs/bucket-inputs.js';
import type { Discovery } from '../inputs/discover.js';
import type { RunHeader } from '../record/run-header.js';
import { sheetFiles } from './contact-sheets.js';
import { SUMMARY_FILE } from './finish-run.js';
import { indexFiles } from './index-page/write-index.js';
import { RENDERED, Rendering } from './rendering.js';

/** What is about to be written into a run's folder. */
export interface Outputs {
  formats: readonly FormatName[];
  /** Of a run that draws. */
  header?: RunHeader;
  /** Names of all its images. */
  images?: readonly string[];
  found?: Discovery;
  contactSheet?: boolean;
}

/**
 * Makes sure, before the first inference, that nothing of a user's is written over: the folder may hold photographs,
 * ground truth or notes under the very names that a run uses.
 *
 * @throws SigboxError E_IO  sigbox did not write what is there. E_ARGUMENT  an input is a picture that the run itself draws
 */
export async function requireFreeOutputs(
  files: OwnedFiles,
  { formats, header, images = [], found, contactSheet = false }: Outputs,
): Promise<void> {
  const sheets = contactSheet ? sheetFiles(images.length) : [];
  const exports = formats.flatMap((format) => (FORMATS[format].folder === undefined ? FORMATS[format].files : []));
  await files.requireOwn([SUMMARY_FILE, ...indexFiles(images.length), ...sheets, ...exports]);
  for (const format of formats) {
    const { folder, files: names } = FORMATS[format];
    if (folder !== undefined) await (await OwnedFiles.open(join(files.folder, folder))).requireOwn(names);
  }
  if (found !== undefined) await requireOtherInputs(files, found);
  if (header === undefined || !(header.rendering.pictures || header.rendering.crops)) return;
  const { spec, rendering } = header;
  const foreign = await new Rendering(files, images, resultLabels(spec.labels, spec.parents), rendering).foreign();
  if (foreign.length > 0) throw files.refusal(foreign);
}

/** An image that is a picture of this run would be drawn over, or be removed with it. */
async function requireOtherInputs(files: OwnedFiles, { images, root }: Discovery): Promise<void> {
  if (isBucket(root)) return;
  const out = await realpath(files.folder);
  const folders = new Map<string, string>(); // by the name that they were found under
  for (const { path } of images) {
    const folder = dirname(path);
    const place = folders.get(folder) ?? (await realpath(folder).catch(() => folder));
    folders.set(folder, place);
    const name = relative(out, join(place, basename(path)))
      .split(sep)
      .join('/');
    if (!RENDERED.includes(name.split('/')[0]!) || !files.has(name)) continue;
    const mend = 'Name the photographs themselves as inputs, or use another --out.';
    const expected = 'images that this run did not draw itself';
    throw complain('E_ARGUMENT', { where: 'annotate', expected, received: path, mend });
  }
}
