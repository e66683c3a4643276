import { randomBytes } from 'node:crypto';
import { exclusionsOf, type MaintenanceWindow } from '@tongtang/incidents/maintenance-window';
import { Identifier } from '@tongtang/model/identifier';
import type { Inventory } from '@tongtang/model/inventory';
import { type Static, Type } from 'typebox';
import { principalOf } from '../access.ts';
import { Done, done, List, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import { inventoryOf } from '../county.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

const County = Type.Object({ county: Type.String() });
const Window = Type.Object({ county: Type.String(), id: Identifier });

/** 2100: a start in milliseconds is a mistake. */
const latest = 4_102_444_800;
const Moment = Type.Integer({ minimum: 0, maximum: latest });

const kinds = ['once', 'weekly'] as const;
const fieldsOf = {
  once: ['start', 'end'],
  weekly: ['weekdays', 'at', 'minutes'],
} as const satisfies Record<(typeof kinds)[number], readonly (keyof WindowBody)[]>;

const WindowBody = Type.Object(
  {
    kind: Type.Enum([...kinds]),
    school: Type.Optional(Type.String({ description: "Absent: the whole county's" })),
    note: Type.String({ maxLength: 500, description: 'What is done, for people' }),
    start: Type.Optional(
      Type.Intersect([Moment], { description: 'With `once`; seconds since 1970, as is `end`' }),
    ),
    end: Type.Optional(Moment),
    weekdays: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
        minItems: 1,
        uniqueItems: true,
        description: "With `weekly`: 1 is Monday, 7 Sunday, in the county's time zone",
      }),
    ),
    at: Type.Optional(
      Type.String({
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
        form: 'must be a time of day such as 02:00',
        description: "With `weekly`: when it begins, in the county's time zone",
      }),
    ),
    minutes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1440, description: 'With `weekly`: how long it takes' }),
    ),
  },
  { additionalProperties: false },
);
type WindowBody = Static<typeof WindowBody>;

export const WindowAnswer = Type.Object({
  id: Type.String(),
  ...WindowBody.properties,
  next: Type.Optional(
    Type.Object(
      { start: Seconds, end: Seconds },
      { description: 'The time that is on or comes next; absent where it is over' },
    ),
  ),
});

export const MaintenanceAnswer = Type.Object({
  time: Seconds,
  timezone: Type.String(),
  windows: List(WindowAnswer),
});

/** Announced work: what happens in it is no incident. */
export function maintenanceRoutes(app: App, deps: HttpDeps): void {
  const { incidents, registry, nowS } = deps;

  function answerOf(window: MaintenanceWindow, { county }: Inventory): Static<typeof WindowAnswer> {
    const now = nowS();
    // Every weekly window begins within eight days.
    const until = window.kind === 'once' ? latest : now + 8 * 86_400;
    const [next] = exclusionsOf([window], county.timezone, now, until);
    const { kind, id, note, school } = window;
    return {
      id,
      note,
      ...(school !== undefined && { school }),
      ...(kind === 'once'
        ? { kind, start: window.start, end: window.end }
        : { kind, weekdays: [...window.weekdays], at: window.at, minutes: window.minutes }),
      ...(next !== undefined && { next: { start: next.start, end: next.end } }),
    };
  }

  app.get(
    '/counties/:county/maintenance',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'Maintenance windows of a county',
        params: County,
        response: { 200: MaintenanceAnswer },
      },
    },
    async ({ params }) => {
      const inventory = inventoryOf(deps, params.county);
      const windows = incidents.windows(params.county).map((window) => answerOf(window, inventory));
      return { time: nowS(), timezone: inventory.county.timezone, windows };
    },
  );

  app.post(
    '/counties/:county/maintenance',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'Announce work: what happens in it is no incident',
        params: County,
        body: WindowBody,
        response: { 200: WindowAnswer },
      },
    },
    async (request) => {
      const id = `w-${randomBytes(4).toString('hex')}`;
      return keep(
        principalOf(request).user,
        'add maintenance window',
        { ...request.params, id },
        request.body,
      );
    },
  );

  app.put(
    '/counties/:county/maintenance/:id',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'Change a maintenance window, or bring one back that was removed',
        params: Window,
        body: WindowBody,
        response: { 200: WindowAnswer },
      },
    },
    async (request) =>
      keep(principalOf(request).user, 'change maintenance window', request.params, request.body),
  );

  app.delete(
    '/counties/:county/maintenance/:id',
    {
      config: { access: 'operations' },
      schema: { summary: 'Remove a maintenance window', params: Window, response: { 200: Done } },
    },
    async (request) => {
      const { county, id } = request.params;
      const window = incidents.windows(inventoryOf(deps, county).county.id).find((known) => known.id === id);
      if (window === undefined || !incidents.removeWindow(county, id))
        throw new ApiError('not_found', `id: no maintenance window "${id}"`);
      audit(principalOf(request).user, 'remove maintenance window', county, window);
      return done;
    },
  );

  function keep(who: string, action: string, { county, id }: Static<typeof Window>, body: WindowBody) {
    const inventory = inventoryOf(deps, county);
    const window = windowOf(id, body, inventory);
    incidents.keepWindow(county, window);
    audit(who, action, county, window);
    return answerOf(window, inventory);
  }

  function audit(who: string, action: string, county: string, { id, note }: MaintenanceWindow): void {
    registry.audit({ who, action, what: `${county}/${id}`, detail: note });
  }
}

/** @throws ApiError naming the field that is missing, too much or wrong */
function windowOf(id: string, body: WindowBody, { county, schools }: Inventory): MaintenanceWindow {
  const { kind, school, note } = body;
  if (school !== undefined && !schools.some((known) => known.id === school))
    throw wrong('school', `no school "${school}" in ${county.id}`);
  for (const other of kinds)
    for (const field of other === kind ? [] : fieldsOf[other])
      if (body[field] !== undefined) throw wrong(field, `goes with kind ${other} only`);
  const needed = <Field extends keyof WindowBody>(field: Field): NonNullable<WindowBody[Field]> =>
    body[field] ?? missing(field, kind);
  const about = { id, note, ...(school !== undefined && { school }) };
  if (kind === 'weekly') {
    const weekdays = needed('weekdays').toSorted((a, b) => a - b);
    return { ...about, kind, weekdays, at: needed('at'), minutes: needed('minutes') };
  }
  const [start, end] = [needed('start'), needed('end')];
  if (end <= start) throw wrong('end', 'must be after start');
  return { ...about, kind, start, end };
}

function missing(field: string, kind: string): never {
  throw wrong(field, `is needed with kind ${kind}`);
}

function wrong(field: string, message: string): ApiError {
  return new ApiError('invalid_input', `${field}: ${message}`);
}
