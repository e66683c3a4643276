import { agentKinds } from '@tongtang/model/agent-kind';
import { Identifier } from '@tongtang/model/identifier';
import { type Static, Type } from 'typebox';

const Host = Type.String({ minLength: 1, maxLength: 255 });
const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

/** Who the agent is and whom it talks to: what enrolment brought, made complete. */
export const Identity = Type.Object({
  /** Given at enrolment, never reused. */
  agent: Identifier,
  /** What it was enrolled as. Hubs of before did not say. */
  kind: Type.Optional(Type.Enum([...agentKinds])),
  county: Identifier,
  school: Identifier,
  password: Type.String({ minLength: 1 }),
  /** Address of the hub's console. */
  hub: Type.String({ pattern: '^https?://' }),
  mqtt: Type.Object({
    protocol: Type.Union([Type.Literal('mqtt'), Type.Literal('mqtts')]),
    host: Host,
    port: Port,
  }),
  stamp: Type.Object({ host: Host, port: Port }),
});
export type Identity = Readonly<Static<typeof Identity>>;
