import { describe, expect, test } from 'vitest';
import { RegionRules, type RegionRulesOptions } from '../../../src/labels/rules/apply-rules.js';
import { resolveRules } from '../../../src/labels/rules/resolve-rules.js';
import type { Detection, LabelScore } from '../../../src/types/detections.js';
import type { LabelRules } from '../../../src/types/rules.js';

const labels = ['car', 'truck', 'person', 'vehicle', 'thing'];
const parents = [
  { label: 'vehicle', below: ['car', 'truck'] },
  { label: 'thing', below: ['car', 'truck', 'person'] },
];

/** `car 0.9, vehicle 0.9` */
function scores(text: string): LabelScore[] {
  return text.split(', ').map((part) => {
    const [label, score] = part.split(' ');
    return { label: label!, classId: labels.indexOf(label!), score: Number(score) };
  });
}

function region(text: string): Detection {
  const own = scores(text);
  return { box: [0, 0, 10, 10], ...own[0]!, labels: own };
}

function ruled(rules: LabelRules, options: Partial<RegionRulesOptions> = {}): RegionRules {
  const thresholds = new Float64Array(labels.length).fill(0.5);
  const { rules: resolved } = resolveRules(rules, { labels, where: 'test' });
  return new RegionRules(resolved, { labels, thresholds, floor: 0.05, mode: 'repair', ...options });
}

const texts = (own: readonly LabelScore[] = []) =>
  own.map(({ label, score, by }) => `${label} ${score}${by === undefined ? '' : ` by ${by}`}`);

const CAR_OR_TRUCK: LabelRules = { excludes: [['car', 'truck']] };

