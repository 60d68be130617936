import { option } from '../../check/option.js';
import { flag } from '../../check/words.js';
import { SigboxError } from '../../errors.js';
import type { CacheEntry } from '../../model/hub/cache.js';
import { KNOWN_MODELS, type KnownModel } from '../../model/hub/known-models.js';
import { megabytes, printable } from '../../text/printable.js';
import { command } from '../command.js';

const OWN = {
  /** Print JSON. Default false */
  json: option(flag, { default: false, words: { json: { form: 'switch', help: 'Print JSON' } } }),
};

export const modelsCommand = command({
  name: 'models',
  summary: 'List models with a short name and models in the cache, or remove one',
  usage: '[remove NAME…]',
  about:
    'Lists the detectors that --model takes by a short name, with COCO AP (their authors’ figures), size and licence, and the ' +
    'models in the cache. With remove, deletes models from the cache.',
  operands: { min: 0, what: 'nothing, or remove and the names of models' },
  options: OWN,
  examples: [
    ['sigbox models', 'What there is'],
    ['sigbox detect street.jpg --model dfine-n', 'A model by its short name'],
    ['sigbox models remove dfine-n', 'Its space is free again'],
  ],

  check({ operands: [verb, ...names] }) {
    if (verb === undefined || (verb === 'remove' && names.length > 0)) return;
    const message = 'models: expected nothing, or remove and a name: sigbox models remove hf:ORG/NAME.';
    throw new SigboxError('E_ARGUMENT', message);
  },

  async run({ operands: [, ...names], options: { json = false } }) {
    const { cachedModels, removeModel } = await import('../../model/hub/cached-models.js');
    if (names.length > 0) {
      for (const name of names) {
        const { bytes, folder } = await removeModel(name);
        process.stdout.write(`${printable(name)}: ${megabytes(bytes)} MB removed, ${folder}\n`);
      }
      return 0;
    }
    const cached = await cachedModels();
    const known = KNOWN_MODELS.map((model) => ({ ...model, cached: cached.known.has(model.name) }));
    if (json) process.stdout.write(`${JSON.stringify({ known, cached: cached.entries })}\n`);
    else process.stdout.write(await asText(known, cached.entries));
    return 0;
  },
});

async function asText(known: (KnownModel & { cached: boolean })[], entries: readonly CacheEntry[]): Promise<string> {
  const { table } = await import('../output/table.js');
  const rows = known.map(({ name, family, ap, size, bytes, license, cached }) => [
    ...[name, family, ap.toFixed(1), `${size}`, bytes === null ? '?' : megabytes(bytes), license, cached ? 'yes' : ''],
  ]);
  const cachedRows = entries.map(({ name, models: files, bytes }) => [
    ...[printable(name), printable([...new Set(files.map(({ path }) => path))].join(', ')), megabytes(bytes)],
  ]);
  const built = 'Without --model, the built-in SSDLite MobileNet v2 runs: COCO, 300 × 300, 18 MB, in the package.\n';
  const cache = cachedRows.length === 0 ? '' : `\nIn the cache:\n${table(['model', 'files', 'MB'], cachedRows)}`;
  return `${table(['name', 'family', 'AP', 'input', 'MB', 'licence', 'cached'], rows)}${cache}\n${built}`;
}
