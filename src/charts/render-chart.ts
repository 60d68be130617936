import type { EChartsOption } from 'echarts';
import { complain } from '../errors.js';

export type { EChartsOption } from 'echarts';

export interface ChartSize {
  width: number;
  height: number;
}

/** Told apart by people who see few colours. Source: Okabe and Ito, Color Universal Design, 2008. */
export const COLOURS = { blue: '#0072b2', orange: '#d55e00', green: '#009e73', grey: '#7f7f7f', pink: '#cc79a7' };

/**
 * A chart as an SVG picture, on white.
 *
 * @throws SigboxError E_ARGUMENT  the package that draws is not installed
 */
export async function renderChart(option: EChartsOption, size: ChartSize): Promise<string> {
  const { init } = await library();
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    const common = { animation: false, backgroundColor: '#ffffff', textStyle: { fontFamily: 'sans-serif' } };
    chart.setOption({ ...common, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Loaded where a chart is drawn: it is large, and npm may have left it out. */
async function library(): Promise<typeof import('echarts')> {
  try {
    return await import('echarts');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const mend = 'npm install echarts.';
    throw complain('E_ARGUMENT', { where: 'charts', expected: 'the package echarts', received: 'none', mend, cause });
  }
}

/** Title, its second line, and axes from 0 to 1. */
export function frame(title: string, subtext: string, x: string, y: string): EChartsOption {
  const axis = { type: 'value', min: 0, max: 1, nameLocation: 'middle', axisLine: { show: true } } as const;
  return {
    title: { text: title, subtext, left: 'center', top: 8 },
    grid: { left: 64, right: 32, top: 112, bottom: 56 },
    xAxis: { ...axis, name: x, nameGap: 30 },
    yAxis: { ...axis, name: y, nameGap: 42 },
  };
}

/** 0.5384 → 0.538; what is not there is a dash. */
export function digits(value: number | null | undefined): string {
  return value === null || value === undefined || value < 0 ? '–' : value.toFixed(3);
}
