import { useState } from 'preact/hooks';
import type { Suppression } from '../../../types/options.js';
import { commandOf } from '../command.js';
import { post } from '../load.js';
import { Choice, Slider } from '../parts/controls.js';
import { fault, info, knobs, knobsOf, notice, numbers, run, turn, turnHow } from '../state.js';
import { Labels } from './labels.js';

const METHODS: Record<Suppression, string> = {
  nms: 'NMS',
  'soft-linear': 'Soft-NMS, linear',
  'soft-gaussian': 'Soft-NMS, gaussian',
  'matrix-linear': 'Matrix NMS, linear',
  'matrix-gaussian': 'Matrix NMS, gaussian',
  wbf: 'Weighted boxes fusion',
  nmw: 'Non-maximum weighted',
  none: 'None',
};

const MEASURES = [
  ['iou', 'IoU'],
  ['giou', 'GIoU'],
  ['diou', 'DIoU'],
  ['ciou', 'CIoU'],
  ['ios', 'IoS (smaller box)'],
] as const;

export function KnobsPanel() {
  return (
    <>
      <Thresholds />
      <SuppressionKnobs />
      <Outcome />
      <Labels />
    </>
  );
}

function Thresholds() {
  const { scoreThreshold } = knobs.value;
  const floor = run.value.floor;
  return (
    <Slider
      label="Score"
      value={scoreThreshold}
      least={floor}
      hint={`From which score a label counts. The run was recorded from ${floor} on.`}
      onTurn={(value) => turn({ scoreThreshold: value })}
    >
      <Histogram />
    </Slider>
  );
}

/** How many labels there are by score, on a scale that shows few as well. */
function Histogram() {
  const bars = numbers.value?.histogram ?? new Uint32Array(20);
  const highest = Math.max(1, ...bars);
  const { scoreThreshold } = knobs.value;
  return (
    <svg class="histogram" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      {Array.from(bars, (count, i) => {
        const height = count === 0 ? 0 : 1 + (23 * Math.log1p(count)) / Math.log1p(highest);
        const visible = (i + 1) / bars.length > scoreThreshold;
        return (
          <rect key={i} x={i * 5 + 0.4} y={24 - height} width="4.2" height={height} class={visible ? 'on' : 'off'} />
        );
      })}
    </svg>
  );
}

function SuppressionKnobs() {
  const { how } = knobs.value;
  const { candidates } = run.value;
  const off = !candidates;
  const hint = off ? 'Needs candidates, which this run did not record.' : undefined;
  const common = { disabled: off, ...(hint !== undefined && { hint }) };
  const gaussian = how.suppression === 'soft-gaussian' || how.suppression === 'matrix-gaussian';
  const scope = Array.isArray(how.scope) ? 'groups' : (how.scope ?? 'class');
  return (
    <fieldset class="group">
      <legend>Suppression</legend>
      {off && (
        <p class="note">
          This run recorded no candidates, so only scores can act. Annotate with <code>--candidates</code> to turn these
          as well.
        </p>
      )}
      <Doubts />
      <Slider
        {...common}
        label="IoU"
        value={how.iouThreshold ?? 0.5}
        least={0}
        onTurn={(iouThreshold) => turnHow({ iouThreshold })}
      />
      <Choice
        {...common}
        label="Method"
        value={how.suppression ?? 'nms'}
        options={Object.entries(METHODS) as [Suppression, string][]}
        onTurn={(suppression) => turnHow({ suppression })}
      />
      {gaussian && (
        <Slider
          {...common}
          label="Sigma"
          value={how.sigma ?? 0.5}
          least={0.05}
          most={2}
          step={0.05}
          onTurn={(sigma) => turnHow({ sigma })}
        />
      )}
      <Choice
        {...common}
        label="Overlap"
        value={how.measure ?? 'iou'}
        options={MEASURES}
        onTurn={(measure) => turnHow({ measure })}
      />
      <Choice
        {...common}
        label="Rivals"
        value={scope}
        options={[
          ['class', 'Same label'],
          ['all', 'All labels'],
          ['groups', 'Groups of labels'],
        ]}
        onTurn={(value) => turnHow({ scope: value === 'groups' ? [] : value })}
      />
      {Array.isArray(how.scope) && <Groups groups={how.scope} />}
      <Choice
        {...common}
        label="Labels"
        value={how.labels ?? 'multi'}
        options={[
          ['multi', 'Every label'],
          ['single', 'Best label only'],
        ]}
        onTurn={(labels) => turnHow({ labels })}
      />
      <Slider
        {...common}
        label="Region IoU"
        value={how.regionIou ?? 0.9}
        least={0.01}
        onTurn={(regionIou) => turnHow({ regionIou })}
      />
      <CalibrationKnob />
    </fieldset>
  );
}

