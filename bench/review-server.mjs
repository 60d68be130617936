// The server of `sigbox review` in a process of its own; tells its parent the address.
import { readFileSync } from 'node:fs';
import { openReview } from '../dist/review/review.js';

const [run, truth] = process.argv.slice(2);
const groundTruth = truth === undefined ? undefined : { input: JSON.parse(readFileSync(truth, 'utf8')), path: truth };
const { url } = await openReview('0.1.0', { runs: [run], groundTruth, readOnly: true });
process.send(url);
