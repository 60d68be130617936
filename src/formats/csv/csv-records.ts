import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { reason, SigboxError } from '../../errors.js';
import type { ReadContext } from '../format.js';
import { textPieces } from '../reading/read-text.js';

/**
 * The lines of a CSV file as fields; the delimiter is told from the first one.
 *
 * @throws SigboxError E_IO  it can't be read, or is no CSV
 */
export async function* recordsOf(
  path: string,
  context: Pick<ReadContext, 'encoding' | 'remarks'>,
): AsyncGenerator<string[]> {
  const pieces = textPieces(path, context)[Symbol.asyncIterator]();
  const first = await pieces.next();
  const head = first.done === true ? '' : first.value;
  const text = async function* () {
    yield head;
    yield* { [Symbol.asyncIterator]: () => pieces };
  };
  const parser = parse({ bom: true, delimiter: delimiterOf(head), skip_empty_lines: true, relax_column_count: true });
  const input = Readable.from(text()).on('error', (error) => parser.destroy(error)); // which pipe does not pass on
  try {
    for await (const record of input.pipe(parser)) yield record as string[];
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${path}: cannot be read: ${reason(cause)}.`, { cause });
  }
}

/** The one that the first line has most of, outside of quotes. */
function delimiterOf(text: string): string {
  const [line = ''] = text.replace(/"[^"]*"/g, '').split(/\r?\n/);
  const count = (delimiter: string) => line.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}
