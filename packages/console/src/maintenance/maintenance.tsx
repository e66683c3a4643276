import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { County, Maintenance, MaintenanceWindow, WindowEntry } from '../api/answers.ts';
import { get, put, remove } from '../api/client.ts';
import { problemText } from '../api/problem.ts';
import { hubNow, learnHubTime } from '../format/clock.ts';
import { inLanguage, words } from '../language/language.ts';
import { fleet, loadFleet } from '../overview/fleet.ts';
import { FleetLoading } from '../overview/fleet-loading.tsx';
import './maintenance.css';
import { WindowDialog } from './window-dialog.tsx';
import { WindowRow } from './window-row.tsx';
import { grouped, windowGroups } from './windows.ts';

/** Announced work of each county. */
export default function MaintenancePage(): JSX.Element {
  const t = words.value;
  useEffect(() => {
    if (fleet.value === undefined) void loadFleet(true);
  }, []);
  useEffect(() => {
    document.title = `${t.maintenance.title} · ${t.product}`;
  }, [t]);
  if (fleet.value === undefined) return <FleetLoading />;
  const { counties } = fleet.value.places;
  return (
    <div class="maintenance-page">
      <h1>{t.maintenance.title}</h1>
      <p class="hint">{t.maintenance.intro}</p>
      {counties.map((county) => (
        <CountyWindows key={county.id} county={county} alone={counties.length === 1} />
      ))}
    </div>
  );
}

/** The next time of a window that comes each week is reckoned by the hub. */
const refreshMs = 60_000;

type State = Readonly<{ windows?: readonly MaintenanceWindow[]; problem?: string }>;

function CountyWindows({ county, alone }: Readonly<{ county: County; alone: boolean }>): JSX.Element {
  const t = words.value.maintenance;
  const state = useSignal<State>({});
  const editing = useSignal<MaintenanceWindow | 'new' | undefined>(undefined);
  const removed = useSignal<MaintenanceWindow | undefined>(undefined);
  const path = `counties/${county.id}/maintenance`;
  useEffect(() => {
    void load(path, state);
    const refresh = setInterval(() => void load(path, state), refreshMs);
    return () => clearInterval(refresh);
  }, [path]);

  const attempt = async (change: () => Promise<unknown>): Promise<void> => {
    try {
      await change();
      await load(path, state);
    } catch (error) {
      state.value = { ...state.value, problem: problemText(error) };
    }
  };
  const takeAway = (window: MaintenanceWindow): Promise<void> =>
    attempt(async () => {
      await remove(`${path}/${window.id}`);
      removed.value = window;
    });
  const bringBack = (window: MaintenanceWindow): Promise<void> =>
    attempt(async () => {
      await put(`${path}/${window.id}`, entryOf(window));
      removed.value = undefined;
    });

  return (
    <section class="county-windows" aria-label={inLanguage(county.name)}>
      <div class="page-head">
        {!alone && <h2>{inLanguage(county.name)}</h2>}
        <p class="hint">{words.value.classroom.zone(county.timezone)}</p>
        <button type="button" class="primary" onClick={() => (editing.value = 'new')}>
          {t.add}
        </button>
      </div>
      {state.value.problem !== undefined && (
        <p class="problem" role="alert">
          {state.value.problem}
        </p>
      )}
      {removed.value !== undefined && <Removed window={removed.value} undo={bringBack} />}
      <Groups
        windows={state.value.windows}
        county={county}
        edit={(window) => (editing.value = window)}
        takeAway={takeAway}
      />
      {editing.value !== undefined && (
        <WindowDialog
          county={county}
          {...(editing.value !== 'new' && { window: editing.value })}
          done={() => {
            editing.value = undefined;
            void load(path, state);
          }}
        />
      )}
    </section>
  );
}

type GroupsProps = Readonly<{
  windows: readonly MaintenanceWindow[] | undefined;
  county: County;
  edit: (window: MaintenanceWindow) => void;
  takeAway: (window: MaintenanceWindow) => void;
}>;

function Groups({ windows, county, edit, takeAway }: GroupsProps): JSX.Element | null {
  const t = words.value.maintenance;
  if (windows === undefined) return null;
  if (windows.length === 0)
    return (
      <div class="empty sheet">
        <p>{t.none}</p>
        <p>{t.noneMore}</p>
      </div>
    );
  const groups = grouped(windows, hubNow.value);
  return (
    <>
      {windowGroups
        .filter((group) => groups[group].length > 0)
        .map((group) => (
          <section key={group} aria-label={t.groups[group]}>
            <h3>{t.groups[group]}</h3>
            <ul class={`windows sheet is-${group}`}>
              {groups[group].map((window) => (
                <WindowRow
                  key={window.id}
                  window={window}
                  county={county}
                  edit={() => edit(window)}
                  takeAway={() => takeAway(window)}
                />
              ))}
            </ul>
          </section>
        ))}
    </>
  );
}

type RemovedProps = Readonly<{ window: MaintenanceWindow; undo: (window: MaintenanceWindow) => void }>;

function Removed({ window, undo }: RemovedProps): JSX.Element {
  const t = words.value.maintenance;
  return (
    <p class="ribbon" role="status">
      <span>{t.removed(window.note)}</span>
      <button type="button" onClick={() => undo(window)}>
        {t.undo}
      </button>
    </p>
  );
}

async function load(path: string, state: Signal<State>): Promise<void> {
  try {
    const { time, windows } = await get<Maintenance>(path);
    learnHubTime(time);
    state.value = { windows };
  } catch (error) {
    state.value = { ...state.value, problem: problemText(error) };
  }
}

/** A window as it was entered. */
function entryOf({ id: _, next: __, ...entry }: MaintenanceWindow): WindowEntry {
  return entry;
}
