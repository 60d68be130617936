import { complain } from '../errors.js';
import { identify } from '../identify/identify.js';
import { applyLabelMap } from '../identify/spec/apply-label-map.js';
import type { ModelSpec } from '../identify/spec/model-spec.js';
import { firstOfLabel } from '../labels/label-map.js';
import { localModel, type ModelOrigin } from '../model/hub/local-model.js';
import type { DetectorOptions, GivenModel } from '../options/detector-options.js';
import type { JoinedModel } from '../options/plan.js';
import { checkPostprocessOptions } from '../postprocess/options/postprocess-options.js';

/** A model that is used, alone or with others. */
export interface UsedModel extends JoinedModel {
  /** Path of the ONNX file. */
  file: string;
  /** Where a model that was named came from; null: from a path. */
  origin: ModelOrigin | null;
  /** Its own, with the labels that results have. */
  spec: ModelSpec;
}

/** All models of a detector. */
export interface UsedModels {
  /** One, or several that are joined. */
  models: [UsedModel, ...UsedModel[]];
  /** Of the one model; of several, that of the first with the labels of all. */
  spec: ModelSpec;
  warnings: string[];
}

/**
 * Finds out what a detector's models are. Labels of one name are one label; a label map is applied to the labels of all.
 *
 * @param options  checked
 * @throws SigboxError E_ARGUMENT  a model beside several, a weight that is not positive, models that share no label. Else as
 *   `identify` and `applyLabelMap`
 */
export async function openModels(options: DetectorOptions): Promise<UsedModels> {
  const { models, map, rules } = options;
  if (models === undefined) {
    const { model, origin } = await localModel(options.model, options);
    const { file, spec, warnings } = await applyLabelMap(await identify(model, options), map, rules);
    const classIds = [...spec.labels.keys()];
    return { models: [{ file, origin, spec, weight: 1, thresholds: {}, classIds }], spec, warnings };
  }
  requireAlone(options);
  const found = [];
  for (const given of models) {
    const { weight = 1, thresholds = {}, ...own } = weightedModel(given);
    const { model, origin } = await localModel(own.model, { ...options, ...own });
    const checked = checkPostprocessOptions(thresholds, `thresholds of model ${String(own.model)}`);
    found.push({ ...(await identify(model, own)), origin, weight, thresholds: checked });
  }
  const [first] = found as [(typeof found)[number]];
  const names = unitedLabels(found.map(({ spec }) => spec));
  const { parents: _1, rules: _2, ...plain } = first.spec;
  const united = await applyLabelMap({ spec: { ...plain, labels: names } as ModelSpec, warnings: [] }, map, rules);
  const { labels } = united.spec;
  const firsts = firstOfLabel(labels);
  const joined = found.map(({ decisions: _, warnings: _1, ...each }) => {
    const places = each.spec.labels.map((label) => (label === null ? null : names.indexOf(label)));
    const spec: ModelSpec = { ...each.spec, labels: places.map((place) => (place === null ? null : labels[place]!)) };
    return { ...each, spec, classIds: places.map((place) => (place === null ? 0 : firsts[place]!)) };
  });
  requireSharedLabels(joined);
  const warnings = [...united.warnings, ...found.flatMap((each) => each.warnings)];
  return { models: joined as unknown as UsedModels['models'], spec: united.spec, warnings };
}

/** The first model's, as they stand, and what others have besides. */
function unitedLabels([first, ...others]: readonly ModelSpec[]): (string | null)[] {
  const labels = [...first!.labels];
  const known = new Set(labels);
  for (const label of others.flatMap((spec) => spec.labels)) {
    if (label === null || known.has(label)) continue;
    known.add(label);
    labels.push(label);
  }
  return labels;
}

/** One of several models as an object: `b.onnx:2` counts twice. @throws SigboxError E_ARGUMENT  a weight that is not positive */
export function weightedModel(given: GivenModel | string | URL): GivenModel {
  if (given instanceof URL) return { model: given };
  if (typeof given === 'object') return given;
  const [, model, weight] = /^(.+):(-?\d+(?:\.\d+)?)$/.exec(given) ?? [];
  if (model === undefined) return { model: given };
  if (Number(weight) > 0) return { model, weight: Number(weight) };
  const expected = 'a positive weight behind the colon';
  throw complain('E_ARGUMENT', { where: `model ${model}`, expected, received: weight, mend: 'Leave it out for 1.' });
}

/** What is said of one model is not said of all. */
function requireAlone(options: DetectorOptions): void {
  const own = ['model', 'spec', 'size', 'labelsFile'] as const;
  const name = own.find((each) => options[each] !== undefined);
  if (name === undefined) return;
  const mend = 'In the library each entry of models takes its own.';
  throw complain('E_ARGUMENT', {
    where: 'models',
    expected: `no ${name} beside several models`,
    received: String(options[name]),
    mend,
  });
}

function requireSharedLabels(models: readonly Pick<UsedModel, 'file' | 'spec'>[]): void {
  for (const { file, spec } of models) {
    const others = new Set(models.flatMap((other) => (other.spec === spec ? [] : other.spec.labels)));
    if (spec.labels.some((label) => label !== null && others.has(label))) continue;
    const expected = 'labels of which another model has one';
    const received = spec.labels
      .filter((label) => label !== null)
      .slice(0, 5)
      .join(', ');
    throw complain('E_ARGUMENT', {
      where: `model ${file}`,
      expected,
      received,
      mend: 'A map (--map) gives them one name.',
    });
  }
}
