import { useState } from 'preact/hooks';
import { figure, Slider, Swatch } from '../parts/controls.js';
import { knobs, look, numbers, run, turn, turnHow, view } from '../state.js';

/** Every label of the run with how many are visible; each may have a threshold of its own. */
export function Labels() {
  const [search, setSearch] = useState('');
  const [opened, setOpened] = useState<number | null>(null);
  const { labels } = run.value;
  const visible = numbers.value?.visible ?? new Uint32Array(labels.length);
  const wanted = search.trim().toLowerCase();
  const classIds = labels
    .flatMap((label, classId) => (label?.toLowerCase().includes(wanted) ? [classId] : []))
    .sort((a, b) => visible[b]! - visible[a]! || a - b);
  return (
    <section class="labels" aria-labelledby="labels-title">
      <h2 id="labels-title">Labels</h2>
      {labels.length > 12 && (
        <input
          type="search"
          placeholder="Find a label"
          aria-label="Find a label"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <ul>
        {classIds.map((classId) => (
          <LabelRow
            key={classId}
            classId={classId}
            count={visible[classId]!}
            open={opened === classId}
            onOpen={() => setOpened(opened === classId ? null : classId)}
          />
        ))}
      </ul>
    </section>
  );
}

interface LabelRowProps {
  classId: number;
  count: number;
  open: boolean;
  onOpen: () => void;
}

function LabelRow({ classId, count, open, onOpen }: LabelRowProps) {
  const { labels, colours, floor, options, candidates } = run.value;
  const label = labels[classId]!;
  const { scoreThreshold, labelThresholds } = knobs.value;
  const own = labelThresholds[label];
  const chosen = view.value.labels.includes(classId);
  const filter = () => {
    const others = view.value.labels.filter((other) => other !== classId);
    look({ labels: chosen ? others : [...others, classId] });
  };
  const { how } = knobs.value;
  const ownIou = how.labelIouThresholds?.[label];
  const setIou = (value: number | undefined) => {
    const { [label]: _, ...others } = knobs.value.how.labelIouThresholds ?? {};
    turnHow({ labelIouThresholds: value === undefined ? others : { ...others, [label]: value } });
  };
  const set = (value: number | undefined) => {
    const { [label]: _, ...others } = labelThresholds;
    turn({ labelThresholds: value === undefined ? others : { ...others, [label]: value } });
  };
  return (
    <li class={count === 0 ? 'label none' : 'label'}>
      <button type="button" class="name" aria-pressed={chosen} onClick={filter} title={`Only pictures with ${label}`}>
        <Swatch colour={colours[classId]!} />
        <span>{label}</span>
      </button>
      <span class="count">{figure(count)}</span>
      <button
        type="button"
        class={own === undefined && ownIou === undefined ? 'threshold' : 'threshold own'}
        aria-expanded={open}
        aria-label={`Threshold of ${label}: ${own ?? scoreThreshold}`}
        onClick={onOpen}
      >
        {(own ?? scoreThreshold).toFixed(2)}
      </button>
      {open && (
        <div class="own-threshold">
          <Slider
            label={`Score of ${label}`}
            value={own ?? scoreThreshold}
            least={candidates ? floor : (options.labelThresholds?.[label] ?? floor)}
            onTurn={set}
          />
          {run.value.candidates && (
            <Slider label={`IoU of ${label}`} value={ownIou ?? how.iouThreshold ?? 0.5} least={0} onTurn={setIou} />
          )}
          <button
            type="button"
            class="quiet"
            disabled={own === undefined && ownIou === undefined}
            onClick={() => {
              set(undefined);
              setIou(undefined);
            }}
          >
            As all labels
          </button>
        </div>
      )}
    </li>
  );
}
