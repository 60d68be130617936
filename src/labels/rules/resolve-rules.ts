import { didYouMean } from '../../check/nearest-name.js';
import { complain, SigboxError } from '../../errors.js';
import type { LabelRule, LabelRules } from '../../types/rules.js';
import { findContradiction } from './contradiction.js';
import { numberRules } from './rule-set.js';

export interface ResolveOptions {
  /** All labels that a region may have. */
  labels: readonly string[];
  /** Group → its labels. */
  groups?: Readonly<Record<string, readonly string[]>>;
  /** Names the source of the rules in messages. */
  where: string;
}

/** Rules that apply, and what was left out of them. */
export interface ResolvedRules {
  rules: LabelRule[];
  warnings: string[];
}

/**
 * Rules in their plain form: groups become their labels, unknown labels are left out.
 *
 * A rule that applies to an unknown label never applies. Among alternatives an unknown label is left out; a rule without any
 * alternative left is left out as well.
 *
 * @throws SigboxError E_ARGUMENT  no rule is left; a group with the name of a label; rules that contradict each other
 */
export function resolveRules(given: LabelRules, { labels, groups = {}, where }: ResolveOptions): ResolvedRules {
  const known = new Set(labels);
  const unknown = new Set<string>();
  for (const group of Object.keys(groups)) {
    if (!known.has(group)) continue;
    const mend = 'Give the group another name.';
    throw complain('E_ARGUMENT', { where, expected: 'groups with names that no label has', received: group, mend });
  }
  const expand = (names: readonly string[]) =>
    names.flatMap((name) => (Object.hasOwn(groups, name) ? groups[name]! : [name]));
  const have = (names: readonly string[]) => {
    const expanded = [...new Set(expand(names))];
    for (const name of expanded) if (!known.has(name)) unknown.add(name);
    return expanded.filter((name) => known.has(name));
  };
  const asked = plainRules(given, expand);
  const rules = asked.flatMap((rule) => restricted({ ...rule, when: expand(rule.when) }, have));
  const names = [...labels, ...Object.keys(groups)];
  const warnings = [...unknown].map(
    (name) => `${where}: rules name ${JSON.stringify(name)}, which is no label.${didYouMean(names, name)}`,
  );
  if (rules.length === 0) {
    const reason = warnings[0] ?? `${where}: there is no rule.`;
    throw new SigboxError(
      'E_ARGUMENT',
      `${reason}${warnings.length > 0 ? ' No rule is left.' : ' Write one, or leave "rules" out.'}`,
    );
  }
  requireConsistent(rules, where);
  return { rules, warnings };
}

/** @throws SigboxError E_ARGUMENT  rules that contradict each other, with the smallest group of them that does */
function requireConsistent(rules: readonly LabelRule[], where: string): void {
  const numbers = new Map<string, number>();
  const numberOf = (label: string) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  };
  const found = findContradiction(numberRules(rules, numberOf));
  if (found === null) return;
  const clashing = found.rules.map((i) => rules[i]!.rule);
  const shown = clashing
    .slice(0, MAX_SHOWN)
    .map((rule) => `"${rule}"`)
    .join(', ');
  const more = clashing.length > MAX_SHOWN ? ` and ${clashing.length - MAX_SHOWN} more` : '';
  const label = [...numbers.keys()].find((name) => numbers.get(name) === found.label);
  const what = label === undefined ? 'no region can satisfy' : `no region can have ${JSON.stringify(label)} under`;
  throw new SigboxError('E_ARGUMENT', `${where}: ${what} ${shown}${more}. Change or remove one of these rules.`);
}

const MAX_SHOWN = 8;

type Expand = (names: readonly string[]) => string[];

/** As they are written, with groups' names in the texts alone. */
function plainRules(given: LabelRules, expand: Expand): LabelRule[] {
  const { implies = {}, needs = {}, excludes = [], oneOf = [], atMostOne = [], atLeastOne = [], clauses = [] } = given;
  return [
    ...forEach(implies, expand, (label, all) =>
      expand(all).map((one) => ({ rule: `${label} implies ${one}`, when: [label], anyOf: [one] })),
    ),
    ...forEach(needs, expand, (label, some) => [
      { rule: `${label} needs ${some.join(' or ')}`, when: [label], anyOf: some },
    ]),
    ...excludes.flatMap((sides) => excluding(sides, expand)),
    ...everywhere(oneOf, expand, 'one of', (some) => ({ anyOf: some, atMostOne: some })),
    ...everywhere(atMostOne, expand, 'at most one of', (some) => ({ atMostOne: some })),
    ...everywhere(atLeastOne, expand, 'at least one of', (some) => ({ anyOf: some })),
    ...clauses.map(({ when = [], anyOf }) => ({ rule: clauseText(when, anyOf), when, anyOf })),
  ];
}

/** A label in front that is a group stands for each of its labels. */
function forEach(
  rules: Readonly<Record<string, string[]>>,
  expand: Expand,
  make: (label: string, others: string[]) => LabelRule[],
): LabelRule[] {
  return Object.entries(rules).flatMap(([name, others]) => expand([name]).flatMap((label) => make(label, others)));
}

function excluding(sides: readonly string[], expand: Expand): LabelRule[] {
  const rule = sides.join(' excludes ');
  const each = sides.map((side) => expand([side]));
  if (each.every(({ length }) => length === 1)) return [{ rule, when: [], atMostOne: each.flat() }];
  return each.flatMap((own, i) =>
    each
      .slice(i + 1)
      .flatMap((others) =>
        own.flatMap((a) =>
          others.filter((b) => b !== a).map((b) => ({ rule: `${a} excludes ${b}`, when: [a, b], anyOf: [] })),
        ),
      ),
  );
}

function everywhere(
  rules: string[][] | Record<string, string[]>,
  expand: Expand,
  words: string,
  make: (some: string[]) => Pick<LabelRule, 'anyOf' | 'atMostOne'>,
): LabelRule[] {
  if (Array.isArray(rules)) {
    return rules.map((some) => ({ rule: `${words} ${some.join(', ')}`, when: [], ...make(some) }));
  }
  return forEach(rules, expand, (label, some) => [
    { rule: `${label} has ${words} ${some.join(', ')}`, when: [label], ...make(some) },
  ]);
}

function clauseText(when: readonly string[], anyOf: readonly string[]): string {
  if (when.length === 0) return `at least one of ${anyOf.join(', ')}`;
  if (anyOf.length === 0) return when.length === 1 ? `never ${when[0]}` : `not all of ${when.join(', ')}`;
  return `${when.join(' and ')} needs ${anyOf.join(' or ')}`;
}

/** A rule with the labels that there are; none where nothing of it is left. */
function restricted({ rule, when, anyOf, atMostOne }: LabelRule, have: Expand): LabelRule[] {
  const applies = have(when).length === new Set(when).size;
  const kept: LabelRule = { rule, when };
  const any = anyOf && have(anyOf);
  const most = atMostOne && have(atMostOne);
  if (any !== undefined && (any.length > 0 || anyOf!.length === 0)) kept.anyOf = any;
  if (most !== undefined && most.length > 1) kept.atMostOne = most;
  const asks = kept.anyOf !== undefined || kept.atMostOne !== undefined;
  return applies && asks ? [kept] : [];
}
