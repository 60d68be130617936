import { join } from 'node:path';
import { complain } from '../../errors.js';
import { exists, isFolder, listFiles, readRegular, readText } from '../../files/read-file.js';
import { RECORD_FILE } from '../../types/record-file.js';
import type { ReadableFormat } from '../format.js';
import { yamlIn } from '../yolo/yaml-layout.js';
import { NAME_LISTS } from '../yolo/yolo-layout.js';
import { jsonKind } from './json-kind.js';
import { firstPiece } from './read-text.js';

/** A format that files speak for, and which they are. */
interface Evidence {
  format: ReadableFormat;
  files: string[];
  /** Below the folder: what is to be read, where it is one file. */
  file?: string;
}

/** Where annotations are, and of which format. */
export interface ToldFormat {
  format: ReadableFormat;
  path: string;
}

/**
 * The format of a file, or of a folder of files, by names and contents.
 *
 * @returns null where it can't be told
 * @throws SigboxError E_IO  it can't be read. E_ARGUMENT  a folder that holds annotations of several formats
 */
export async function tellFormat(path: string): Promise<ToldFormat | null> {
  if (await isFolder(path)) return formatOfFolder(path);
  const format = await formatOfFile(path);
  return format === null ? null : { format, path };
}

async function formatOfFile(path: string): Promise<ReadableFormat | null> {
  const extension = /\.[^./\\]+$/.exec(path)?.[0].toLowerCase();
  switch (extension) {
    case '.yaml':
    case '.yml':
      return 'yolo';
    case '.csv':
    case '.tsv':
      return csvKind(await firstPiece(path));
    case '.jsonl':
    case '.ndjson':
      return 'jsonl';
    case '.xml':
      return xmlKind(await firstPiece(path));
    case '.json':
      return jsonKind(path);
    default:
      return /(^|[/\\])obj\.data$/i.test(path) ? 'yolo' : null;
  }
}

/** All that speaks for a format is looked at: a list of class names alone does not make a folder YOLO's. */
async function formatOfFolder(folder: string): Promise<ToldFormat | null> {
  if (await exists(join(folder, RECORD_FILE))) return { format: 'jsonl', path: folder };
  const kind = await tablesKind(folder);
  if (kind !== null) return { format: kind, path: folder };
  const found = [...(await yoloEvidence(folder)), ...(await xmlEvidence(folder)), ...(await jsonEvidence(folder))];
  if (found.length > 1) throw severalFormats(folder, found);
  const [only = await weakEvidence(folder)] = found;
  if (only === null) return null;
  return { format: only.format, path: only.file === undefined ? folder : join(folder, only.file) };
}

function severalFormats(folder: string, found: readonly Evidence[]) {
  const received = found.map(({ format, files }) => `${format} (${files.join(', ')})`).join(' and ');
  const kinds = new Set(found.map(({ format }) => format));
  const mend =
    kinds.size > 1
      ? `Name the one to read (from; on the command line --from): ${[...kinds].join(' or ')}.`
      : 'Name the file itself.';
  return complain('E_ARGUMENT', { where: folder, expected: 'annotations of one format', received, mend });
}

async function yoloEvidence(folder: string): Promise<Evidence[]> {
  const yaml = await yamlIn(folder);
  if (yaml !== null && (await namesClasses(yaml))) return [{ format: 'yolo', files: [yaml.slice(folder.length + 1)] }];
  if (await exists(join(folder, 'obj.data'))) return [{ format: 'yolo', files: ['obj.data'] }];
  const texts = await listFiles(folder, ['.txt', '.names', '.labels']);
  const list = NAME_LISTS.find((name) => texts.some((file) => file.toLowerCase() === name));
  if (list === undefined) return [];
  for (const file of texts.filter((name) => !NAME_LISTS.includes(name.toLowerCase()))) {
    if (await isLabelFile(join(folder, file))) return [{ format: 'yolo', files: [list, file] }];
  }
  return [];
}

