import { mapLabels, resultLabels } from '../../labels/label-map.js';
import { namesReadyMap } from '../../labels/ready-maps.js';
import { resolveRules } from '../../labels/rules/resolve-rules.js';
import type { RuleMode } from '../../types/rules.js';
import type { IdentifiedModel } from '../identify.js';
import { type LabelMapGiven, readLabelMap } from '../sidecars/label-map.js';

/**
 * A model with its labels under a map. A warning names what a ready map has no name for.
 *
 * @param given  undefined: the model's own labels
 * @param mode   what becomes of regions that violate rules. Default 'repair'
 * @throws SigboxError E_IO, E_ARGUMENT  a map that can't be read, or does not fit the labels
 */
export async function applyLabelMap<Model extends Pick<IdentifiedModel, 'spec' | 'warnings'>>(
  model: Model,
  given: LabelMapGiven | undefined,
  mode: RuleMode = 'repair',
): Promise<Model> {
  const { spec } = model;
  if (given === undefined) {
    return spec.rules === undefined ? model : { ...model, spec: { ...spec, rules: { ...spec.rules, mode } } };
  }
  const { map, where } = await readLabelMap(given, spec.labels);
  const { labels, parents, dropped } = mapLabels(spec.labels, map, where);
  const above = [...(spec.parents ?? []), ...parents];
  const said = typeof given === 'string' && namesReadyMap(given) && dropped.length > 0;
  const names = resultLabels(labels, above).filter((label) => label !== null);
  const ruled = map.rules && resolveRules(map.rules, { labels: names, groups: map.groups ?? {}, where });
  const rules = [...(spec.rules?.rules ?? []), ...(ruled?.rules ?? [])];
  return {
    ...model,
    spec: {
      ...spec,
      labels,
      ...(above.length > 0 && { parents: above }),
      ...(rules.length > 0 && { rules: { mode, rules } }),
    },
    warnings: [
      ...model.warnings,
      ...(said ? [droppedWarning(where, spec.labels, dropped)] : []),
      ...(ruled?.warnings ?? []),
    ],
  };
}

function droppedWarning(where: string, labels: readonly (string | null)[], dropped: readonly string[]): string {
  const all = new Set(labels.filter((label) => label !== null)).size;
  return `${where}: it has no name for ${dropped.length} of ${all} labels, which are left out: ${dropped.join(', ')}.`;
}
