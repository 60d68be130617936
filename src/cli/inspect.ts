import { toJson } from '../formats/json-number.js';
import { gatherFacts, type ModelFacts, SPEC_KEY } from '../model/identify.js';
import { describeModel, type ValueDescription } from '../model/session.js';
import { readSpecFile } from '../model/spec.js';
import type { InputSpec, ModelSpec } from '../types.js';
import type { InspectArguments } from './command-line.js';
import { printable } from './printable.js';

type Description = ModelFacts & Awaited<ReturnType<typeof describeModel>>;

/** `sigbox inspect`. @returns the exit status */
export async function inspect({ model, spec, json }: InspectArguments): Promise<number> {
  const facts = await gatherFacts(model, spec === undefined ? undefined : await readSpecFile(spec));
  const description = { ...facts, ...(await describeModel(facts.file)) };
  process.stdout.write(json ? `${toJson(description)}\n` : asText(description));
  return 0;
}

function asText({ file, builtin, metadata, inputs, outputs, spec, specSource }: Description): string {
  const { properties, opset, producer } = metadata;
  const told = ['description', 'license', 'source'].flatMap((key) => line(key, properties[key]));
  return [
    ...line('model', `${file}${builtin ? ' (built in)' : ''}`),
    ...told,
    ...line('made by', `${producer || 'unknown'}, opset ${opset}`),
    ...inputs.flatMap((value) => line('input', valueText(value))),
    ...outputs.flatMap((value) => line('output', valueText(value))),
    ...(spec === null ? undescribed() : specLines(spec)),
    ...line(
      'said by',
      specSource === null ? undefined : specSource === 'given' ? '--spec' : `its metadata ("${SPEC_KEY}")`,
    ),
  ].join('');
}

function specLines({ input, head, labels }: ModelSpec): string[] {
  const named = labels.filter((label) => label !== null);
  return [
    ...line('image', inputText(input)),
    ...line('head', `${head.family}: scores "${head.scores}" (${head.activation}), boxes "${head.boxes}"`),
    ...line('labels', `${named.length} on ${labels.length} class columns: ${named.join(', ')}`),
  ];
}

function undescribed(): string[] {
  const wanted = 'its metadata does not say what inputs and outputs mean: detecting with it needs --spec FILE.json';
  return line('unknown', `${wanted}, with all that "spec" holds in sigbox inspect --json`);
}

function inputText({ width, height, fit, channels, layout, scale, mean, std }: InputSpec): string {
  const value = `(pixel × ${scale} − [${mean.join(', ')}]) / [${std.join(', ')}]`;
  return `${fit} to ${width} × ${height}, ${channels.toUpperCase()}, ${layout.toUpperCase()}, ${value}`;
}

function valueText({ name, type, dims }: ValueDescription): string {
  return `"${name}" ${type} [${dims.join(', ')}]`;
}

const TITLE_WIDTH = 13;

function line(title: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`${title.padEnd(TITLE_WIDTH)}${printable(text)}\n`];
}
