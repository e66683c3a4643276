import type { ConclusionOf, placeKinds } from '@tongtang/model/conclusions';
import { schoolStates } from '@tongtang/model/conclusions';
import type { Incident } from '@tongtang/model/incident';
import type { Inventory } from '@tongtang/model/inventory';
import type { Severity } from '@tongtang/model/notice';
import type { Text } from '@tongtang/model/text';
import { always, type Sheet, timeless } from './sheet.ts';

/** The names of a county's places, so that Grafana can offer them. @param places absent where the county is gone */
export function placesSheet(county: string, inventory: Inventory | undefined): Sheet {
  return {
    id: `places ${county}`,
    points: inventory === undefined ? [] : placesOf(inventory),
    realms: [{ measurement: 'place', tags: { county }, ...always }],
  };
}

function placesOf({ county, clusters, schools }: Inventory): ConclusionOf<'place'>[] {
  const place = (
    kind: (typeof placeKinds)[number],
    tags: Omit<ConclusionOf<'place'>['tags'], 'kind' | 'county'>,
    id: string,
    { zh, en }: Text,
  ): ConclusionOf<'place'> => ({
    measurement: 'place',
    tags: { county: county.id, kind, ...tags },
    time: timeless,
    fields: { name_zh: zh, name_en: en, label_zh: `${zh} (${id})`, label_en: `${en} (${id})` },
  });
  return [
    place('county', {}, county.id, county.name),
    ...clusters.map(({ id, name }) => place('cluster', { cluster: id }, id, name)),
    ...schools.flatMap(({ id, name, cluster, classrooms }) => {
      const of = { ...(cluster !== undefined && { cluster }), school: id };
      return [
        place('school', of, id, name),
        ...classrooms.map((room) => place('classroom', { ...of, classroom: room.id }, room.id, room.name)),
      ];
    }),
  ];
}

/** An incident as far as it colours a school. */
export type OpenIncident = Pick<Incident, 'place' | 'evidence'> & Readonly<{ severity: Severity }>;

const stateOf: Readonly<Record<Severity, number>> = {
  info: schoolStates.trouble,
  warning: schoolStates.trouble,
  critical: schoolStates.critical,
};

/**
 * Where schools are, and how each is now.
 * @param open incidents that are open
 * @param measured ids of schools that have an agent
 */
export function schoolsSheet(
  county: string,
  inventory: Inventory | undefined,
  open: readonly OpenIncident[],
  measured: ReadonlySet<string>,
): Sheet {
  const found = new Map<string, OpenIncident[]>();
  for (const incident of open)
    for (const school of schoolsOf(incident)) {
      const all = found.get(school) ?? [];
      all.push(incident);
      found.set(school, all);
    }
  const points = (inventory?.schools ?? []).map(({ id, name, cluster, lat, lon }) => {
    const own = found.get(id) ?? [];
    const usual = measured.has(id) ? schoolStates.fine : schoolStates.unmeasured;
    return {
      measurement: 'school_now' as const,
      tags: { county, ...(cluster !== undefined && { cluster }), school: id },
      time: timeless,
      fields: {
        name_zh: name.zh,
        name_en: name.en,
        state: Math.max(usual, ...own.map(({ severity }) => stateOf[severity])),
        incidents: own.length,
        mapped: lat !== undefined && lon !== undefined,
        lat: lat ?? 0,
        lon: lon ?? 0,
      },
    };
  });
  return {
    id: `schools ${county}`,
    points,
    realms: [{ measurement: 'school_now', tags: { county }, ...always }],
  };
}

/** The schools that an incident shows in. */
export function schoolsOf({ place, evidence }: Pick<Incident, 'place' | 'evidence'>): string[] {
  return place.school === undefined ? [...new Set(evidence.map(({ school }) => school))] : [place.school];
}
