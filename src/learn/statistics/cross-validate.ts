import { type Aim, aimValue, type ClassCounts } from '../thresholds/aim.js';
import type { CountSums, CountTable } from '../thresholds/count-table.js';
import { type FittedThresholds, fitThresholds, type Shrinkage } from '../thresholds/fit-thresholds.js';

/** A way to set thresholds: one of several sets of detections, and a strength of shrinkage. */
export interface Setting {
  /** Number of the table, one per kind of suppression. */
  table: number;
  strength: number;
}

export interface SettingChoice {
  aim: Aim;
  /** In order of preference between equally good ones. */
  settings: readonly Setting[];
  minExamples: number;
}

/**
 * The setting that does best on held-out folds: each fold is evaluated at thresholds fitted to the others, and the counts of
 * all folds are added.
 *
 * @param folds  folds that may be used; with a single one the first setting is returned
 */
export function chooseSetting(tables: readonly CountTable[], folds: readonly number[], choice: SettingChoice): Setting {
  const { settings, aim } = choice;
  if (folds.length < 2 || settings.length < 2) return settings[0]!;
  const values = settings.map((setting) => {
    const classes = tables[setting.table]!.classes;
    const total = {
      truePositives: new Float64Array(classes),
      falsePositives: new Float64Array(classes),
      groundTruths: new Float64Array(classes),
    };
    for (const fold of folds) {
      const others = folds.filter((each) => each !== fold);
      const fitted = fitSetting(tables, others, setting, choice);
      add(total, tables[setting.table]!.sum([fold]), fitted);
    }
    return aimValue(aim, total);
  });
  return settings[values.indexOf(Math.max(...values))]!;
}

export function fitSetting(
  tables: readonly CountTable[],
  folds: readonly number[],
  { table, strength }: Setting,
  { aim, minExamples }: SettingChoice,
): FittedThresholds {
  const shrinkage: Shrinkage = { strength, minExamples };
  return fitThresholds(tables[table]!.sum(folds), aim, shrinkage);
}

/** Adds the counts at each class's threshold. */
function add(
  total: { [Field in keyof ClassCounts]: Float64Array },
  sums: CountSums,
  { places }: FittedThresholds,
): void {
  for (let classId = 0; classId < sums.classes; classId++) {
    const at = places[classId]! * sums.classes + classId;
    total.truePositives[classId]! += sums.truePositives[at]!;
    total.falsePositives[classId]! += sums.falsePositives[at]!;
    total.groundTruths[classId]! += sums.groundTruths[classId]!;
  }
}
