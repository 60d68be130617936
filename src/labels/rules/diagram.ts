/**
 * Label sets as a reduced ordered binary decision diagram: a node asks whether one label is present and leads on to one of two
 * others; equal nodes are one. 0 is "no", 1 is "yes". Source: Bryant, "Graph-based algorithms for Boolean function
 * manipulation" (1986).
 */
export class Diagrams {
  /** Per node: the variable it asks for, and where absence and presence lead. */
  readonly variables: number[];
  readonly absent: number[] = [0, 1];
  readonly present: number[] = [0, 1];
  readonly #known: Map<number, number>[];
  readonly #maxNodes: number;

  /** @param maxNodes  beyond which `TooLarge` is thrown */
  constructor(variableCount: number, maxNodes: number) {
    this.variables = [variableCount, variableCount];
    this.#known = Array.from({ length: variableCount }, () => new Map());
    this.#maxNodes = maxNodes;
  }

  node(variable: number, absent: number, present: number): number {
    if (absent === present) return absent;
    const key = absent * PAIR + present;
    const known = this.#known[variable]!.get(key);
    if (known !== undefined) return known;
    if (this.variables.length >= this.#maxNodes) throw new TooLarge();
    this.variables.push(variable);
    this.absent.push(absent);
    this.present.push(present);
    this.#known[variable]!.set(key, this.variables.length - 1);
    return this.variables.length - 1;
  }

  and(a: number, b: number): number {
    return this.#apply(a, b, { memo: new Map(), zero: 0, one: 1 });
  }

  or(a: number, b: number): number {
    return this.#apply(a, b, { memo: new Map(), zero: 1, one: 0 });
  }

  /** `zero` swallows the other operand, `one` leaves it. */
  #apply(a: number, b: number, how: { memo: Map<number, number>; zero: number; one: number }): number {
    if (a === how.zero || b === how.zero) return how.zero;
    if (a === how.one || a === b) return b;
    if (b === how.one) return a;
    const key = a < b ? a * PAIR + b : b * PAIR + a;
    const known = how.memo.get(key);
    if (known !== undefined) return known;
    const { variables, absent, present } = this;
    const variable = Math.min(variables[a]!, variables[b]!);
    const [asksA, asksB] = [variables[a] === variable, variables[b] === variable];
    const left = this.#apply(asksA ? absent[a]! : a, asksB ? absent[b]! : b, how);
    const right = this.#apply(asksA ? present[a]! : a, asksB ? present[b]! : b, how);
    const result = this.node(variable, left, right);
    how.memo.set(key, result);
    return result;
  }
}

/** A diagram has more nodes than it may. */
export class TooLarge extends Error {}

/** Node numbers are below it, so that two make one number that is exact. */
const PAIR = 2 ** 24;

/** The nodes that a root leads to, those that others lead to first. */
export interface Diagram {
  /** [n] the variable of each node; the first two are the ends, "no" and "yes" */
  variables: Uint16Array;
  /** [n] where absence and presence of it lead: always to a lower number */
  absent: Uint32Array;
  present: Uint32Array;
  root: number;
}

/** The part of diagrams that a root leads to. */
export function extractDiagram({ variables, absent, present }: Diagrams, root: number): Diagram {
  const reached = new Set([0, 1]);
  const open = [root];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    open.push(absent[at]!, present[at]!);
  }
  const nodes = [...reached].sort((a, b) => a - b); // a node is made after those it leads to
  const number = new Map(nodes.map((node, i) => [node, i]));
  return {
    variables: Uint16Array.from(nodes, (node) => variables[node]!),
    absent: Uint32Array.from(nodes, (node) => number.get(absent[node]!)!),
    present: Uint32Array.from(nodes, (node) => number.get(present[node]!)!),
    root: number.get(root)!,
  };
}
