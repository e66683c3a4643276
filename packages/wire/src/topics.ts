import { identifierPattern } from '@tongtang/model/identifier';

/** Where an agent speaks on the broker. Fixed at enrolment: moving an agent to another room does not change it. */
export type Address = Readonly<{ county: string; school: string; agent: string }>;

/** Every channel of an agent, with its direction. Clause T-1 of the specification. */
export const channels = {
  telemetry: 'up',
  status: 'up',
  reply: 'up',
  commit: 'down',
  config: 'down',
  command: 'down',
} as const;
export type Channel = keyof typeof channels;

const root = 'tongtang/v1';
const level = identifierPattern.slice(1, -1);
const shape = new RegExp(`^${root}/(${level})/(${level})/(${level})/(${Object.keys(channels).join('|')})$`);

/** The topic of one channel of one agent. */
export function topicOf({ county, school, agent }: Address, channel: Channel): string {
  return `${root}/${county}/${school}/${agent}/${channel}`;
}

/** What every agent of a county sends on a channel, as an MQTT filter; `+` for every county. */
export function filterOf(county: string, channel: Channel): string {
  return `${root}/${county}/+/+/${channel}`;
}

/** The address and channel of a topic, or undefined where it is none of ours. */
export function parseTopic(topic: string): { address: Address; channel: Channel } | undefined {
  const [, county, school, agent, channel] = shape.exec(topic) ?? [];
  if (county === undefined || school === undefined || agent === undefined || !isChannel(channel))
    return undefined;
  return { address: { county, school, agent }, channel };
}

function isChannel(text: string | undefined): text is Channel {
  return text !== undefined && Object.hasOwn(channels, text);
}
