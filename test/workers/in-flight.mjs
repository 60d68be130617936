// Ends in the way the first argument names, while detections are in flight. Prints the workers' process ids before.
import { execFileSync } from 'node:child_process';

const [how, library, image] = process.argv.slice(2);
const { createDetector } = await import(library);
const detector = await createDetector({ workers: 2 });
const detections = Array.from({ length: 200 }, () => detector.detect(image));
for (const detection of detections) detection.catch(() => {});
await Promise.race(detections);

/** Process ids of the workers that are alive. */
function workersNow() {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const processes = table.split('\n').map((line) => line.trim().split(/\s+/));
  const children = processes.filter(([, parent, ...args]) => parent === String(process.pid) && !args.includes('-A'));
  return children.map(([pid]) => Number(pid));
}

const workers = workersNow();
console.log(workers.join(' '));

const ends = {
  exit: () => process.exit(7),
  throw: () => {
    throw new Error('on purpose');
  },
  reject: () => void Promise.reject(new Error('on purpose')),
  SIGINT: () => process.kill(process.pid, 'SIGINT'),
  SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
  SIGKILL: () => process.kill(process.pid, 'SIGKILL'),
  // One worker after the other dies; every image is still to get its result.
  killWorkers: async () => {
    for (const pid of workers) process.kill(pid, 'SIGKILL');
    const results = await Promise.all(detections);
    console.log(results.every(({ detections: { length } }) => length > 0));
    await detector.close();
  },
  // No worker lives long enough to give a result: no image may wait for ever.
  killForever: async () => {
    const timer = setInterval(() => {
      for (const pid of workersNow()) process.kill(pid, 'SIGKILL');
    }, 5);
    const outcomes = await Promise.allSettled(detections);
    clearInterval(timer);
    const told = outcomes.filter(({ reason }) => reason?.code === 'E_WORKER');
    console.log(
      told.length > 0 && told.every(({ reason }) => /died twice on this image: .*exited/.test(reason.message)),
    );
    console.log((await detector.detect(image)).detections.length > 0);
    await detector.close();
  },
  close: async () => {
    await detector.close();
    console.log((await Promise.allSettled(detections)).every(({ status }) => status === 'fulfilled'));
  },
};
setTimeout(ends[how], 20);
