/**
 * Times sigbox on a COCO ground truth and results file, once: JSON with seconds, CPU seconds of the
 * evaluation (work), peak memory in MiB and the numbers.
 *
 *     tsx bench/evaluate/measure.ts TRUTH RESULTS
 */
import { readFileSync } from 'node:fs';

const [groundTruthFile, resultsFile] = process.argv.slice(2) as [string, string];
// not by bench/built.ts, which would load onnxruntime and sharp as well
const { cocoSummary } = await built<typeof import('../../src/evaluate/metrics/coco.js')>('metrics/coco.js');
const { cocoGroundTruth } =
  await built<typeof import('../../src/evaluate/tables/coco-ground-truth.js')>('tables/coco-truth.js');
const { resultSet } = await built<typeof import('../../src/evaluate/tables/result-set.js')>('tables/result-set.js');

const start = performance.now();
const groundTruth = cocoGroundTruth(JSON.parse(readFileSync(groundTruthFile, 'utf8')));
const results = resultSet(JSON.parse(readFileSync(resultsFile, 'utf8')), groundTruth);
const loaded = performance.now();
const before = process.cpuUsage();
const { numbers } = cocoSummary(groundTruth.table, results.table, groundTruth.size);
const end = performance.now();
const { user, system } = process.cpuUsage(before);

const seconds = (ms: number) => ms / 1000;
const memory = process.resourceUsage().maxRSS / 1024;
const times = { load: seconds(loaded - start), evaluate: seconds(end - loaded), work: (user + system) / 1e6 };
console.log(JSON.stringify({ ...times, memory, numbers: Object.values(numbers) }));

async function built<Module>(name: string): Promise<Module> {
  return import(new URL(`../../dist/evaluate/${name}`, import.meta.url).href);
}
