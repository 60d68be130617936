import type { Tensors } from '../types/model.js';
import type { Feed, Feeds } from './feeds.js';

/**
 * The pictures of one run of a model that takes a fixed number of them. Where there are fewer, the last one fills the rest.
 *
 * @param pictures  feeds of one picture each, with a first dim of 1
 */
export function joinFeeds(pictures: readonly Feeds[], batch: number): Feeds {
  const names = Object.keys(pictures[0]!);
  return Object.fromEntries(
    names.map((name) => [
      name,
      joined(
        pictures.map((feeds) => feeds[name]!),
        batch,
      ),
    ]),
  );
}

function joined(feeds: readonly Feed[], batch: number): Feed {
  const [{ type, dims, data: first }] = feeds as [Feed];
  const data = new (first.constructor as new (length: number) => typeof first)(batch * first.length);
  for (let i = 0; i < batch; i++) {
    const own = feeds[Math.min(i, feeds.length - 1)]!.data;
    data.set(own as never, i * first.length);
  }
  return { type, dims: [batch, ...dims.slice(1)], data };
}

/** What a run gave for one of its pictures. */
export function sliceOutputs(outputs: Tensors, index: number, batch: number): Tensors {
  const slices = Object.entries(outputs).map(([name, { dims, data }]) => {
    if (dims[0] !== batch) return [name, { dims, data }];
    const length = data.length / batch;
    return [name, { dims: [1, ...dims.slice(1)], data: data.subarray(index * length, (index + 1) * length) }];
  });
  return Object.fromEntries(slices);
}
