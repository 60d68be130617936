import type { Evaluation } from '../evaluate/evaluation.js';
import type { ChartSize, EChartsOption } from './render-chart.js';

/** Counts are written into the cells of so many labels at most. */
const WRITTEN = 24;

/**
 * What is taken for what: a row per label of ground truth, a column per label of detections. A cell is as dark as its share of the
 * row; labels that nothing is of and nothing was taken for are left out.
 */
export function confusionChart({
  confusion,
  iouThreshold,
  scoreThreshold,
}: Evaluation): EChartsOption & { size: ChartSize } {
  const { labels, counts } = confusion;
  const used = labels.map((_, i) => i).filter((i) => i === labels.length - 1 || occurs(counts, i));
  const names = used.map((i) => labels[i]!);
  const side = names.length <= WRITTEN ? 34 : 15;
  const margin = 24 + 7 * Math.min(20, Math.max(...names.map((name) => name.length)));
  const size = { width: Math.max(480, margin + side * names.length + 90), height: margin + side * names.length + 100 };
  const axis = { type: 'category', data: names, splitArea: { show: true }, nameLocation: 'middle' } as const;
  const label = { interval: 0, fontSize: side > 20 ? 12 : 10, width: 140, overflow: 'truncate' } as const;
  return {
    size,
    title: {
      text: 'Confusion',
      subtext: `at score ${scoreThreshold} and IoU ${iouThreshold}; a cell is as dark as its share of the row`,
      left: 'center',
      top: 8,
    },
    grid: { left: margin + 16, top: 70, width: side * names.length, height: side * names.length },
    xAxis: { ...axis, name: 'detected as', nameGap: margin - 8, axisLabel: { ...label, rotate: 90 } },
    yAxis: { ...axis, name: 'ground truth', nameGap: margin - 4, inverse: true, axisLabel: label },
    visualMap: {
      ...{ min: 0, max: 1, dimension: 2, calculable: false, right: 12, top: 70, text: ['1', '0'], itemHeight: 120 },
      inRange: { color: ['#f2f7fb', '#0072b2', '#00253d'] },
    },
    series: [
      {
        type: 'heatmap',
        data: cellsOf(counts, used),
        label: { show: side > 20, fontSize: 10, formatter: ({ data }) => String((data as number[])[3]) },
      },
    ],
  };
}

/** Of each that is not 0: column, row, share of the row, count. */
function cellsOf(counts: readonly (readonly number[])[], used: readonly number[]): number[][] {
  return used.flatMap((row, y) => {
    const sum = counts[row]!.reduce((all, count) => all + count, 0);
    return used.flatMap((column, x) => {
      const count = counts[row]![column]!;
      return count === 0 ? [] : [[x, y, count / sum, count]];
    });
  });
}

function occurs(counts: readonly (readonly number[])[], i: number): boolean {
  return counts[i]!.some((count) => count > 0) || counts.some((row) => row[i]! > 0);
}
