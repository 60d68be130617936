import { complain, type SigboxError } from '../../../errors.js';
import { BLOCK_HEAD, blockBody, blockName, CANDIDATES_MAGIC } from '../../../postprocess/candidates/codec.js';
import { parseFailure, parseResult, type RecordedFailure } from '../../record/record.js';
import { candidatesKey, partKey } from './chunk-files.js';
import type { PlannedImage, PlannedRun } from './manifest.js';

/** What a worker wrote of a chunk, checked. */
export interface Part {
  /** Of unfiltered.jsonl, each with its line feed. */
  lines: string[];
  failures: RecordedFailure[];
  /** Blocks of candidates.bin, one after the other; empty where they were not asked for. */
  blocks: Uint8Array;
  /** Names of the first and the last image. */
  first: string;
  last: string;
}

interface Wanted {
  chunk: number;
  /** Of the plan. */
  images: readonly PlannedImage[];
  /** Whether the candidates are wanted, in place of the lines. */
  candidates: boolean;
}

/**
 * Reads what a worker wrote of a chunk.
 *
 * @throws SigboxError E_IO  it can't be read, or is not of just these images in their order
 */
export async function readPart(run: PlannedRun, wanted: Wanted, signal?: AbortSignal): Promise<Part> {
  const { store } = run;
  const { chunk, images, candidates } = wanted;
  const where = `${store.name}: ${partKey(chunk)}`;
  const text = Buffer.from((await store.read(partKey(chunk), { signal })).bytes).toString('utf8');
  const texts = text.split('\n');
  const part: Part = { lines: [], failures: [], blocks: new Uint8Array(0), first: '', last: '' };
  if (texts.pop() !== '' || texts.length !== images.length) {
    throw spoilt(where, `${images.length} whole lines`, `${texts.length} lines`);
  }
  const names: string[] = []; // of images with a result
  for (const [i, line] of texts.entries()) {
    const { name } = images[i]!;
    const failure = line.includes('"error":') ? parseFailure(line) : null;
    const record = failure ?? parseResult(line);
    if (record === null || record.image !== name) throw spoilt(where, `line ${i + 1} to be of ${name}`, line);
    if (failure !== null) part.failures.push(failure);
    else {
      names.push(name);
      part.lines.push(`${line}\n`);
    }
  }
  part.first = images[0]!.name;
  part.last = images.at(-1)!.name;
  if (!candidates) return part;
  const { bytes } = await store.read(candidatesKey(chunk), { signal });
  return { ...part, blocks: blocksOf(bytes, names, `${store.name}: ${candidatesKey(chunk)}`) };
}

/** @throws SigboxError E_IO  the blocks are not whole, or of other images */
function blocksOf(bytes: Uint8Array, names: readonly string[], where: string): Uint8Array {
  const start = CANDIDATES_MAGIC.length;
  if (!CANDIDATES_MAGIC.every((byte, i) => bytes[i] === byte)) throw spoilt(where, 'candidates', 'another file');
  let at = start;
  for (const name of names) {
    const length =
      at + BLOCK_HEAD > bytes.length ? 0 : new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true);
    const end = at + BLOCK_HEAD + length;
    const body = length === 0 || end > bytes.length ? null : blockBody(bytes.subarray(at, end));
    if (body === null || blockName(body) !== name) throw spoilt(where, `the candidates of ${name}`, 'others');
    at = end;
  }
  return bytes.subarray(start, at);
}

function spoilt(where: string, expected: string, received: string): SigboxError {
  const mend = 'Remove it and run sigbox work again.';
  return complain('E_IO', { where, expected, received, mend });
}
