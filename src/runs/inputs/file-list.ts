import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { reason, SigboxError } from '../../errors.js';

/**
 * Reads a list of paths: one per line; or, where there are zero bytes in it, between those, so that every name can stand
 * in it. Empty ones are left out.
 *
 * @param list  path of a UTF-8 file, or a stream of one
 * @throws SigboxError E_IO  it can't be read
 */
export async function readFileList(list: string | AsyncIterable<Uint8Array>): Promise<string[]> {
  try {
    const source = typeof list === 'string' ? createReadStream(list) : list;
    const text = (await buffer(source as NodeJS.ReadableStream)).toString('utf8');
    return text.split(text.includes('\0') ? '\0' : /\r?\n/).filter((path) => path !== '');
  } catch (cause) {
    const where = typeof list === 'string' ? list : 'standard input';
    throw new SigboxError('E_IO', `${where}: the list cannot be read: ${reason(cause)}.`, { cause });
  }
}
