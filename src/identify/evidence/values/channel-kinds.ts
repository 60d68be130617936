import type { Tensor } from '../../../types/model.js';
import { isNoScore } from './ranges.js';

/**
 * What the numbers of one channel look like in a run: 'score' lies in [0, 1]; 'logit' leaves it and is mostly far below 0, as
 * the logits of what is rare; 'free' is anything else.
 */
export type ChannelKind = 'score' | 'logit' | 'free';

/** The mean of logits of what is rare lies below this: a score of 0.18. */
const RARE = -1.5;

/** @param maps  [1, channels, height, width] each, or with `last` [1, height, width, channels]; of all levels */
export function channelKinds(
  maps: readonly Tensor[],
  { channels, last }: { channels: number; last: boolean },
): ChannelKind[] {
  const sums = new Float64Array(channels);
  const leaves = new Uint8Array(channels);
  let cells = 0;
  for (const { data } of maps) {
    const own = data.length / channels;
    cells += own;
    for (let i = 0; i < data.length; i++) {
      const channel = last ? i % channels : Math.floor(i / own);
      sums[channel]! += data[i]!;
      if (isNoScore(data[i]!)) leaves[channel] = 1;
    }
  }
  return Array.from(sums, (sum, channel) => {
    if (leaves[channel] === 0) return 'score';
    return sum / cells < RARE ? 'logit' : 'free';
  });
}
