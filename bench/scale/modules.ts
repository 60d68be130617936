/** The modules of dist/ that the bench of many machines calls; typed by their sources. */
export const built = {
  sort: await module<typeof import('../../src/files/external-sort.js')>('files/external-sort.js'),
  store: await module<typeof import('../../src/files/store/open-store.js')>('files/store/open-store.js'),
  plan: await module<typeof import('../../src/runs/queue/plan-run.js')>('runs/queue/plan-run.js'),
  collect: await module<typeof import('../../src/runs/queue/collect.js')>('runs/queue/collect.js'),
  manifest: await module<typeof import('../../src/runs/queue/chunks/manifest.js')>('runs/queue/chunks/manifest.js'),
  files: await module<typeof import('../../src/runs/queue/chunks/chunk-files.js')>('runs/queue/chunks/chunk-files.js'),
  queue: await module<typeof import('../../src/runs/queue/dealing/chunk-queue.js')>(
    'runs/queue/dealing/chunk-queue.js',
  ),
  work: await module<typeof import('../../src/runs/queue/dealing/work-queue.js')>('runs/queue/dealing/work-queue.js'),
};

async function module<Module>(path: string): Promise<Module> {
  return import(new URL(`../../dist/${path}`, import.meta.url).href);
}
