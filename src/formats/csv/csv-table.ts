import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';

/** All rows of a CSV text, the header among them. Source: RFC 4180 */
export async function readCsvTable(input: Readable): Promise<string[][]> {
  const parser = parse({ bom: true, skip_empty_lines: true, relax_column_count: true });
  input.on('error', (error) => parser.destroy(error)); // which pipe does not pass on
  const rows: string[][] = [];
  for await (const row of input.pipe(parser)) rows.push(row as string[]);
  return rows;
}
