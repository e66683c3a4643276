import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { hubTime } from '../format/clock.ts';
import { momentIn, wallClock } from '../format/time.ts';
import { words } from '../language/language.ts';
import { Segment } from '../session/choices.tsx';
import { endOf, gridOf, recentNames, type TimeRange } from './range.ts';

type RangeChooserProps = Readonly<{ range: TimeRange; timeZone: string; choose: (range: TimeRange) => void }>;

/** How far back, or from when to when in the county's time. */
export function RangeChooser({ range, timeZone, choose }: RangeChooserProps): JSX.Element {
  const t = words.value.classroom;
  const custom = useSignal(range.kind === 'fixed');
  const problem = useSignal('');
  const grid = gridOf(range, hubTime());
  const [from, to] = range.kind === 'fixed' ? [range.from, range.to] : [grid.from, endOf(grid)];

  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const start = momentIn(String(form.get('from')), timeZone);
    const end = momentIn(String(form.get('to')), timeZone);
    const fits = start !== undefined && end !== undefined && start < end;
    problem.value = fits ? '' : t.wrongRange;
    if (fits) choose({ kind: 'fixed', from: start, to: end });
  };

  return (
    <div class="range">
      <fieldset class="segments">
        <legend class="sr-only">{t.range}</legend>
        {recentNames.map((name) => (
          <Segment
            key={name}
            name="range"
            checked={!custom.value && range.kind === 'recent' && range.name === name}
            choose={() => {
              custom.value = false;
              choose({ kind: 'recent', name });
            }}
          >
            {t.ranges[name]}
          </Segment>
        ))}
        <Segment
          name="range"
          checked={custom.value || range.kind === 'fixed'}
          choose={() => (custom.value = true)}
        >
          {t.custom}
        </Segment>
      </fieldset>
      {(custom.value || range.kind === 'fixed') && (
        <form class="range-form" onSubmit={submit} key={`${from} ${to}`}>
          <label>
            {t.from}{' '}
            <input type="datetime-local" name="from" defaultValue={wallClock(from, timeZone)} required />
          </label>
          <label>
            {t.to} <input type="datetime-local" name="to" defaultValue={wallClock(to, timeZone)} required />
          </label>
          <button type="submit">{t.apply}</button>
          <p class="problem" role="alert">
            {problem}
          </p>
        </form>
      )}
    </div>
  );
}
