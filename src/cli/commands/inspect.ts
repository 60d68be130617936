import { writeFile } from 'node:fs/promises';
import { reason, SigboxError } from '../../errors.js';
import { gatherFacts, type ModelFacts } from '../../identify/evidence/facts.js';
import { type IdentifiedModel, identify } from '../../identify/identify.js';
import type { ValueDescription } from '../../model/onnx/metadata.js';
import { toJson } from '../../text/json-number.js';
import type { InputSpec } from '../../types/model.js';
import type { InspectArguments } from '../options/inspect-words.js';
import { readSpecFile } from '../options/read-spec-file.js';
import { printable } from '../output/printable.js';
import { STATUS_OF } from '../output/status.js';

/** `sigbox inspect`: what a model is, and how that was found out. @returns the exit status */
export async function inspect({ detector, spec: specFile, json, save }: InspectArguments): Promise<number> {
  const { model, ...options } = detector;
  const facts = await gatherFacts(model);
  const given = specFile === undefined ? options : { ...options, spec: await readSpecFile(specFile) };
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
}

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
