import type { Evaluation } from '../evaluate/evaluation.js';
import { confusionChart } from './confusion-chart.js';
import { precisionChart } from './precision-chart.js';
import { reliabilityChart } from './reliability-chart.js';
import { thresholdChart } from './threshold-chart.js';

/** The charts of an evaluation: SVG by file name. */
export function evaluationCharts(evaluation: Evaluation): Map<string, string> {
  const words = {
    title: 'Reliability of scores',
    subtitle: `precision at IoU ${evaluation.iouThreshold} by score`,
  };
  return new Map([
    ['precision-recall.svg', precisionChart(evaluation)],
    ['f1.svg', thresholdChart(evaluation)],
    ['confusion.svg', confusionChart(evaluation)],
    ['reliability.svg', reliabilityChart(evaluation.curves.reliability, words)],
  ]);
}
