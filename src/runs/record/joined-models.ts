import { firstOfLabel } from '../../labels/label-map.js';
import type { JoinedModel } from '../../options/plan.js';
import { candidateModel } from '../../postprocess/candidate-model.js';
import type { CandidateModel } from '../../types/candidates.js';
import type { RunHeader } from './run-header.js';

/** The models of a run of several, as plans take them; undefined: it has one. */
export function joinedModels({
  models,
  spec: { labels },
}: Pick<RunHeader, 'models' | 'spec'>): JoinedModel[] | undefined {
  const firsts = firstOfLabel(labels);
  return models?.map(({ spec, weight, thresholds }) => {
    const classIds = spec.labels.map((label) => (label === null ? 0 : firsts[labels.indexOf(label)]!));
    return { spec, weight, thresholds, classIds };
  });
}

/** What a run's candidates are candidates of, by the number of the model. */
export function candidateModels({ models, spec }: Pick<RunHeader, 'models' | 'spec'>): CandidateModel[] {
  return models?.map((model) => candidateModel(model.spec)) ?? [candidateModel(spec)];
}