async function namesClasses(yaml: string): Promise<boolean> {
  if (/^(data|dataset)\.ya?ml$/i.test(yaml.split(/[/\\]/).at(-1)!)) return true;
  return /^\s*["']?(names|train|val)["']?\s*:/m.test(await readText(yaml));
}

/** Whether a text file is empty, or begins with a class number and four more. */
async function isLabelFile(file: string): Promise<boolean> {
  const text = await readRegular(file).then(
    (bytes) => bytes.toString('latin1'),
    () => 'unreadable',
  );
  return /^\s*(\d+(\s+-?[\d.]+(e-?\d+)?){4,}\s*(\n|$)|$)/i.test(text);
}

async function xmlEvidence(folder: string): Promise<Evidence[]> {
  if (await exists(join(folder, 'Annotations'))) return [{ format: 'voc', files: ['Annotations/'] }];
  const found = new Map<ReadableFormat, string[]>();
  for (const file of (await listFiles(folder, ['.xml'])).slice(0, MOST_FILES)) {
    const kind = xmlKind(await firstPiece(join(folder, file)));
    if (kind !== null) found.set(kind, [...(found.get(kind) ?? []), file]);
  }
  return [...found].flatMap(([format, files]) => evidenceOf(format, files));
}

/** Of many files, so many are looked at. */
const MOST_FILES = 50;
/** Formats of which one file holds the whole data set. */
const WHOLE: readonly string[] = ['coco', 'coco-results', 'label-studio', 'cvat'];

async function jsonEvidence(folder: string): Promise<Evidence[]> {
  const names = await listFiles(folder, ['.json']);
  const telling = names.filter((name) => /coco|instances|annotations|result|export/i.test(name));
  const found = new Map<ReadableFormat, string[]>();
  for (const file of new Set([...names.slice(0, MOST_FILES), ...telling.slice(0, MOST_FILES)])) {
    const kind = await jsonKind(join(folder, file)).catch(() => null); // one of many: told when it is read
    if (kind !== null) found.set(kind, [...(found.get(kind) ?? []), file]);
  }
  if (found.size > 1) found.delete('coco-results'); // beside its data set
  return [...found].flatMap(([format, files]) => evidenceOf(format, files));
}

/** Of formats with a file per image one stands for all. */
function evidenceOf(format: ReadableFormat, files: readonly string[]): Evidence[] {
  if (!WHOLE.includes(format)) return [{ format, files: files.slice(0, 1) }];
  return files.slice(0, 3).map((file) => ({ format, files: [file], file }));
}

/** Where nothing else speaks: a list of class names, or one table. */
async function weakEvidence(folder: string): Promise<Evidence | null> {
  const texts = await listFiles(folder, ['.txt', '.names', '.labels']);
  const list = NAME_LISTS.find((name) => texts.some((file) => file.toLowerCase() === name));
  if (list !== undefined) return { format: 'yolo', files: [list] };
  const tables = await listFiles(folder, ['.csv', '.tsv']);
  return tables.length === 1 ? { format: 'csv', files: tables, file: tables[0]! } : null;
}

/** Of tables that are one data set: Open Images' and AVA's. */
async function tablesKind(folder: string): Promise<ReadableFormat | null> {
  for (const file of (await listFiles(folder, ['.csv'], false)).slice(0, MOST_FILES)) {
    const kind = csvKind(await firstPiece(join(folder, file)).catch(() => ''));
    if (kind !== 'csv') return kind;
  }
  return null;
}

const SHARE = String.raw`(0?\.\d+|[01](\.\d*)?)`;
/** video, second, box as shares, action, and perhaps person or score */
const AVA_LINE = new RegExp(String.raw`^[^,]+,\d+(\.\d+)?,${SHARE},${SHARE},${SHARE},${SHARE},\d+(,[^,]*)?\s*$`);

function csvKind(head: string): ReadableFormat {
  const [first = ''] = head.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (/^"?ImageID"?,(.*\b(LabelName|PredictionString)\b)/i.test(first)) return 'open-images';
  return AVA_LINE.test(first) ? 'ava' : 'csv';
}

function xmlKind(head: string): ReadableFormat | null {
  const root = /<([A-Za-z_][\w.-]*)/.exec(head.replace(/<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>/gs, ''))?.[1];
  return root === 'annotations' ? 'cvat' : root === 'annotation' ? 'voc' : null;
}
