import { type HostPort, isLoopback } from '@tongtang/runtime/host-port';

export type AddressSettings = Readonly<{
  mqtt: HostPort;
  stamp: HostPort;
  broker?: string;
  agentBroker?: string;
}>;

/**
 * The settings by which only agents on the hub's own machine find what they need: enrolment, the broker, STAMP. Others that
 * are enrolled all the same report nothing.
 * @param http the host by which agents are told to find the hub
 */
export function onlyHere(http: string, { mqtt, stamp, broker, agentBroker }: AddressSettings): string[] {
  const url = agentBroker ?? broker;
  const hosts = [
    ['http', http],
    url === undefined ? ['mqtt', mqtt.host] : ['agentBroker', new URL(url).hostname],
    ['stamp', stamp.host],
  ] as const;
  return hosts.filter(([, host]) => isLoopback(host)).map(([setting]) => setting);
}
