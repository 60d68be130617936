import { ERROR_KINDS } from '../../../evaluate/metrics/error-kinds.js';
import { type KnobView, WHOLE_VIEW } from '../../protocol/view.js';
import { figure, Swatch, Toggle } from '../parts/controls.js';
import { cardWidth, info, look, mode, order, run, shows, upToDate, view } from '../state.js';

type Pairs<T extends string> = readonly (readonly [value: T, text: string])[];

const STATES: Pairs<KnobView['state']> = [
  ['all', 'All pictures'],
  ['open', 'Not reviewed'],
  ['reviewed', 'Reviewed'],
  ['corrected', 'Corrected'],
  ['failed', 'Failed'],
];
const OUTCOMES: Pairs<KnobView['outcome']> = [
  ['all', 'Right or wrong'],
  ['tp', 'With true positives'],
  ['fp', 'With false positives'],
  ['fn', 'With false negatives'],
  ['clean', 'Without errors'],
  ['different', 'Different in the two runs'],
];
const ERRORS: Record<(typeof ERROR_KINDS)[number], string> = {
  class: 'Wrong label',
  localisation: 'Wrong place',
  both: 'Wrong label and place',
  duplicate: 'Duplicate',
  background: 'Nothing there',
  missed: 'Missed',
};

/** Which pictures are shown, and how. */
export function Filters() {
  const chosen = view.value;
  const judged = info.value.groundTruth !== null;
  const compared = info.value.runs.length > 1;
  return (
    <search class="filters" aria-label="Filters">
      <Pick label="State" value={chosen.state} options={STATES} onPick={(state) => look({ state })} />
      {(judged || compared) && (
        <Pick
          label="Outcome"
          value={chosen.outcome}
          options={OUTCOMES.filter(([outcome]) => (outcome === 'different' ? compared : judged || outcome === 'all'))}
          onPick={(outcome) => look({ outcome })}
        />
      )}
      {judged && (
        <Pick
          label="Kind of error"
          value={chosen.error ?? ''}
          options={[['', 'Any error'] as const, ...ERROR_KINDS.map((kind) => [kind, ERRORS[kind]] as const)]}
          onPick={(kind) => look({ error: kind === '' ? null : kind, confusion: null })}
        />
      )}
      <Pick
        label="Labels of a region"
        value={chosen.match}
        options={[
          ['any', 'Any label'],
          ['together', 'Labels on one box'],
          ['several', 'Several labels on a box'],
        ]}
        onPick={(match) => look({ match })}
      />
      <Range
        label="Score"
        values={chosen.scores}
        most={1}
        step={0.05}
        onPick={([least, most]) => look({ scores: [least, most] })}
      />
      <Range
        label="Regions"
        values={chosen.counts}
        most={Number.POSITIVE_INFINITY}
        step={1}
        onPick={([least, most]) => look({ counts: [least, most] })}
      />
      <Chips />
      <span class="space" />
      <Sorting judged={judged} />
      <Shown judged={judged} />
    </search>
  );
}

interface PickProps<T extends string> {
  label: string;
  value: T;
  options: Pairs<T>;
  onPick: (value: T) => void;
}

