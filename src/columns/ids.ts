import type { Id } from '../text/json-scan/entry.js';

/** Ids in the order in which they first occur; each has its position as its handle. */
export class Ids {
  readonly list: Id[] = [];
  readonly #handles = new Map<Id, number>();
  #lastId: Id | undefined;
  #lastHandle = 0;

  /** The handle of an id, which is added if it is new. */
  handle(id: Id): number {
    if (id === this.#lastId) return this.#lastHandle; // results of one image stand together
    let handle = this.#handles.get(id);
    if (handle === undefined) {
      handle = this.list.length;
      this.list.push(id);
      this.#handles.set(id, handle);
    }
    this.#lastId = id;
    this.#lastHandle = handle;
    return handle;
  }
}
