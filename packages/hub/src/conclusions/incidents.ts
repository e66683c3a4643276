import { isGone } from '@tongtang/incidents/incident-list';
import type { Inventory } from '@tongtang/model/inventory';
import type { IncidentRecord } from '@tongtang/store/incidents/incident-store';
import type { Realm } from '@tongtang/store/influx/influxql';
import { noticeOf } from '../incidents/notices.ts';
import { schoolsOf } from './places.ts';
import type { Sheet } from './sheet.ts';

/** Incidents begin at any time, and late data may move that. InfluxDB knows of none after 2262. */
const anyTime = { from: 0, to: Date.UTC(2262) / 1000 } as const;

/** Where all that is said of an incident stands. */
function realmsOf(county: string, id: string): Realm[] {
  return (['incident', 'incident_school'] as const).map((measurement) => ({
    measurement,
    tags: { county, id },
    ...anyTime,
  }));
}

/** Of an incident that the hub does not know. */
export function unknownIncident(county: string, id: string): Sheet {
  return { id: `incident ${id}`, points: [], realms: realmsOf(county, id) };
}

/** An incident, and its part in each school that it shows in. Of one that is none any more, or a part of another, nothing. */
export function incidentSheet(record: IncidentRecord, inventory: Inventory): Sheet {
  const { id, state, place, from, to, lessons, severity } = record;
  const { county } = place;
  const sheet = unknownIncident(county, id);
  if (isGone(state)) return sheet;
  const { what, cause, school } = noticeOf(record, 'opened', 1, from, inventory);
  const where = school?.name ?? inventory.county.name;
  const said = {
    open: state === 'open' || state === 'acknowledged',
    text_zh: `${where.zh} ${what.zh}：${cause.zh}`,
    text_en: `${where.en}, ${what.en}: ${cause.en}`,
    end_ms: to === undefined ? 0 : Math.floor(to) * 1000,
  };
  const time = Math.floor(from);
  const schools = schoolsOf(record);
  const clusters = new Map(inventory.schools.map((one) => [one.id, one.cluster]));
  return {
    ...sheet,
    points: [
      {
        measurement: 'incident',
        tags: { county, id },
        time,
        fields: {
          ...said,
          state,
          severity,
          cause_zh: cause.zh,
          cause_en: cause.en,
          place_zh: `${where.zh} ${what.zh}`,
          place_en: `${where.en}, ${what.en}`,
          schools: schools.length,
          lessons: lessons.length,
        },
      },
      ...schools.map((of) => {
        const cluster = clusters.get(of);
        return {
          measurement: 'incident_school' as const,
          tags: { county, ...(cluster !== undefined && { cluster }), school: of, id },
          time,
          fields: said,
        };
      }),
    ],
  };
}
