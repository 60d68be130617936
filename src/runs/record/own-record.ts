import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { complain, SigboxError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import { readText } from '../../files/read-file.js';
import { RECORD_FILE } from '../../types/record-file.js';
import { FAILURES_FILE, parseFailure, parseResult } from './record.js';
import { HEADER_FILE, isHeader, type RunHeader, readHeader } from './run-header.js';

const RECORDS = { [RECORD_FILE]: parseResult, [FAILURES_FILE]: parseFailure };

/** Without its header nobody knows what a record is of. @throws SigboxError E_IO  there is one */
export async function requireNoRecord(out: string): Promise<void> {
  for (const [file, parse] of Object.entries(RECORDS)) {
    if (!(await hasContent(join(out, file)))) continue;
    const isOurs = (await firstLine(join(out, file), parse)) !== 'foreign';
    const mend = isOurs
      ? 'Use another folder, or --restart, which removes it.'
      : 'Use another folder, or move it away.';
    throw complain('E_IO', { where: out, expected: `${HEADER_FILE} beside ${file}`, received: 'none', mend });
  }
}

/**
 * Before a run is removed: a file that bears the name of one of its own may be somebody else's.
 *
 * @returns the header of the run; null where there is none that this version can read
 * @throws SigboxError E_IO  sigbox did not write it
 */
export async function requireOwnRecord(out: string): Promise<RunHeader | null> {
  const header = join(out, HEADER_FILE);
  const text = (await hasContent(header)) ? await readText(header) : '';
  if (!isHeader(text)) throw foreign(header);
  const before = await readHeader(out).catch((error) => {
    if (error instanceof SigboxError) return null; // of another version, or spoilt: it is to be removed
    throw error;
  });
  if (before !== null || text !== '') return before;
  for (const [file, parse] of Object.entries(RECORDS)) {
    if ((await firstLine(join(out, file), parse)) === 'foreign') throw foreign(join(out, file));
  }
  return null;
}

function foreign(file: string): SigboxError {
  const mend = 'Use another --out, or move it away.';
  return complain('E_IO', { where: file, expected: 'a file of a sigbox run', received: 'another file', mend });
}

async function hasContent(file: string): Promise<boolean> {
  const found = await lstat(file).catch(() => null);
  return found !== null && !(found.isFile() && found.size === 0);
}

/** Whether a file begins as a run writes it; what a power cut spoilt counts as nothing. */
async function firstLine(file: string, parse: (line: string) => unknown): Promise<'ours' | 'nothing' | 'foreign'> {
  if (!(await hasContent(file))) return 'nothing';
  for await (const { text } of readLines(file)) {
    if (/^\0*$/.test(text)) continue;
    return parse(text) === null && !text.startsWith('{"image":') ? 'foreign' : 'ours';
  }
  return 'nothing';
}
