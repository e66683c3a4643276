import { Type } from 'typebox';

/**
 * Ids of places, agents and targets appear as MQTT topic levels, where NATS and RabbitMQ give `.` a meaning and
 * upper case invites twins; so small letters, digits and inner hyphens only, 32 at most.
 */
export const identifierPattern = '^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$';

export const Identifier = Type.String({
  pattern: identifierPattern,
  form: 'must be 1 to 32 small letters, digits or inner hyphens',
});

/** Whether a text can be an id. */
export function isIdentifier(text: string): boolean {
  return new RegExp(identifierPattern).test(text);
}
