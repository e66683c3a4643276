import { linkKinds, linkStates } from '@tongtang/model/link';
import { roles } from '@tongtang/store/registry/users';
import { type TSchema, Type } from 'typebox';
import { agentStates } from '../live/live.ts';

/**
 * Parts of what the API answers. A time that is a number is in seconds since 1970; one that is text is RFC 3339.
 */

export const Seconds = Type.Number({ description: 'Seconds since 1970' });

export const List = <Item extends TSchema>(item: Item, options: Readonly<{ description?: string }> = {}) =>
  Type.Immutable(Type.Array(item, options));

export const Name = Type.Object({ zh: Type.String(), en: Type.String() });

export const RoleName = Type.Enum([...roles]);

export const FieldValue = Type.Union([Type.Number(), Type.Boolean(), Type.String()]);

export const Tags = Type.Record(Type.String(), Type.String());

export const Place = Type.Object({
  county: Type.String(),
  cluster: Type.Optional(Type.String()),
  school: Type.String(),
  classroom: Type.String(),
  agent: Type.String(),
});

export const LinkPresent = Type.Object({
  link: Type.Enum([...linkKinds]),
  state: Type.Enum([...linkStates]),
  since: Type.Number({ description: 'When it came into this state; seconds since 1970' }),
  measuredAt: Type.Optional(Type.Number({ description: 'Of the newest evidence; seconds since 1970' })),
});

export const AgentStateName = Type.Enum([...agentStates]);

export const AgentPresent = Type.Object({
  id: Type.String(),
  place: Place,
  state: AgentStateName,
  lastSeen: Type.Optional(Type.Number({ description: 'Its newest word; seconds since 1970' })),
  version: Type.Optional(Type.String()),
  links: List(LinkPresent),
  backlog: Type.Optional(Type.Number({ description: 'Samples not yet committed' })),
});

export const LatestValue = Type.Object({
  measurement: Type.String(),
  tags: Tags,
  time: Seconds,
  fields: Type.Record(Type.String(), FieldValue),
});

/** What a change answers that has nothing to say. */
export const Done = Type.Object({ ok: Type.Literal(true) });
export const done = { ok: true } as const;
