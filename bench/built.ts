/**
 * Modules of dist/, which `npm run build` makes: worker processes need built files, and what is shipped is what is to
 * be measured. Typed by their sources, so that types can be checked before a build.
 */
export const detector = await built<typeof import('../src/detector.js')>('detector.js');
export const decode = await built<typeof import('../src/image/decode.js')>('image/decode.js');
export const batch = await built<typeof import('../src/runs/annotate.js')>('runs/annotate.js');
export const builtin = await built<typeof import('../src/model/builtin.js')>('model/builtin.js');
export const feeds = await built<typeof import('../src/model/feeds.js')>('model/feeds.js');
export const session = await built<typeof import('../src/model/session.js')>('model/session.js');
export const infer = await built<typeof import('../src/model/infer.js')>('model/infer.js');
export const heads = await built<typeof import('../src/heads/index.js')>('heads/index.js');
export const classSelection =
  await built<typeof import('../src/labels/class-selection.js')>('labels/class-selection.js');
export const detections = await built<typeof import('../src/postprocess/detections.js')>('postprocess/detections.js');
export const bestFirst = await built<typeof import('../src/postprocess/best-first.js')>('postprocess/best-first.js');
export const findCandidates = await built<typeof import('../src/postprocess/select/find-candidates.js')>(
  'postprocess/select/find-candidates.js',
);
export const options = await built<typeof import('../src/options/plan.js')>('options/plan.js');
export const pipeline = await built<typeof import('../src/pipeline.js')>('pipeline.js');
export const postprocess = await built<typeof import('../src/postprocess/index.js')>('postprocess/index.js');
export const greedy = await built<typeof import('../src/kernels/boxes/greedy.js')>('kernels/boxes/greedy.js');
export const labelRules = await built<typeof import('../src/labels/rules/index.js')>('labels/rules/index.js');
export const ruleSet = await built<typeof import('../src/labels/rules/rule-set.js')>('labels/rules/rule-set.js');
export const memory = await built<typeof import('../src/kernels/memory.js')>('kernels/memory.js');

export const workerUrl = new URL('../dist/workers/worker.js', import.meta.url);
export const cliUrl = new URL('../dist/cli/main.js', import.meta.url);

async function built<Module>(path: string): Promise<Module> {
  return import(new URL(`../dist/${path}`, import.meta.url).href);
}
