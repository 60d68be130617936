import { writeFile } from 'node:fs/promises';
import { type OptionsOf, option } from '../../check/option.js';
import { tuple } from '../../check/shapes.js';
import { count, flag, text } from '../../check/words.js';
import { reason, SigboxError } from '../../errors.js';
import type { ModelFacts } from '../../identify/evidence/graph/facts.js';
import type { IdentifiedModel } from '../../identify/identify.js';
import type { Trial } from '../../identify/trial.js';
import type { ValueDescription } from '../../model/onnx/metadata.js';
import { MODEL_OPTIONS } from '../../options/detector-options.js';
import { toJson } from '../../text/json-number.js';
import { printable } from '../../text/printable.js';
import type { InputSpec } from '../../types/model.js';
import { AUGMENT_OPTIONS, augmentationOf } from '../../views/augment-options.js';
import { TILE_OPTIONS, tilePlan } from '../../views/tile-options.js';
import { command } from '../command.js';
import { STATUS_OF } from '../output/status.js';
import { countViews, type ViewCount, viewCountText } from '../output/view-plan-text.js';

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

/** With any of these the plan of looks is printed. */
const LOOKS = {
  ...TILE_OPTIONS,
  ...AUGMENT_OPTIONS,
  /** Size of an image, for the number of looks. Default: three usual sizes */
  imageSize: option(tuple('[width, height] in pixels', count, 2), {
    words: {
      'image-size': {
        form: 'size',
        value: 'WxH',
        help: 'With --tiles or --augment, count the looks at an image of this size',
        otherwise: 'three usual sizes',
      },
    },
  }),
};

export const inspectCommand = command({
  name: 'inspect',
  summary: 'Print what a model is',
  usage: '[MODEL]',
  about:
    'Prints what an ONNX file, or the built-in model, is: its inputs and outputs, its family, its labels, and why.',
  operands: { min: 0, max: 1, what: 'a model' },
  options: { ...OWN, ...GIVEN, ...LOOKS },
  examples: [
    ['sigbox inspect', 'What the built-in model is'],
    ['sigbox inspect detector.onnx --save detector.json', 'A file to change and give to --spec'],
    ['sigbox inspect detector.onnx --tiles 640 --image-size 4000x3000', 'How many tiles, and how long they take'],
  ],
  notes: 'Exit status: 0, 64 usage, 66 no such file, 70 a model that sigbox can’t identify.',

  async run({ operands: [named], options: { json = false, save, ...more } }) {
    const [{ gatherFacts }, { identifyFacts }, { tryModel }, { activations }, { fetchNamed }] = await Promise.all([
      import('../../identify/evidence/graph/facts.js'),
      import('../../identify/identify.js'),
      import('../../identify/trial.js'),
      import('../../identify/evidence/graph/activations.js'),
      import('../options/fetch-named.js'),
    ]);
    const { tiles, tileOverlap, wholeImage, augment, imageSize, ...given } = more;
    const model = await fetchNamed(named, given);
    const facts = await gatherFacts(model);
    const orRefusal = (error: unknown) => {
      if (save === undefined && error instanceof SigboxError && error.code === 'E_MODEL') return error;
      throw error;
    };
    const outcome = await identifyFacts(facts, given).catch(orRefusal);
    const identified = outcome instanceof SigboxError ? null : outcome;
    const trial = identified === null ? null : await tryModel(facts, identified.spec).catch(orRefusal);
    const refusal = [outcome, trial].find((found) => found instanceof SigboxError) ?? null;
    const found: Findings = {
      identified,
      trial: trial instanceof SigboxError ? null : trial,
      activations: activations(facts.graph),
      unknown: refusal?.message ?? null,
      views: identified === null ? [] : viewsOf(identified, { tiles, tileOverlap, wholeImage, augment }, imageSize),
    };
    process.stdout.write(json ? asJson(facts, found) : asText(facts, found));
    for (const warning of warningsOf(found)) process.stderr.write(`sigbox: ${printable(warning)}\n`);
    if (save !== undefined) await write(save, `${JSON.stringify(identified!.spec, null, 2)}\n`);
    return refusal === null ? 0 : STATUS_OF.E_MODEL;
  },
});

/** What was found out of a model. */
interface Findings {
  /** null: it is of no known family. */
  identified: IdentifiedModel | null;
  /** null: it can't be run. */
  trial: Trial | null;
  activations: { name: string; count: number }[];
  /** Why detection would refuse it. */
  unknown: string | null;
  /** Empty where no looks were asked for. */
  views: ViewCount[];
}

function viewsOf(
  { spec }: IdentifiedModel,
  { tiles, augment = [], ...asked }: { [Name in keyof Looks]: Looks[Name] | undefined },
  size: readonly [number, number] | undefined,
): ViewCount[] {
  if (tiles === undefined && augment.length === 0) return [];
  const { tileOverlap = LOOKS.tileOverlap.default, wholeImage = LOOKS.wholeImage.default } = asked;
  const grid = tilePlan({ ...(tiles !== undefined && { tiles }), tileOverlap, wholeImage }, spec.input);
  return countViews({ tiles: grid, augment: augment.map((look) => augmentationOf(look)!) }, size);
}

type Looks = OptionsOf<typeof TILE_OPTIONS & typeof AUGMENT_OPTIONS>;

function warningsOf({ identified, trial }: Findings): string[] {
  return [...new Set([...(identified?.warnings ?? []), ...(trial?.warnings ?? [])])];
}

function asJson(facts: ModelFacts, found: Findings): string {
  const { file, builtin, metadata, inputs, outputs } = facts;
  const { spec = null, decisions = [] } = found.identified ?? {};
  const { headKind = null, seconds: _, ...run } = found.trial ?? {};
  const evidence = {
    activations: found.activations,
    run: found.trial === null ? null : { ...run, warnings: undefined },
  };
  const told = { spec, headKind, decisions, evidence, warnings: warningsOf(found), unknown: found.unknown };
  const views = found.views.length > 0 && { views: found.views };
  return `${toJson({ file, builtin, metadata, inputs, outputs, ...told, ...views })}\n`;
}

function asText(facts: ModelFacts, { identified, trial, activations, unknown, views }: Findings): string {
  const { properties, opset, producer } = facts.metadata;
  return [
    ...line('model', `${facts.file}${facts.builtin ? ' (built in)' : ''}`),
    ...['description', 'license', 'source'].flatMap((key) => line(key, properties[key])),
    ...line('made by', `${producer || 'unknown'}, opset ${opset}`),
    ...facts.inputs.flatMap((value) => line('input', valueText(value))),
    ...facts.outputs.flatMap((value) => line('output', valueText(value))),
    ...(identified === null ? [] : specLines(identified)),
    ...(trial === null ? [] : trialLines(trial)),
    ...line('activations', activations.map(({ name, count }) => `${count} ${name}`).join(', ') || undefined),
    ...views.flatMap((view) => line('looks', viewCountText(view, trial?.seconds ?? null))),
    ...line('unknown', unknown ?? undefined),
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

function trialLines({ headKind, outputs, bestScore }: Trial): string[] {
  const short = (value: number) => String(Number(value.toPrecision(4)));
  return [
    ...line('kind of head', `${headKind.kind}: ${headKind.because}`),
    ...outputs.flatMap(({ name, dims, low, high }) =>
      line('a run gives', `"${name}" [${dims.join(', ')}], ${short(low)} to ${short(high)}`),
    ),
    ...line('best score', `${short(bestScore)}, on a picture of texture`),
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
