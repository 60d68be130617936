// An application that runs its own BullMQ workers, beside other jobs, with sigbox inside.
//
//     node index.mjs photos store redis://localhost:6379
//
// The first process plans the run and fills the queue; start more of them, here or on other machines, to share the work.

import { hostname } from 'node:os';
import { Queue, Worker } from 'bullmq';
import { collect, openChunkWorker, planRun, SigboxError } from 'sigbox';

const [photos = 'photos', store = 'store', url = 'redis://localhost:6379'] = process.argv.slice(2);
const connection = { url, maxRetriesPerRequest: null };
const ATTEMPTS = 3;

// A store that has a plan already is worked on as it is: a plan never changes.
const planned = await planRun(photos, { out: store, chunk: 50 }).catch((error) => {
  if (error instanceof SigboxError && error.message.includes('a store without a run')) return null;
  throw error;
});
if (planned !== null) console.log(`planned ${planned.images} images in ${planned.chunks} chunks`);

const detector = await openChunkWorker(store);
const queue = new Queue('my-detections', { connection });

/** Named after run and chunk, a job is never in the queue twice; it says no more than which chunk it is. */
async function fill() {
  const missing = await detector.missing();
  const jobs = missing.map((chunk) => ({
    name: 'detect',
    data: { run: detector.run, chunk },
    opts: {
      jobId: `${detector.run}-${chunk}`,
      attempts: ATTEMPTS,
      backoff: { type: 'exponential', delay: 1000 },
      removeOnComplete: true,
      removeOnFail: true,
    },
  }));
  await queue.addBulk(jobs);
  return missing.length;
}

const worker = new Worker(
  'my-detections',
  async (job) => {
    try {
      const { images, failures } = await detector.detect(job.data.chunk);
      console.log(`chunk ${job.data.chunk}: ${images} images, ${failures} failures`);
    } catch (error) {
      // After its last attempt a chunk is set aside, in the store: Redis may forget.
      if (job.attemptsMade + 1 >= ATTEMPTS) await detector.setAside(job.data.chunk, ATTEMPTS, error);
      throw error;
    }
  },
  {
    connection,
    name: `${hostname()}:${process.pid}`,
    concurrency: 2, // the images of the next chunk begin while the last ones of this chunk are worked on
    lockDuration: 5000, // a killed machine's chunks are dealt out again within 15 s
    stalledInterval: 5000,
    maxStalledCount: 20,
  },
);
worker.on('error', (error) => console.error(error.message));

// What is in the store is the truth. The queue may be lost: it is filled again until nothing is missing.
while ((await fill()) > 0) await new Promise((resolve) => setTimeout(resolve, 1000));

await worker.close();
await queue.close();
await detector.close();

if (planned !== null) {
  const { summary } = await collect(store, { out: `${store}-collected`, partial: true });
  console.log(`${summary.images} images collected in ${store}-collected`);
}
