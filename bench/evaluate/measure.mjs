/**
 * Plain JavaScript, so that nothing but Node and what is measured is in the process.
 *
 * Times sigbox on a COCO truth and results file, once: JSON with seconds, CPU seconds of everything (cpu) and of the
 * evaluation (work), peak memory in MiB and the numbers.
 *
 *     node bench/evaluate/measure.mjs TRUTH RESULTS
 */
import { statSync } from 'node:fs';

const [truthFile, resultsFile] = process.argv.slice(2);
// not by bench/built.ts, which would load onnxruntime and sharp as well
const { cocoSummary } = await built('evaluate/metrics/coco.js');
const { evaluationTables } = await built('evaluate/tables/evaluation-tables.js');
const { scanCoco } = await built('columns/scan-coco.js');
const { readChunks } = await built('files/read-chunks.js');

const start = performance.now();
const truth = await read(truthFile);
const found = await read(resultsFile);
if (truth?.kind !== 'dataset' || found?.kind !== 'results') throw new Error('measure: expected a dataset and results');
const tables = evaluationTables(truth.file, found.results);
const loaded = performance.now();
const before = process.cpuUsage();
const { numbers } = cocoSummary(tables.groundTruth.table, tables.detections, tables.groundTruth.size);
const end = performance.now();
const work = process.cpuUsage(before);
const all = process.cpuUsage();

const seconds = (ms) => ms / 1000;
const cpu = ({ user, system }) => (user + system) / 1e6;
const memory = process.resourceUsage().maxRSS / 1024;
const times = { load: seconds(loaded - start), evaluate: seconds(end - loaded), work: cpu(work), cpu: cpu(all) };
console.log(JSON.stringify({ ...times, memory, numbers: Object.values(numbers) }));

function read(file) {
  return scanCoco(readChunks(file), file, { bytes: statSync(file).size });
}

function built(name) {
  return import(new URL(`../../dist/${name}`, import.meta.url).href);
}
