import { dirname, join } from 'node:path';
import { isFolder, listFiles, readText } from '../../files/read-file.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { recordsOf } from '../csv/csv-records.js';
import type { ReadContext, Reader } from '../format.js';
import { malformed, parseNumber } from '../reading/malformed.js';
import { joinRows, type Row } from '../rows.js';

/** Frame, as video/0902 → its rows. */
type Frames = Map<string, Row[]>;

/**
 * Reads AVA actions: a table without a header, or a folder with some; a line per person and action: video, second, x1, y1, x2, y2,
 * action, and perhaps the person's number, or a score in results. A box with several actions is one region with several labels.
 *
 * A list of actions (.pbtxt) beside it gives them their names, and only those in it count, as in the challenge; frames that a
 * table of excluded timestamps names are left out. Boxes are shares of the frame's sides: every frame is 1 × 1.
 *
 * Source: https://research.google.com/ava/download.html, and get_ava_performance.py of ActivityNet's challenge.
 */
export const readAva: Reader = async (path, context) => {
  const folder = (await isFolder(path)) ? path : dirname(path);
  const beside = await listFiles(folder, ['.csv', '.pbtxt'], false);
  const excluded = beside.filter((file) => /excluded.*\.csv$/i.test(file));
  const tables = folder === path ? beside.filter((file) => /\.csv$/i.test(file) && !excluded.includes(file)) : [];
  const list = beside.find((file) => /\.pbtxt$/i.test(file));
  const names = list === undefined ? null : actionNames(await readText(join(folder, list)));
  const frames: Frames = new Map();
  for (const file of folder === path ? tables.map((name) => join(folder, name)) : [path]) {
    await readFrames(file, frames, names, context);
  }
  for (const file of excluded) {
    for await (const [video = '', second = ''] of recordsOf(join(folder, file), context))
      frames.delete(frameOf(video, second));
  }
  const images = [...frames].map(
    ([image, rows]): AnnotatedImage => ({ image, width: 1, height: 1, regions: joinRows(rows) }),
  );
  const used = new Set(
    images.flatMap(({ regions }) => regions.flatMap(({ labels }) => labels.map(({ label }) => label))),
  );
  return { labels: names === null ? [...used].sort() : [...new Set(names.values())], images };
};

async function readFrames(
  file: string,
  frames: Frames,
  names: ReadonlyMap<string, string> | null,
  context: ReadContext,
): Promise<void> {
  const { remarks, role } = context;
  let line = 0;
  for await (const record of recordsOf(file, context)) {
    line++;
    const where = `${file}: line ${line}`;
    remarks.attempt(() => {
      const [video = '', second = '', x1, y1, x2, y2, action = '', last] = record;
      const frame = frameOf(video, second);
      const rows = frames.get(frame) ?? [];
      frames.set(frame, rows);
      if (record.length === 2) return; // a frame without people
      if (record.length < 7) throw malformed(where, '7 or 8 fields', `${record.length}`);
      const box = [x1, y1, x2, y2].map((edge) => parseNumber(edge, where)) as Box;
      const label = names === null ? `action ${action.trim()}` : names.get(action.trim());
      if (label === undefined) {
        remarks.add('unlisted-action', `${where}: action ${action}`);
        return;
      }
      const isScore = last !== undefined && (role === 'results' || (role === undefined && /[.e]/i.test(last)));
      rows.push({ box, label, ...(isScore && { score: parseNumber(last, where) }) });
    });
  }
}

/** Seconds are written as 902 and as 0902. */
function frameOf(video: string, second: string): string {
  return `${video}/${second.trim().replace(/^\d+(?=$|\.)/, (whole) => whole.padStart(4, '0'))}`;
}

/** Number → name, from `item { name: "stand" id: 12 }` or `label { name: "stand" label_id: 12 }`. */
function actionNames(text: string): Map<string, string> {
  const items = [...text.matchAll(/\{([^}]*)\}/g)].map(([, body = '']) => {
    const name = /\bname:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1]?.replace(/\\(.)/g, '$1');
    const id = /\b(?:id|label_id):\s*(\d+)/.exec(body)?.[1];
    return id === undefined ? null : ([id, name ?? `action ${id}`] as const);
  });
  return new Map(items.filter((item) => item !== null));
}
