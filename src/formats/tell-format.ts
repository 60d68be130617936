import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { SigboxError } from '../errors.js';
import { exists, isFolder, listFiles, readJson } from '../files/read-file.js';
import type { FormatName } from './format.js';
import { isLabelme } from './labelme/read-labelme.js';
import { yamlIn } from './yolo/yolo-layout.js';

/** How much of an XML file is looked at for its root. */
const HEAD = 4096;

/**
 * The format of a file, or of a folder of files, by names and contents.
 *
 * @returns null where it can't be told
 * @throws SigboxError E_IO  it can't be read
 */
export async function tellFormat(path: string): Promise<FormatName | null> {
  if (await isFolder(path)) return ofFolder(path);
  const extension = /\.[^./\\]+$/.exec(path)?.[0].toLowerCase();
  switch (extension) {
    case '.yaml':
    case '.yml':
      return 'yolo';
    case '.csv':
      return 'csv';
    case '.jsonl':
    case '.ndjson':
      return 'jsonl';
    case '.xml':
      return ofXml(await headOf(path));
    case '.json':
      return ofJson(await readJson(path));
    default:
      return null;
  }
}

async function ofFolder(folder: string): Promise<FormatName | null> {
  if (await exists(join(folder, 'results.jsonl'))) return 'jsonl';
  if (await exists(join(folder, 'Annotations'))) return 'voc';
  if ((await yamlIn(folder)) !== null || (await exists(join(folder, 'classes.txt')))) return 'yolo';
  const [xml] = await listFiles(folder, ['.xml']);
  if (xml !== undefined) return ofXml(await headOf(join(folder, xml)));
  for (const name of await listFiles(folder, ['.json'])) {
    if (isLabelme(await readJson(join(folder, name)))) return 'labelme';
  }
  return null;
}

function ofXml(head: string): FormatName | null {
  const root = /<([A-Za-z_][\w.-]*)/.exec(head.replace(/<!--.*?-->|<\?.*?\?>/gs, ''))?.[1];
  return root === 'annotations' ? 'cvat' : root === 'annotation' ? 'voc' : null;
}

function ofJson(content: unknown): FormatName | null {
  if (Array.isArray(content)) return content.length === 0 ? null : ofEntry(content[0]);
  if (isLabelme(content)) return 'labelme';
  return has(content, 'images') && has(content, 'categories') ? 'coco' : null;
}

function ofEntry(entry: unknown): FormatName | null {
  if (has(entry, 'image_id') && has(entry, 'category_id')) return 'coco-results';
  return has(entry, 'data') ? 'label-studio' : null;
}

function has(value: unknown, field: string): boolean {
  return typeof value === 'object' && value !== null && field in value;
}

async function headOf(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD));
    return buffer.toString('utf8', 0, bytesRead);
  } catch (cause) {
    throw new SigboxError('E_IO', `${file}: cannot be read: ${(cause as Error).message}.`, { cause });
  }
}
