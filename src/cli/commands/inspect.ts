import { writeFile } from 'node:fs/promises';
import { option } from '../../check/option.js';
import { flag, text } from '../../check/words.js';
import { reason, SigboxError } from '../../errors.js';
import type { ModelFacts } from '../../identify/evidence/facts.js';
import type { IdentifiedModel } from '../../identify/identify.js';
import type { ValueDescription } from '../../model/onnx/metadata.js';
import { MODEL_OPTIONS } from '../../options/detector-options.js';
import { toJson } from '../../text/json-number.js';
import type { InputSpec } from '../../types/model.js';
import { command } from '../command.js';
import { printable } from '../output/printable.js';
import { STATUS_OF } from '../output/status.js';

const { model: _operand, ...GIVEN } = MODEL_OPTIONS;

const OWN = {
  /** Print JSON. Default false */
  json: option(flag, {
    default: false,
    words: { json: { form: 'switch', help: 'Print JSON, with the spec that --spec takes' } },
  }),
  /** Path for the spec. */
  save: option(text, {
    words: {
      save: { form: 'text', value: 'FILE', completes: 'files', help: 'Write the spec into this file, for --spec' },
    },
  }),
};

export const inspect = command({
  name: 'inspect',
  summary: 'Print what a model is',
  usage: '[MODEL]',
  about:
    'Prints what an ONNX file, or the built-in model, is: its inputs and outputs, its family, its labels, and why.',
  operands: { min: 0, max: 1, what: 'a model' },
  options: { ...OWN, ...GIVEN },
  examples: [
    ['sigbox inspect', 'What the built-in model is'],
    ['sigbox inspect detector.onnx --save detector.json', 'A file to change and give to --spec'],
  ],
  notes: 'Exit status: 0, 64 usage, 66 no such file, 70 a model that sigbox can’t identify.',

  async run({ operands: [named], options: { json = false, save, ...given } }) {
    const [{ gatherFacts }, { identify }, { fetchNamed }] = await Promise.all([
      import('../../identify/evidence/facts.js'),
      import('../../identify/identify.js'),
      import('../options/fetch-named.js'),
    ]);
    const model = await fetchNamed(named, given);
    const facts = await gatherFacts(model);
    const outcome = await identify(model, given).catch((error) => {
      if (save === undefined && error instanceof SigboxError && error.code === 'E_MODEL') return error;
      throw error;
    });
    const identified = outcome instanceof SigboxError ? null : outcome;
    const unknown = outcome instanceof SigboxError ? outcome.message : null;
    process.stdout.write(json ? asJson(facts, identified, unknown) : asText(facts, identified, unknown));
    for (const warning of identified?.warnings ?? []) process.stderr.write(`sigbox: ${printable(warning)}\n`);
    if (save !== undefined) await write(save, `${JSON.stringify(identified!.spec, null, 2)}\n`);
    return unknown === null ? 0 : STATUS_OF.E_MODEL;
  },
});

function asJson(facts: ModelFacts, identified: IdentifiedModel | null, unknown: string | null): string {
  const { file, builtin, metadata, inputs, outputs } = facts;
  const { spec = null, decisions = [], warnings = [] } = identified ?? {};
  return `${toJson({ file, builtin, metadata, inputs, outputs, spec, decisions, warnings, unknown })}\n`;
}

function asText(facts: ModelFacts, identified: IdentifiedModel | null, unknown: string | null): string {
  const { properties, opset, producer } = facts.metadata;
  return [
    ...line('model', `${facts.file}${facts.builtin ? ' (built in)' : ''}`),
    ...['description', 'license', 'source'].flatMap((key) => line(key, properties[key])),
    ...line('made by', `${producer || 'unknown'}, opset ${opset}`),
    ...facts.inputs.flatMap((value) => line('input', valueText(value))),
    ...facts.outputs.flatMap((value) => line('output', valueText(value))),
    ...(identified === null ? line('unknown', unknown ?? '') : specLines(identified)),
  ].join('');
}

function specLines({ spec: { input, head, labels }, decisions }: IdentifiedModel): string[] {
  const named = labels.filter((label) => label !== null);
  const shown = named.length <= 100 ? named.join(', ') : `${named.slice(0, 100).join(', ')}, …`;
  const settings = Object.entries(head).map(
    ([key, value]) => `${key} ${typeof value === 'object' ? toJson(value) : value}`,
  );
  return [
    ...line('image', inputText(input)),
    ...line('head', settings.join(', ')),
    ...line('labels', `${named.length} on ${labels.length} class columns: ${shown}`),
    ...decisions.flatMap(({ field, value, because }) => line('because', `${field}: ${value}, for ${because}`)),
  ];
}

function inputText({ width, height, fit, interpolation, channels, layout, type, scale, mean, std }: InputSpec): string {
  const value = `(pixel × ${Number(scale.toPrecision(6))} − [${mean.join(', ')}]) / [${std.join(', ')}]`;
  return `${fit} to ${width} × ${height}, ${interpolation}, ${channels.toUpperCase()}, ${layout.toUpperCase()} ${type}, ${value}`;
}

function valueText({ name, type, dims }: ValueDescription): string {
  return `"${name}" ${type} [${dims.join(', ')}]`;
}

const TITLE_WIDTH = 13;

function line(title: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`${title.padEnd(TITLE_WIDTH)}${printable(text)}\n`];
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new SigboxError('E_IO', `${file}: cannot be written: ${reason(cause)}.`, { cause });
  }
}
