import type { Feeds } from '../../src/model/feeds.js';
import { copyTensors, type Session } from '../../src/model/session.js';
import type { Tensors } from '../../src/types/model.js';

/** One inference, whose outputs stay. */
export function runSession(session: Session, feeds: Feeds): Promise<Tensors> {
  return session.run(() => feeds, copyTensors);
}
