import type { Diagram } from './diagram.js';
import type { LabelRepairer } from './label-repairer.js';

/** A sum is costs · 2048 + changes: of equal costs, the one with fewer changes wins. */
const COST = 2048;

/**
 * Repairs in one pass over a diagram: the cost of a node is the cheaper of the two ways on. The time does not depend on how
 * many rules are violated. Has room of its own, so that a repair allocates nothing.
 */
export class DiagramRepairer implements LabelRepairer {
  readonly isCertain = true;
  readonly #diagram: Diagram;
  readonly #sums: Float64Array;
  /** [nodes] 1: the better way on from a node is that of presence */
  readonly #choices: Uint8Array;

  constructor(diagram: Diagram) {
    this.#diagram = diagram;
    this.#sums = new Float64Array(diagram.variables.length);
    this.#choices = new Uint8Array(diagram.variables.length);
  }

  satisfies(present: Uint8Array): boolean {
    const { variables, absent, present: presence, root } = this.#diagram;
    let node = root;
    while (node > 1) node = present[variables[node]!] === 1 ? presence[node]! : absent[node]!;
    return node === 1;
  }

  repair(present: Uint8Array, costs: Float64Array): boolean {
    const { variables, absent, present: presence, root } = this.#diagram;
    const sums = this.#sums;
    const choices = this.#choices;
    sums[0] = Number.POSITIVE_INFINITY;
    sums[1] = 0;
    for (let node = 2; node < variables.length; node++) {
      const label = variables[node]!;
      const change = costs[label]! * COST + 1;
      const isPresent = present[label] === 1;
      const without = sums[absent[node]!]! + (isPresent ? change : 0);
      const withIt = sums[presence[node]!]! + (isPresent ? 0 : change);
      const isTie = withIt === without && withIt !== Number.POSITIVE_INFINITY;
      const choosesPresence = withIt < without || (isTie && this.#presenceWinsTie(node, present));
      choices[node] = choosesPresence ? 1 : 0;
      sums[node] = choosesPresence ? withIt : without;
    }
    if (sums[root] === Number.POSITIVE_INFINITY) return false;
    for (let node = root; node > 1; ) {
      const choice = choices[node]!;
      present[variables[node]!] = choice;
      node = choice === 1 ? presence[node]! : absent[node]!;
    }
    return true;
  }

  #presenceWinsTie(node: number, present: Uint8Array): boolean {
    const { variables, absent, present: presence } = this.#diagram;
    const own = variables[node]!;
    const without = this.#changes(absent[node]!, present);
    const withIt = this.#changes(presence[node]!, present);
    (present[own] === 1 ? without : withIt).add(own);
    const differing = [...without].filter((label) => !withIt.has(label));
    differing.push(...[...withIt].filter((label) => !without.has(label)));
    return without.has(Math.min(...differing));
  }

  /** The labels that the best way on from a node changes. */
  #changes(from: number, present: Uint8Array): Set<number> {
    const { variables, absent, present: presence } = this.#diagram;
    const changes = new Set<number>();
    for (let node = from; node > 1; ) {
      const choice = this.#choices[node]!;
      if (choice !== present[variables[node]!]) changes.add(variables[node]!);
      node = choice === 1 ? presence[node]! : absent[node]!;
    }
    return changes;
  }
}
