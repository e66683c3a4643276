import { useSignal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { type AgentKind, agentKinds, type County, type EnrolmentCode, type Named } from '../api/answers.ts';
import { post } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { CopyText } from '../design/copy-text.tsx';
import { Dialog } from '../design/dialog.tsx';
import { formatMoment } from '../format/time.ts';
import { inLanguage, locale, words } from '../language/language.ts';

type AddMachineProps = Readonly<{
  counties: readonly County[];
  /** The place to begin with. */
  seat?: Readonly<{ county: string; school: string; classroom?: string }>;
  /** What the machine is, to begin with. */
  kind?: AgentKind;
  done: () => void;
}>;

/** Makes a one-time code for a classroom and shows the command that uses it. */
export function AddMachine({
  counties,
  seat,
  kind: first = 'classroom',
  done,
}: AddMachineProps): JSX.Element {
  const t = words.value.addMachine;
  const countyId = useSignal(seat?.county ?? counties[0]?.id);
  const schoolId = useSignal(seat?.school);
  const roomId = useSignal(seat?.classroom);
  const kind = useSignal<AgentKind>(first);
  const made = useSignal<EnrolmentCode | undefined>(undefined);
  const problem = useSignal('');
  const county = counties.find(({ id }) => id === countyId.value);
  const school =
    county?.schools.find(({ id }) => id === schoolId.value) ??
    county?.schools.find(({ classrooms }) => classrooms.some(({ agents }) => agents.length === 0)) ??
    county?.schools[0];
  const room =
    school?.classrooms.find(({ id }) => id === roomId.value) ??
    school?.classrooms.find(({ agents }) => agents.length === 0) ??
    school?.classrooms[0];

  const make = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    try {
      const seat = { county: county?.id, school: school?.id, classroom: room?.id };
      made.value = await post<EnrolmentCode>('enrolment-codes', { ...seat, kind: kind.value });
      problem.value = '';
    } catch (error) {
      problem.value = problemText(error);
    }
  };

  return (
    <Dialog title={t.title} done={done}>
      {made.value === undefined ? (
        <form class="form" onSubmit={make}>
          <p class="hint">{t.intro}</p>
          {counties.length > 1 && (
            <Choice
              label={t.county}
              chosen={county?.id}
              options={named(counties)}
              choose={(id) => (countyId.value = id)}
            />
          )}
          <Choice
            label={t.school}
            chosen={school?.id}
            options={named(county?.schools ?? [])}
            choose={(id) => (schoolId.value = id)}
          />
          <Choice
            label={t.classroom}
            chosen={room?.id}
            options={(school?.classrooms ?? []).map(({ id, name, agents }) => ({
              id,
              text: agents.length > 0 ? t.equipped(inLanguage(name)) : inLanguage(name),
            }))}
            choose={(id) => (roomId.value = id)}
          />
          <Choice
            label={t.kind}
            chosen={kind.value}
            options={agentKinds.map((id) => ({ id, text: t.kinds[id] }))}
            choose={(id) => (kind.value = agentKinds.find((known) => known === id) ?? kind.value)}
          />
          <p class="problem" role="alert">
            {problem}
          </p>
          <button type="submit" class="primary" disabled={room === undefined}>
            {t.make}
          </button>
        </form>
      ) : (
        <div class="form">
          <p>
            {school && inLanguage(school.name)} · {room && inLanguage(room.name)}
          </p>
          <p class="code-line">
            <span>{t.code}</span>
            <strong class="code">{made.value.code}</strong>
          </p>
          <p>{t.run}</p>
          <CopyText text={made.value.command} />
          {made.value.onlyHere.length > 0 && (
            <p class="problem">{t.onlyHere(made.value.onlyHere.join(', '))}</p>
          )}
          <p class="hint">
            {t.expires(formatMoment(made.value.expiresAt, county?.timezone ?? 'UTC', locale.value))}
            <br />
            {t.appears}
          </p>
          <button type="button" onClick={() => (made.value = undefined)}>
            {t.another}
          </button>
        </div>
      )}
    </Dialog>
  );
}

function named(places: readonly Named[]): ChoiceProps['options'] {
  return places.map(({ id, name }) => ({ id, text: inLanguage(name) }));
}

type ChoiceProps = Readonly<{
  label: string;
  chosen: string | undefined;
  options: readonly Readonly<{ id: string; text: string }>[];
  choose: (id: string) => void;
}>;

function Choice({ label, chosen, options, choose }: ChoiceProps): JSX.Element {
  return (
    <label>
      {label}
      <select value={chosen ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(({ id, text }) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