describe('regions', () => {
  test('that satisfy the rules are the same objects', () => {
    const kept = region('car 0.9, person 0.6');
    const { detections } = ruled(CAR_OR_TRUCK).apply([{ region: kept, scores: kept.labels }]);
    expect(detections[0]).toBe(kept);
  });

  test('say what was dropped and which rule was violated', () => {
    const { detections } = ruled(CAR_OR_TRUCK).apply([
      { region: region('truck 0.8, car 0.7'), scores: scores('truck 0.8, car 0.7') },
    ]);
    expect(texts(detections[0]!.labels)).toEqual(['truck 0.8']);
    expect(texts(detections[0]!.dropped)).toEqual(['car 0.7 by rule']);
    expect(detections[0]!.violated).toEqual(['car excludes truck']);
  });

  test('an added label has the score that it had below its threshold, and at least that of a label that implies it', () => {
    const rules = ruled({ needs: { person: ['car', 'truck'] }, implies: { car: ['vehicle'] } });
    const { detections } = rules.apply([
      { region: region('person 0.9'), scores: scores('person 0.9, car 0.3, truck 0.1, vehicle 0.25') },
    ]);
    expect(texts(detections[0]!.labels)).toEqual(['person 0.9', 'car 0.3 by rule', 'vehicle 0.3 by rule']);
    expect(detections[0]).toMatchObject({ label: 'person', classId: 2, score: 0.9 });
    expect(detections[0]).not.toHaveProperty('dropped');
  });

  test('a label without a score counts as scored at the floor', () => {
    const rules = ruled({ implies: { car: ['person'] } });
    const weak = { region: region('car 0.6'), scores: scores('car 0.6') };
    expect(rules.apply([weak])).toEqual({
      detections: [],
      removed: [
        { box: [0, 0, 10, 10], dropped: [{ ...scores('car 0.6')[0], by: 'rule' }], violated: ['car implies person'] },
      ],
    });
    const strong = { region: region('car 0.99'), scores: scores('car 0.99') };
    expect(texts(rules.apply([strong]).detections[0]!.labels)).toEqual(['car 0.99', 'person 0.99 by rule']);
  });

  test('parents follow the labels below them, at no cost', () => {
    const rules = ruled(CAR_OR_TRUCK, { parents });
    const own = 'truck 0.8, car 0.7, vehicle 0.8, thing 0.8';
    const { detections } = rules.apply([{ region: region(own), scores: scores('truck 0.8, car 0.7') }]);
    expect(texts(detections[0]!.labels)).toEqual(['truck 0.8', 'vehicle 0.8', 'thing 0.8']);
  });

  test('a parent has the score of the labels below it that are left', () => {
    const rules = ruled({ needs: { car: ['person'] } }, { parents });
    const own = {
      region: region('car 0.6, vehicle 0.6, thing 0.6, truck 0.55'),
      scores: scores('car 0.6, truck 0.55'),
    };
    expect(texts(rules.apply([own]).detections[0]!.labels)).toEqual(['truck 0.55', 'vehicle 0.55', 'thing 0.55']);
    const both = parents.map((parent) => ({ ...parent, score: 'noisy-or' as const }));
    const joint = ruled({ implies: { truck: ['car'] } }, { parents: both });
    const { detections } = joint.apply([
      { region: region('vehicle 0.8, truck 0.8'), scores: scores('truck 0.8, car 0.4') },
    ]);
    expect(detections[0]!.labels.map(({ score }) => Number(score.toFixed(4)))).toEqual([0.96, 0.96, 0.8, 0.8]);
  });

  describe('what is implied has no lower score than what implies it', () => {
    const implied = {
      region: region('car 0.9, vehicle 0.6, person 0.55'),
      scores: scores('car 0.9, vehicle 0.6, thing 0.3'),
    };
    const rules: LabelRules = { implies: { car: ['vehicle'], vehicle: ['thing'] } };

    test('where a rule was violated', () => {
      expect(texts(ruled(rules).apply([implied]).detections[0]!.labels)).toEqual([
        ...['car 0.9', 'vehicle 0.9', 'thing 0.9 by rule', 'person 0.55'],
      ]);
    });

    test('where none was', () => {
      const { detections } = ruled({ implies: { car: ['vehicle'] } }).apply([implied]);
      expect(texts(detections[0]!.labels)).toEqual(['car 0.9', 'vehicle 0.9', 'person 0.55']);
      expect(detections[0]).not.toHaveProperty('violated');
      expect(texts(implied.region.labels)).toEqual(['car 0.9', 'vehicle 0.6', 'person 0.55']);
    });

    test('the region is called by its best label then', () => {
      const region = {
        ...implied.region,
        ...scores('person 0.95')[0]!,
        labels: scores('person 0.95, car 0.9, vehicle 0.6'),
      };
      const { detections } = ruled({ implies: { person: ['car'] } }).apply([{ region, scores: region.labels }]);
      expect(texts(detections[0]!.labels)).toEqual(['person 0.95', 'car 0.95', 'vehicle 0.6']);
    });

    test('but with drop and report scores stay', () => {
      for (const mode of ['drop', 'report'] as const) {
        const { detections } = ruled({ implies: { car: ['vehicle'] } }, { mode }).apply([implied]);
        expect(detections[0]).toBe(implied.region);
      }
    });
  });

  test('labels that are not wanted take part in no rule', () => {
    const thresholds = Float64Array.of(0.5, 0.5, Number.NaN, 0.5, 0.5);
    const rules = ruled({ implies: { car: ['person'], truck: ['car'] } }, { thresholds });
    const { detections } = rules.apply([{ region: region('truck 0.9'), scores: scores('truck 0.9, car 0.4') }]);
    expect(texts(detections[0]!.labels)).toEqual(['truck 0.9', 'car 0.9 by rule']);
  });

  test('come in the order of their scores', () => {
    const rules = ruled({ excludes: [['car', 'truck']], implies: { person: ['truck'] } });
    const { detections } = rules.apply([
      { region: region('car 0.95, person 0.94'), scores: scores('car 0.95, person 0.94, truck 0.49') },
      { region: region('car 0.945'), scores: scores('car 0.945') },
    ]);
    expect(detections.map(({ score }) => score)).toEqual(
      [...detections.map(({ score }) => score)].sort((a, b) => b - a),
    );
  });
});
