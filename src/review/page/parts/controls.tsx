import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface SliderProps {
  label: string;
  value: number;
  least: number;
  most?: number;
  step?: number;
  disabled?: boolean;
  hint?: string;
  onTurn: (value: number) => void;
  children?: ComponentChildren;
}

/** A slider with its number beside it: either can be used. */
export function Slider({ label, value, least, most = 1, step = 0.01, disabled, hint, onTurn, children }: SliderProps) {
  const id = useId();
  const turn = (event: Event) => {
    const number = Number((event.currentTarget as HTMLInputElement).value);
    if (Number.isFinite(number)) onTurn(Math.min(most, Math.max(least, number)));
  };
  const range = { min: least, max: most, step, value, disabled };
  return (
    <div class={disabled ? 'knob disabled' : 'knob'} title={hint}>
      <label for={id}>{label}</label>
      <input class="number" type="number" aria-label={`${label}, number`} {...range} onChange={turn} />
      {children}
      <input id={id} class="range" type="range" {...range} onInput={turn} />
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [value: T, text: string])[];
  disabled?: boolean;
  hint?: string;
  onTurn: (value: T) => void;
}

export function Choice<T extends string>({ label, value, options, disabled, hint, onTurn }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div class={disabled ? 'knob choice disabled' : 'knob choice'} title={hint}>
      <label for={id}>{label}</label>
      <select id={id} value={value} disabled={disabled} onChange={(event) => onTurn(event.currentTarget.value as T)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface ToggleProps {
  label: string;
  on: boolean;
  hint?: string;
  disabled?: boolean;
  keys?: string;
  onTurn: (on: boolean) => void;
}

export function Toggle({ label, on, hint, disabled, keys, onTurn }: ToggleProps) {
  return (
    <button
      type="button"
      class="toggle"
      aria-pressed={on}
      disabled={disabled}
      title={hint ?? (keys === undefined ? undefined : `${label} (${keys})`)}
      aria-keyshortcuts={keys}
      onClick={() => onTurn(!on)}
    >
      {label}
    </button>
  );
}

export function Swatch({ colour }: { colour: string }) {
  return (
    <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" rx="2" fill={colour} />
    </svg>
  );
}

/** 1,234 */
export function figure(value: number): string {
  return value.toLocaleString('en-US');
}

/** 0.873; – where there is none */
export function share(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}
