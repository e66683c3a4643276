import { validate } from '@tongtang/runtime/validation';
import { Range } from '@tongtang/wire/messages';
import { type Static, type TSchema, Type } from 'typebox';
import type { TestHub } from './tongtang.ts';

/** The part of the hub's API that tests read, as its interface promises it. */

const Agents = Type.Array(
  Type.Object({
    id: Type.String(),
    kind: Type.String(),
    school: Type.String(),
    classroom: Type.String(),
    state: Type.Enum(['online', 'stopping', 'offline', 'asleep', 'silent']),
    lastSeen: Type.Union([Type.String(), Type.Null()]),
    links: Type.Array(Type.Object({ link: Type.String(), state: Type.String() })),
  }),
);
const Ledger = Type.Object({
  outboxes: Type.Array(
    Type.Object({ id: Type.String(), received: Type.Array(Range), missing: Type.Array(Range) }),
  ),
});
const Overview = Type.Object({
  setAside: Type.Array(Type.Object({ file: Type.String(), name: Type.String(), time: Type.Number() })),
});
const Series = Type.Object({
  times: Type.Array(Type.Number()),
  series: Type.Array(
    Type.Object({
      tags: Type.Record(Type.String(), Type.String()),
      values: Type.Array(Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()])),
    }),
  ),
});
const Code = Type.Object({ code: Type.String() });

/** A hub that can be asked, however it was started. */
type Asked = Pick<TestHub, 'get'>;

export const agentsOf = (hub: Asked) => read(hub, '/api/v1/agents', Agents);
export const ledgerOf = (hub: Asked, agent: string) => read(hub, `/api/v1/ledger/${agent}`, Ledger);

export const overviewOf = (hub: Asked) => read(hub, '/api/v1/overview', Overview);

/** Raw points of a field. */
export function seriesOf(hub: Asked, query: Readonly<Record<string, string>>) {
  return read(hub, `/api/v1/series?${new URLSearchParams(query)}`, Series);
}

/** A one-time code for a classroom; where none is named, for the one that a new hub has. */
export async function codeFrom(
  hub: TestHub,
  place = { county: 'local', school: 'school', classroom: 'room-1' },
): Promise<string> {
  const answer = await hub.post('/api/v1/enrolment-codes', place);
  return fitting(Code, answer).code;
}

async function read<Schema extends TSchema>(
  hub: Asked,
  path: string,
  schema: Schema,
): Promise<Static<Schema>> {
  return fitting(schema, await hub.get(path));
}

function fitting<Schema extends TSchema>(schema: Schema, answer: unknown): Static<Schema> {
  const checked = validate(schema, answer);
  if (!checked.ok) throw new Error(checked.problems.join('; '));
  return checked.value;
}
