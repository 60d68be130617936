import { toJson } from './json-number.js';

/** A JSON array in pieces, an entry per line. */
export async function* jsonArray(entries: AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const entry of entries) {
    yield before + toJson(entry);
    before = ',\n';
  }
  yield before === '[\n' ? '[]' : '\n]';
}
