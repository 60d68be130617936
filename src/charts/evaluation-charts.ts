import type { Evaluation } from '../evaluate/evaluation.js';
import { confusionChart } from './confusion-chart.js';
import { labelSetChart } from './label-set-chart.js';
import { precisionChart } from './precision-chart.js';
import { reliabilityChart } from './reliability-chart.js';
import { thresholdChart } from './threshold-chart.js';

/** The charts of an evaluation: SVG by file name; that of label sets only where there are several labels on something. */
export function evaluationCharts(evaluation: Evaluation): Map<string, string> {
  const { labelSets } = evaluation;
  const hasSeveral = labelSets.multiLabelObjects + labelSets.multiLabelRegions > 0;
  const words = {
    title: 'Reliability of scores',
    subtitle: `precision at IoU ${evaluation.iouThreshold} by score`,
  };
  return new Map([
    ['precision-recall.svg', precisionChart(evaluation)],
    ['f1.svg', thresholdChart(evaluation)],
    ['confusion.svg', confusionChart(evaluation)],
    ['reliability.svg', reliabilityChart(evaluation.curves.reliability, words)],
    ...(hasSeveral ? [['label-sets.svg', labelSetChart(labelSets)] as const] : []),
  ]);
}
