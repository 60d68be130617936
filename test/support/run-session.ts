import type { Feeds } from '../../src/model/feeds.js';
import { copyTensors } from '../../src/model/infer.js';
import type { Session } from '../../src/model/session.js';
import type { Tensors } from '../../src/types/model.js';

/** One inference, whose outputs stay. */
export async function runSession(session: Session, feeds: Feeds): Promise<Tensors> {
  using turn = await session.turn();
  return copyTensors(await turn.run(feeds));
}
