import { type Diagram, Diagrams, extractDiagram, TooLarge } from './diagram.js';

/** A rule over numbered labels: with all of `when`, at least one of `anyOf` and at most one of `atMostOne`. */
export interface NumberedRule {
  when: readonly number[];
  /** null: not asked */
  anyOf: readonly number[] | null;
  atMostOne: readonly number[] | null;
}

/** Nodes that compiling may make. */
const MAX_NODES = 200_000;

/** A diagram of fewer nodes is repaired in some microseconds: no other order is tried. */
const SMALL = 2000;

/**
 * The label sets that satisfy all rules, as a diagram over the rules' labels.
 *
 * @returns its root is 0 where there is no such set; null: too entangled for `MAX_NODES`
 */
export function rulesDiagram(rules: readonly NumberedRule[]): Diagram | null {
  const byNumber = [...new Set(rules.flatMap(labelsOf))].sort((a, b) => a - b);
  const first = inOrder(rules, byNumber);
  if (first !== null && first.variables.length < SMALL) return first;
  const second = inOrder(rules, neighboursTogether(rules, byNumber));
  if (first === null || second === null) return first ?? second;
  return second.variables.length < first.variables.length ? second : first;
}

export function labelsOf({ when, anyOf, atMostOne }: NumberedRule): number[] {
  return [...when, ...(anyOf ?? []), ...(atMostOne ?? [])];
}

/** @param order  all labels of the rules; the first ones are asked for first */
function inOrder(rules: readonly NumberedRule[], order: readonly number[]): Diagram | null {
  const position = new Map(order.map((label, i) => [label, i]));
  const at = (labels: readonly number[]) => labels.map((label) => position.get(label)!);
  const placed = rules.map(({ when, anyOf, atMostOne }) => ({
    when: at(when),
    anyOf: anyOf && at(anyOf),
    atMostOne: atMostOne && at(atMostOne),
  }));
  const last = placed.map((rule) => Math.max(-1, ...labelsOf(rule)));
  const fromBelow = [...placed.keys()].sort((a, b) => last[b]! - last[a]!); // joins what shares its last labels first
  const diagrams = new Diagrams(order.length, MAX_NODES);
  try {
    let root = 1;
    for (const i of fromBelow) {
      root = diagrams.and(root, ruleNode(diagrams, placed[i]!));
      if (root === 0) break;
    }
    const diagram = extractDiagram(diagrams, root);
    return { ...diagram, variables: diagram.variables.map((variable) => order[variable] ?? 0) };
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  }
}

/**
 * An order in which labels of one rule are near each other: each moves to the middle of its rules, which move to the middle
 * of their labels. Source: Aloul, Markov and Sakallah, "FORCE: a fast and easy-to-implement variable-ordering heuristic" (2003).
 */
function neighboursTogether(rules: readonly NumberedRule[], labels: readonly number[]): number[] {
  const rulesLabels = rules.map((rule) => [...new Set(labelsOf(rule))]).filter((own) => own.length > 1);
  let order = [...labels];
  for (let round = 0; round < 50; round++) {
    const position = new Map(order.map((label, i) => [label, i]));
    const pulls = new Map<number, { sum: number; count: number }>();
    for (const own of rulesLabels) {
      const middle = own.reduce((sum, label) => sum + position.get(label)!, 0) / own.length;
      for (const label of own) {
        const pull = pulls.get(label) ?? { sum: 0, count: 0 };
        pulls.set(label, { sum: pull.sum + middle, count: pull.count + 1 });
      }
    }
    const target = (label: number) => {
      const pull = pulls.get(label);
      return pull === undefined ? position.get(label)! : pull.sum / pull.count;
    };
    const next = [...order].sort((a, b) => target(a) - target(b) || position.get(a)! - position.get(b)!);
    if (next.every((label, i) => label === order[i])) break;
    order = next;
  }
  return order;
}

function ruleNode(diagrams: Diagrams, { when, anyOf, atMostOne }: NumberedRule): number {
  let asked = 1;
  if (anyOf !== null) asked = someNode(diagrams, anyOf);
  if (atMostOne !== null) asked = diagrams.and(asked, atMostOneNode(diagrams, atMostOne));
  return when.length === 0 ? asked : diagrams.or(notAllNode(diagrams, when), asked);
}

const descending = (variables: readonly number[]) => [...new Set(variables)].sort((a, b) => b - a);

function someNode(diagrams: Diagrams, variables: readonly number[]): number {
  return descending(variables).reduce((rest, variable) => diagrams.node(variable, rest, 1), 0);
}

function notAllNode(diagrams: Diagrams, variables: readonly number[]): number {
  return descending(variables).reduce((rest, variable) => diagrams.node(variable, 1, rest), 0);
}

function atMostOneNode(diagrams: Diagrams, variables: readonly number[]): number {
  let [none, one] = [1, 1]; // of those behind
  for (const variable of descending(variables)) {
    one = diagrams.node(variable, one, none);
    none = diagrams.node(variable, none, 0);
  }
  return one;
}
