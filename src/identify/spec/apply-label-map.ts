import { mapLabels } from '../../labels/label-map.js';
import { namesReadyMap } from '../../labels/ready-maps.js';
import type { IdentifiedModel } from '../identify.js';
import { type LabelMapGiven, readLabelMap } from '../sidecars/label-map.js';

/**
 * A model with its labels under a map. A warning names what a ready map has no name for.
 *
 * @param given  undefined: the model as it is
 * @throws SigboxError E_IO, E_ARGUMENT  a map that can't be read, or does not fit the labels
 */
export async function applyLabelMap<Model extends Pick<IdentifiedModel, 'spec' | 'warnings'>>(
  model: Model,
  given: LabelMapGiven | undefined,
): Promise<Model> {
  if (given === undefined) return model;
  const { spec } = model;
  const { map, where } = await readLabelMap(given, spec.labels);
  const { labels, parents, dropped } = mapLabels(spec.labels, map, where);
  const above = [...(spec.parents ?? []), ...parents];
  const said = typeof given === 'string' && namesReadyMap(given) && dropped.length > 0;
  return {
    ...model,
    spec: { ...spec, labels, ...(above.length > 0 ? { parents: above } : {}) },
    warnings: said ? [...model.warnings, droppedWarning(where, spec.labels, dropped)] : model.warnings,
  };
}

function droppedWarning(where: string, labels: readonly (string | null)[], dropped: readonly string[]): string {
  const all = new Set(labels.filter((label) => label !== null)).size;
  return `${where}: it has no name for ${dropped.length} of ${all} labels, which are left out: ${dropped.join(', ')}.`;
}
