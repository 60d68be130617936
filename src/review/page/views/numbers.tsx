import { useState } from 'preact/hooks';
import type { Judgement } from '../../protocol/messages.js';
import { figure, share } from '../parts/controls.js';
import { Curve } from '../parts/curve.js';
import { confusion, info, knobs, look, numbers, turn, upToDate, view } from '../state.js';

/** What the visible labels are worth against ground truth. */
export function NumbersPanel() {
  const found = numbers.value?.judgement ?? null;
  if (found === null) return <p class="empty">Reading the run …</p>;
  return (
    <div class={upToDate.value ? 'numbers' : 'numbers changing'}>
      <Totals judgement={found} />
      <section aria-labelledby="curve-title">
        <h2 id="curve-title">Precision and recall by score</h2>
        <Curve
          curve={found.curve}
          at={{ precision: found.micro.precision, recall: found.micro.recall }}
          score={knobs.value.scoreThreshold}
          onTurn={(scoreThreshold) => turn({ scoreThreshold })}
        />
      </section>
      <ConfusionMatrix />
      <Classes judgement={found} />
      <Warnings />
    </div>
  );
}

function Totals({ judgement: { micro, macro } }: { judgement: Judgement }) {
  const { images, exact } = numbers.value!;
  const state = exact && upToDate.value ? 'exact' : `of the first ${figure(images)} pictures so far`;
  return (
    <section class="totals" aria-labelledby="totals-title">
      <h2 id="totals-title">
        Against ground truth <small>{state}</small>
      </h2>
      <dl class="big">
        <Figure name="Precision" value={micro.precision} id="precision" />
        <Figure name="Recall" value={micro.recall} id="recall" />
        <Figure name="F1" value={micro.f1} id="f1" />
      </dl>
      <dl class="small">
        <Count name="True positives" value={micro.truePositives} onOpen={() => look({ outcome: 'tp' })} />
        <Count name="False positives" value={micro.falsePositives} onOpen={() => look({ outcome: 'fp' })} />
        <Count name="False negatives" value={micro.falseNegatives} onOpen={() => look({ outcome: 'fn' })} />
      </dl>
      <p class="note">
        Mean over labels: precision {share(macro.precision)}, recall {share(macro.recall)}, F1 {share(macro.f1)}
      </p>
      <label class="match-iou">
        Found from IoU
        <input
          type="number"
          min="0.05"
          max="1"
          step="0.05"
          value={knobs.value.matchIou}
          onChange={(event) => {
            const value = Number(event.currentTarget.value);
            if (value > 0 && value <= 1) turn({ matchIou: value });
          }}
        />
      </label>
    </section>
  );
}

function Figure({ name, value, id }: { name: string; value: number | null; id: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd id={id}>{share(value)}</dd>
    </div>
  );
}

function Count({ name, value, onOpen }: { name: string; value: number; onOpen: () => void }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <button type="button" class="link" onClick={onOpen} aria-label={`Pictures with ${name.toLowerCase()}`}>
          {figure(value)}
        </button>
      </dd>
    </div>
  );
}

/** Labels that a matrix is drawn for: those with the most confusions. */
const MOST_LABELS = 8;

function ConfusionMatrix() {
  const labels = info.value.groundTruth!.labels;
  const background = labels.length;
  const counts = confusion.value;
  if (counts === null) return null;
  const worst = mostConfused(counts).slice(0, MOST_LABELS);
  const columns = [...worst, background];
  const highest = Math.max(
    1,
    ...columns.flatMap((row) => columns.map((column) => (row === column ? 0 : counts[row]![column]!))),
  );
  const nameOf = (classId: number) => labels[classId] ?? 'nothing';
  const open = (row: number, column: number) => {
    const numberOf = (classId: number) => (classId === background ? -1 : classId);
    look({ confusion: [numberOf(row), numberOf(column)], error: null });
  };
  const chosen = view.value.confusion;
  const isChosen = (row: number, column: number) =>
    chosen !== null &&
    (chosen[0] < 0 ? background : chosen[0]) === row &&
    (chosen[1] < 0 ? background : chosen[1]) === column;
  return (
    <section aria-labelledby="confusion-title">
      <h2 id="confusion-title">
        Confusion <small>{worst.length < background ? `the ${worst.length} labels with most` : ''}</small>
      </h2>
      <table class="confusion">
        <thead>
          <tr>
            <th scope="col">
              <small>is ↓ taken for →</small>
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" title={nameOf(column)}>
                <span>{nameOf(column)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map((row) => (
            <tr key={row}>
              <th scope="row" title={nameOf(row)}>
                {nameOf(row)}
              </th>
              {columns.map((column) => {
                const count = counts[row]![column]!;
                const right = row === column;
                const strength = right ? 0 : Math.sqrt(count / highest);
                return (
                  <td key={column} class={right ? 'right' : ''} style={{ '--strength': String(strength) }}>
                    {count > 0 && (
                      <button
                        type="button"
                        aria-pressed={isChosen(row, column)}
                        aria-label={`${nameOf(row)} taken for ${nameOf(column)}: ${count}`}
                        onClick={() => open(row, column)}
                      >
                        {count}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Classes by how often they are wrong, without those that never are. */
function mostConfused(confusion: readonly (readonly number[])[]): number[] {
  const errors = confusion.map((row, i) =>
    row.reduce((sum, count, k) => (k === i ? sum : sum + count + confusion[k]![i]!), 0),
  );
  return [...errors.keys()]
    .slice(0, -1)
    .filter((classId) => errors[classId]! > 0)
    .sort((a, b) => errors[b]! - errors[a]!);
}

function Classes({ judgement: { classes } }: { judgement: Judgement }) {
  const labels = info.value.groundTruth!.labels;
  const [all, setAll] = useState(false);
  const known = classes
    .map((row, classId) => ({ ...row, label: labels[classId]!, marked: row.truePositives + row.falseNegatives }))
    .filter(({ marked, falsePositives }) => marked + falsePositives > 0)
    .sort((a, b) => b.marked - a.marked);
  const rows = all ? known : known.slice(0, 12);
  return (
    <section aria-labelledby="classes-title">
      <h2 id="classes-title">By label</h2>
      <table class="classes">
        <thead>
          <tr>
            <th scope="col">Label</th>
            <th scope="col">Marked</th>
            <th scope="col">Precision</th>
            <th scope="col">Recall</th>
            <th scope="col">F1</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, marked, precision, recall, f1 }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{figure(marked)}</td>
              <td>{share(precision)}</td>
              <td>{share(recall)}</td>
              <td>{share(f1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {known.length > rows.length && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          All {known.length} labels
        </button>
      )}
    </section>
  );
}

function Warnings() {
  const { warnings } = info.value.groundTruth!;
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings">
      {warnings.map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  );
}
