import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { InspectedCandidate, ShownImage } from '../../protocol/messages.js';
import { Swatch } from '../parts/controls.js';
import { corrections, knobs, lookedAt, run, shows } from '../state.js';
import { crew } from '../workers.js';
import { chosenRegion, drawn, hovered, hoveredCandidate, labelling } from './viewer.js';

interface RegionsProps {
  row: number;
  image: ShownImage | null;
  /** Whether regions can be corrected. */
  editable: boolean;
  onReject: (region: number, classId: number) => void;
  onLabel: (label: string, classId: number) => void;
  onDelete: (region: number) => void;
}

const ERRORS: Record<string, string> = {
  class: 'wrong label',
  localisation: 'wrong place',
  both: 'wrong label and place',
  duplicate: 'duplicate',
  background: 'nothing there',
};

/** The regions of a picture as a list, with everything that is known of each. */
export function Regions({ row, image, editable, onReject, onLabel, onDelete }: RegionsProps) {
  const regions = image?.detections ?? [];
  const missed = image?.judged?.groundTruth.filter(({ found, ignored }) => !found && !ignored) ?? [];
  return (
    <aside class="panel regions" aria-label="Regions">
      {image?.corrected && (
        <p class="note">
          {corrections.value[row]?.reviewed ? 'Reviewed' : 'Corrected'} by a person: knobs do not act on this picture.
        </p>
      )}
      {crew.remarks(row).map((remark) => (
        <p key={remark} class="note">
          {remark}
        </p>
      ))}
      {shows.candidates.value && <UnderPointer image={image} />}
      {labelling.value && <LabelInput onLabel={onLabel} />}
      <h2>
        Regions <small>{regions.length}</small>
      </h2>
      <ol>
        {regions.map((_, region) => (
          <Region
            key={region}
            image={image!}
            region={region}
            editable={editable}
            onReject={onReject}
            onDelete={onDelete}
          />
        ))}
      </ol>
      {missed.length > 0 && (
        <>
          <h2>
            Missed <small>{missed.length}</small>
          </h2>
          <ul class="missed">
            {missed.map(({ label, box }) => (
              <li key={box.join()}>{label}</li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}

interface RegionProps extends Pick<RegionsProps, 'editable' | 'onReject' | 'onDelete'> {
  image: ShownImage;
  region: number;
}

function Region({ image, region, editable, onReject, onDelete }: RegionProps) {
  const item = useRef<HTMLLIElement>(null);
  const { colours } = lookedAt();
  const { box, labels, dropped = [], violated = [] } = image.detections[region]!;
  const isChosen = chosenRegion.value === region;
  const place = image.candidates?.find((candidate) => candidate.region === region);
  const { scoreThreshold, labelThresholds } = knobs.value;
  const [x1, y1, x2, y2] = box.map(Math.round) as [number, number, number, number];
  useEffect(() => {
    if (isChosen) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  return (
    <li
      ref={item}
      class={isChosen ? 'region chosen' : hovered.value === region ? 'region hovered' : 'region'}
      onPointerEnter={() => (hovered.value = region)}
      onPointerLeave={() => (hovered.value = null)}
    >
      <button
        type="button"
        class="choose"
        aria-pressed={isChosen}
        onClick={() => (chosenRegion.value = isChosen ? null : region)}
      >
        {labels.map(({ label, classId, score, by }, i) => (
          <span key={classId} class="row">
            <Swatch colour={colours[classId] ?? '#888888'} />
            <span class="name">{label}</span>
            {by === 'rule' && <em>by rule</em>}
            {image.judged?.errors[region]?.[i] && <em>{ERRORS[image.judged.errors[region]![i]!]}</em>}
            <span class="count">{score.toFixed(3)}</span>
          </span>
        ))}
      </button>
      {isChosen && (
        <div class="details">
          <p>
            {x2 - x1} × {y2 - y1} pixels at {x1}, {y1}
          </p>
          {violated.length > 0 && (
            <p>
              Violated: {violated.join('; ')}.
              {dropped.map(({ label, score }) => ` Without ${label} ${score.toFixed(2)}.`)}
            </p>
          )}
          {!image.corrected && place === undefined && (
            <ul class="scores">
              {labels.map(({ label, classId, score }) => (
                <Score key={classId} label={label} score={score} threshold={labelThresholds[label] ?? scoreThreshold} />
              ))}
            </ul>
          )}
          {!image.corrected && place !== undefined && <Scores candidate={place} />}
          {editable && (
            <div class="buttons">
              {labels.map(({ label, classId }) => (
                <button key={classId} type="button" onClick={() => onReject(region, classId)}>
                  Not {label}
                </button>
              ))}
              <button type="button" onClick={() => (labelling.value = true)}>
                Add a label
              </button>
              <button type="button" onClick={() => onDelete(region)}>
                Delete
              </button>
            </div>
          )}
        </div>
      )}
    </li>
  );
}

/** What became of the candidate under the pointer. */
function UnderPointer({ image }: { image: ShownImage | null }) {
  const hidden = image?.candidates?.filter(({ region }) => region < 0).length ?? 0;
  const candidate = hoveredCandidate.value === null ? undefined : image?.candidates?.[hoveredCandidate.value];
  return (
    <section class="candidate" aria-live="polite">
      <h2>
        Candidates <small>{hidden} not visible</small>
      </h2>
      {candidate === undefined ? (
        <p class="note">Point at a fine box.</p>
      ) : (
        <Fate image={image!} candidate={candidate} />
      )}
    </section>
  );
}

function Fate({ image, candidate }: { image: ShownImage; candidate: InspectedCandidate }) {
  const { labels, rival } = candidate;
  const reaches = labels.some((label) => label.reaches);
  const by = rival === null ? undefined : image.detections[rival.region];
  return (
    <>
      <Scores candidate={candidate} />
      {by !== undefined && reaches && (
        <p>
          Suppressed by {by.label} {by.score.toFixed(2)}: they overlap by {rival!.overlap.toFixed(2)}.
        </p>
      )}
      {!reaches && <p>No label reaches its threshold.</p>}
      {by === undefined && reaches && (
        <p>It is not visible because of a limit, a filter, or a score that was lowered.</p>
      )}
    </>
  );
}

/** Every label that the model gave a place, with the threshold that it has to reach. */
function Scores({ candidate: { labels } }: { candidate: InspectedCandidate }) {
  return (
    <ul class="scores">
      {labels.map(({ label, classId, score, threshold }) => (
        <Score key={classId} label={label} score={score} threshold={threshold} />
      ))}
    </ul>
  );
}

function Score({ label, score, threshold }: { label: string; score: number; threshold: number }) {
  const reaches = score >= threshold;
  return (
    <li class={reaches ? 'reaches' : ''}>
      <span class="name">{label}</span>
      <span class="count">{score.toFixed(3)}</span>
      <span class="threshold">
        {reaches ? '≥' : '<'} {threshold.toFixed(2)}
      </span>
    </li>
  );
}

function LabelInput({ onLabel }: Pick<RegionsProps, 'onLabel'>) {
  const input = useRef<HTMLInputElement>(null);
  const [unknown, setUnknown] = useState(false);
  const { labels } = run.value;
  useLayoutEffect(() => input.current!.focus(), []);
  const end = () => {
    labelling.value = false;
    drawn.value = null;
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const text = input.current!.value.trim().toLowerCase();
    const exact = labels.findIndex((label) => label?.toLowerCase() === text);
    const starting = labels.filter((label) => text !== '' && label?.toLowerCase().startsWith(text));
    const classId = exact >= 0 ? exact : starting.length === 1 ? labels.indexOf(starting[0]!) : -1;
    setUnknown(classId < 0);
    if (classId >= 0) onLabel(labels[classId]!, classId);
  };
  return (
    <form class="labelling" onSubmit={submit}>
      <label>
        Label of the {drawn.value === null ? 'region' : 'new region'}
        <input
          ref={input}
          list="known-labels"
          autocomplete="off"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            event.stopPropagation();
            end();
          }}
        />
      </label>
      <datalist id="known-labels">
        {labels.map((label) => label !== null && <option key={label} value={label} />)}
      </datalist>
      {unknown && <p class="note">The run has no such label.</p>}
      <div class="buttons">
        <button type="submit" class="main">
          Add
        </button>
        <button type="button" onClick={end}>
          Cancel
        </button>
      </div>
    </form>
  );
}