/** Labels that suppress each other: a line for each group. */
function Groups({ groups }: { groups: readonly string[][] }) {
  const [wrong, setWrong] = useState<string | null>(null);
  const read = (text: string) => {
    const lines = text.split('\n').map((line) =>
      line
        .split(',')
        .map((label) => label.trim())
        .filter(Boolean),
    );
    const scope = lines.filter((line) => line.length > 0);
    const known = new Set(run.value.labels);
    const all = scope.flat();
    const bad = all.find((label, i) => !known.has(label) || all.indexOf(label) < i);
    setWrong(bad === undefined ? null : bad);
    if (bad === undefined) turnHow({ scope });
  };
  return (
    <div class="knob groups">
      <label for="groups">One group per line, labels separated by commas</label>
      <textarea
        id="groups"
        rows={3}
        placeholder="car, truck, bus"
        onChange={(event) => read(event.currentTarget.value)}
        value={groups.map((group) => group.join(', ')).join('\n')}
      />
      {wrong !== null && <p class="note doubt">“{wrong}” is not a label of the run, or stands there twice.</p>}
    </div>
  );
}

/** Where candidates that matter were not recorded. */
function Doubts() {
  const doubts = numbers.value?.doubts ?? null;
  if (doubts === null) return null;
  return (
    <p class="note doubt" role="status">
      {doubts.images} {doubts.images === 1 ? 'picture is' : 'pictures are'} not certain: {doubts.why}.
    </p>
  );
}

function CalibrationKnob() {
  const { how } = knobs.value;
  const { candidates, options } = run.value;
  const recorded = options.calibration ?? {};
  if (!candidates || Object.keys(recorded).length === 0) return null;
  const on = JSON.stringify(how.calibration) === JSON.stringify(recorded);
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={() => turnHow({ calibration: on ? {} : recorded })} />
      Calibrated scores
    </label>
  );
}

/** What to do with the knobs as they stand. */
function Outcome() {
  const command = commandOf(info.value, run.value, knobs.value);
  const initial = JSON.stringify(knobs.value) === JSON.stringify(knobsOf(run.value));
  const copy = () => {
    navigator.clipboard.writeText(command).then(
      () => tell('Copied.'),
      () => tell('The browser does not allow copying.'),
    );
  };
  const save = async () => {
    const { scoreThreshold, labelThresholds, how } = knobs.value;
    const { iouThreshold, suppression, calibration } = how;
    const options = { scoreThreshold, labelThresholds, iouThreshold, suppression, ...(calibration && { calibration }) };
    try {
      const { file } = await post<{ file: string }>('data/0/thresholds', options);
      tell(`Saved to ${file}.`);
    } catch (error) {
      fault.value = String((error as Error).message);
    }
  };
  return (
    <div class="outcome">
      <div class="buttons">
        <button type="button" disabled={initial} onClick={() => turn(knobsOf(run.value))}>
          Reset
        </button>
        {info.value.writable && !info.value.static && (
          <button type="button" class="main" onClick={save} title="Writes thresholds.json into the folder of the run.">
            Save thresholds
          </button>
        )}
      </div>
      <div class="command">
        <code>{command}</code>
        <button type="button" class="quiet" onClick={copy} aria-label="Copy the command">
          Copy
        </button>
      </div>
    </div>
  );
}

function tell(text: string): void {
  notice.value = text;
  setTimeout(() => {
    if (notice.value === text) notice.value = null;
  }, 4000);
}
