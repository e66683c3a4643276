import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { hashPassword, makePassword } from '@tongtang/broker/password';
import { incidentsIn as incidentsFile } from '@tongtang/hub/incidents/incidents-file';
import { dayOf, plusDays } from '@tongtang/lessons/plain-date';
import { buildInventory } from '@tongtang/model/inventory';
import { Notice } from '@tongtang/model/notice';
import { createLog } from '@tongtang/runtime/log';
import { validate } from '@tongtang/runtime/validation';
import type { Enrolled } from '@tongtang/simulator/session';
import { type IncidentRecord, openIncidentStore } from '@tongtang/store/incidents/incident-store';
import { openRegistry } from '@tongtang/store/registry/open';

/** A county in which there are lessons at all hours of all days, and what is concluded and told of it. */

export const county = 'taught';
const timezone = 'Asia/Shanghai';

export type Pupil = Readonly<{ enrolled: Enrolled; school: string; classroom: string }>;

/**
 * Makes the county, and enrols an agent in each classroom unless they are to be empty.
 * @param rooms classrooms of each school
 */
export function settleTaughtCounty(
  dataFolder: string,
  rooms: Readonly<Record<string, number>>,
  classrooms?: 'empty',
): Pupil[] {
  const nowS = Date.now() / 1000;
  let clockS = nowS - 100 * 86_400;
  const registry = openRegistry(
    join(dataFolder, 'hub', 'registry.db'),
    createLog('error'),
    () => new Date(clockS * 1000),
  );
  try {
    const built = buildInventory({
      county: { id: county, name: { zh: '上课县', en: 'Taught' }, timezone },
      schools: Object.entries(rooms).map(([id, classes]) => ({ id, name: { en: id }, classes })),
    });
    if ('problems' in built) throw new Error(built.problems.join('; '));
    const { inventory } = built;
    registry.importInventory(inventory, 'test');
    const today = dayOf(nowS, timezone);
    const [from, to] = [plusDays(today, -100), plusDays(today, 100)];
    registry.importTimetable(
      county,
      {
        terms: [{ name: 'all', from, to }],
        // Two that meet, so that there is a lesson at midnight, too.
        bells: [
          {
            from,
            periods: [
              { n: 1, start: '00:00', end: '12:00' },
              { n: 2, start: '12:00', end: '23:59' },
            ],
          },
        ],
        days: [],
        changes: [],
        lessons: inventory.schools.flatMap(({ id, classes }) =>
          classes.flatMap(({ id: of }) =>
            ([1, 2, 3, 4, 5, 6, 7] as const).flatMap((weekday) =>
              [1, 2].map((period) => ({
                school: id,
                class: of,
                weekday,
                period,
                weeks: 'every' as const,
                subject: '数学',
                mode: 'live' as const,
                carrier: 'broadband' as const,
              })),
            ),
          ),
        ),
      },
      'test',
    );
    // It counts from its import on; all else is of today.
    clockS = nowS;
    if (classrooms === 'empty') return [];
    return inventory.schools.flatMap(({ id: school, classrooms: own }) =>
      own.map(({ id: classroom }): Pupil => {
        const password = makePassword();
        const made = registry.createEnrolmentCode({ county, school, classroom, kind: 'classroom' }, 'test');
        if (!made.ok) throw new Error(made.problem);
        const result = registry.enrol({ code: made.code, passwordHash: hashPassword(password) });
        if (!result.ok) throw new Error(result.reason);
        return { enrolled: { address: result.agent.address, password }, school, classroom };
      }),
    );
  } finally {
    registry.close();
  }
}

/** What a running hub has concluded, the newest first. */
export function incidentsIn(dataFolder: string): IncidentRecord[] {
  const store = openIncidentStore(incidentsFile(dataFolder), createLog('error'));
  try {
    return store.list({ from: 0, to: Number.MAX_SAFE_INTEGER });
  } finally {
    store.close();
  }
}

export type Told = Readonly<{ at: number; notices: readonly Notice[] }>;

/** A program that is told of everything, in whatever hour. */
export async function startListener(folder: string): Promise<{
  told: readonly Told[];
  /** For the hub. */
  notifyFile: string;
  stop: () => Promise<void>;
}> {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { data } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const notices = Array.isArray(data?.notices) ? data.notices : [];
    told.push({
      at: Date.now() / 1000,
      notices: notices.map((notice: unknown) => {
        const checked = validate(Notice, notice);
        if (!checked.ok) throw new Error(checked.problems.join('; '));
        return checked.value;
      }),
    });
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const notifyFile = join(folder, 'notify.yaml');
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  writeFileSync(
    notifyFile,
    `console: https://tongtang.example
channels: { program: { kind: webhook, url: "http://127.0.0.1:${address.port}/", secret: "${secret}" } }
routes: [{ name: all, to: [program] }]
`,
  );
  chmodSync(notifyFile, 0o600);
  return {
    told,
    notifyFile,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
