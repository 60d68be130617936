import { withDefaults } from '../check/option.js';
import type { GroundTruthInput } from '../evaluate/inputs.js';
import { groundTruthSet } from '../evaluate/tables/evaluation-tables.js';
import { resultSet } from '../evaluate/tables/result-set.js';
import { checkBoxes } from './check-boxes.js';
import { checkCopies, type SplitImage } from './check-copies.js';
import { checkImages } from './check-images.js';
import { doctorLabels } from './check-labels.js';
import { CHECK_OPTIONS, type CheckOptions, checkCheckOptions } from './check-options.js';
import type { Finding } from './finding.js';
import { readImageFiles } from './read-image-files.js';
import { suspectLabels } from './suspect-labels.js';

/** One set of annotations, and where its images are. */
export interface CheckedSplit {
  /** What it is called in findings. */
  name: string;
  groundTruth: GroundTruthInput;
  /** Folder of its images. Default: files are not looked at */
  images?: string;
}

/** What is wrong, or odd, with annotations. */
export interface AnnotationCheck {
  images: number;
  groundTruths: number;
  labels: number;
  findings: Finding[];
  /** Odd entries that reading passed over, one line each. */
  warnings: string[];
}

/**
 * Checks annotations: boxes, labels, image files, copies of images in and between splits, and, with a model's results, labels
 * that they contradict.
 *
 * @param splits  the annotations to check, and others that must not share pictures with them
 * @throws SigboxError E_ARGUMENT, E_IO  annotations that can't be evaluated, a file that can't be read
 */
export async function checkAnnotations(
  splits: readonly [CheckedSplit, ...CheckedSplit[]],
  { results, ...options }: CheckOptions = {},
): Promise<AnnotationCheck> {
  const settled = withDefaults(CHECK_OPTIONS, checkCheckOptions(options, 'check'));
  const sets = splits.map(({ groundTruth }) => groundTruthSet(groundTruth));
  const first = sets[0]!;
  const findings = [...checkBoxes(first), ...doctorLabels(first)];
  const copies: SplitImage[] = [];
  for (const [i, { name: split, images }] of splits.entries()) {
    if (images === undefined) continue;
    const files = await readImageFiles(sets[i]!, images);
    if (i === 0) findings.push(...checkImages(first, files));
    for (const [name, facts] of files) copies.push({ split, name, ...facts });
  }
  findings.push(...checkCopies(copies));
  const found = results === undefined ? undefined : resultSet(results, first);
  if (found !== undefined) findings.push(...suspectLabels(first, found.table, settled));
  const order = ({ severity }: Finding) => (severity === 'error' ? 0 : 1);
  return {
    ...{ images: first.size.images, groundTruths: first.table.images.length, labels: first.labels.length },
    findings: findings.sort((a, b) => order(a) - order(b)),
    warnings: [
      ...first.warnings.filter((warning) => !/^\d+ ground truth box/.test(warning)),
      ...(found?.warnings ?? []),
    ],
  };
}
