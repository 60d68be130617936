import { type Aim, type Counts, worth } from '../thresholds/aim.js';
import type { CountSums, CountTable } from '../thresholds/count-table.js';
import { type FittedThresholds, fitThresholds, type Shrinkage } from '../thresholds/fit-thresholds.js';

/** A way to set thresholds: from one of several sets of detections, with some shrinkage. */
export interface Setting {
  /** Number of the table: what is suppressed how. */
  table: number;
  strength: number;
}

export interface Choice {
  aim: Aim;
  /** In the order in which they are preferred where they are equally good. */
  settings: readonly Setting[];
  fewest: number;
}

/**
 * The setting that does best on folds it was not fitted to: each fold in turn is judged by thresholds from the others, and
 * the counts of all are taken together.
 *
 * @param folds  those that may be looked at; one alone can't be judged, and takes the first setting
 */
export function chooseSetting(tables: readonly CountTable[], folds: readonly number[], choice: Choice): Setting {
  const { settings, aim } = choice;
  if (folds.length < 2 || settings.length < 2) return settings[0]!;
  const worths = settings.map((setting) => {
    const classes = tables[setting.table]!.classes;
    const total = {
      right: new Float64Array(classes),
      wrong: new Float64Array(classes),
      truths: new Float64Array(classes),
    };
    for (const fold of folds) {
      const others = folds.filter((each) => each !== fold);
      const fitted = fitSetting(tables, others, setting, choice);
      add(total, tables[setting.table]!.sum([fold]), fitted);
    }
    return worth(aim, total);
  });
  return settings[worths.indexOf(Math.max(...worths))]!;
}

export function fitSetting(
  tables: readonly CountTable[],
  folds: readonly number[],
  { table, strength }: Setting,
  { aim, fewest }: Choice,
): FittedThresholds {
  const shrinkage: Shrinkage = { strength, fewest };
  return fitThresholds(tables[table]!.sum(folds), aim, shrinkage);
}

/** Adds the counts at each class's own threshold. */
function add(total: { [Field in keyof Counts]: Float64Array }, sums: CountSums, { places }: FittedThresholds): void {
  for (let classId = 0; classId < sums.classes; classId++) {
    const at = places[classId]! * sums.classes + classId;
    total.right[classId]! += sums.right[at]!;
    total.wrong[classId]! += sums.wrong[at]!;
    total.truths[classId]! += sums.truths[classId]!;
  }
}