function Pick<T extends string>({ label, value, options, onPick }: PickProps<T>) {
  return (
    <select
      aria-label={label}
      class={value === options[0]![0] ? '' : 'active'}
      value={value}
      onChange={(event) => onPick(event.currentTarget.value as T)}
    >
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}

interface RangeProps {
  label: string;
  values: readonly [number, number];
  most: number;
  step: number;
  onPick: (values: [number, number]) => void;
}

function Range({ label, values: [low, high], most, step, onPick }: RangeProps) {
  const read = (event: Event, otherwise: number) => {
    const { value } = event.currentTarget as HTMLInputElement;
    return value === '' ? otherwise : Number(value);
  };
  const active = low > 0 || high < most;
  return (
    <span class={active ? 'pair active' : 'pair'}>
      <span aria-hidden="true">{label}</span>
      <input
        type="number"
        aria-label={`${label} from`}
        min={0}
        max={Number.isFinite(most) ? most : undefined}
        step={step}
        value={low}
        onChange={(event) => onPick([read(event, 0), high])}
      />
      <span aria-hidden="true">–</span>
      <input
        type="number"
        aria-label={`${label} to`}
        min={0}
        max={Number.isFinite(most) ? most : undefined}
        step={step}
        placeholder="any"
        value={Number.isFinite(high) ? high : ''}
        onChange={(event) => onPick([low, read(event, most)])}
      />
    </span>
  );
}

/** What is looked for besides, each to be taken away. */
function Chips() {
  const { labels, confusion } = view.value;
  const { labels: names, colours } = run.value;
  const truths = info.value.groundTruth?.labels ?? [];
  const nameOf = (classId: number) => (classId < 0 ? 'nothing' : truths[classId]);
  const changed = JSON.stringify(view.value) !== JSON.stringify({ ...WHOLE_VIEW, sort: view.value.sort });
  return (
    <>
      {labels.map((classId) => (
        <button
          key={classId}
          type="button"
          class="chip"
          aria-label={`No longer only ${names[classId]}`}
          onClick={() => look({ labels: labels.filter((other) => other !== classId) })}
        >
          <Swatch colour={colours[classId]!} />
          {names[classId]} <span aria-hidden="true">×</span>
        </button>
      ))}
      {confusion !== null && (
        <button
          type="button"
          class="chip"
          aria-label="No longer only this pair"
          onClick={() => look({ confusion: null })}
        >
          {nameOf(confusion[0])} taken for {nameOf(confusion[1])} <span aria-hidden="true">×</span>
        </button>
      )}
      {changed && (
        <button
          type="button"
          class="quiet"
          onClick={() => look({ ...WHOLE_VIEW, sort: view.value.sort, descending: view.value.descending })}
        >
          Clear
        </button>
      )}
    </>
  );
}

function Sorting({ judged }: { judged: boolean }) {
  const { sort, descending } = view.value;
  const options: Pairs<KnobView['sort']> = [
    ['name', 'By name'],
    ['count', 'Most regions'],
    ['uncertainty', 'Least certain'],
    ...(judged ? ([['errors', 'Most errors']] as const) : []),
    ...(info.value.runs.length > 1 ? ([['difference', 'Most different']] as const) : []),
  ];
  return (
    <span class="sorting">
      <Pick label="Order" value={sort} options={options} onPick={(value) => look({ sort: value })} />
      <button
        type="button"
        class="quiet"
        aria-pressed={descending}
        aria-label="Reversed order"
        title="Reversed order"
        onClick={() => look({ descending: !descending })}
      >
        {descending ? '↑' : '↓'}
      </button>
    </span>
  );
}

function Shown({ judged }: { judged: boolean }) {
  const { rows, images } = order.value;
  const total = run.value.images;
  const what =
    mode.value === 'patches' ? `${figure(rows.length)} patches` : `${figure(rows.length)} of ${figure(total)}`;
  const state = upToDate.value ? '' : images < total ? ` · reading, ${Math.floor((100 * images) / total)} %` : ' …';
  return (
    <span class="shown">
      <Toggle label="Names" keys="l" on={shows.tags.value} onTurn={(on) => (shows.tags.value = on)} />
      {judged && (
        <Toggle
          label="Ground truth"
          keys="g"
          on={shows.groundTruth.value}
          onTurn={(on) => (shows.groundTruth.value = on)}
        />
      )}
      <input
        type="range"
        aria-label="Size of the pictures"
        class="size"
        min={120}
        max={520}
        step={20}
        value={cardWidth.value}
        onInput={(event) => {
          cardWidth.value = Number(event.currentTarget.value);
        }}
      />
      <output class="found" aria-live="polite">
        {what}
        {state}
      </output>
    </span>
  );
}
