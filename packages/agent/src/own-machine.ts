import { accessSync, constants } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { delimiter, join } from 'node:path';
import { type FindGateway, gatewayFinder } from '@tongtang/probes/gateway';
import { createHostSampler } from '@tongtang/probes/host/sampler';
import { messageOf } from '@tongtang/runtime/errors';
import { type BuiltInTask, type Found, hubTarget, type ProbeSet, type ProbeSetContext } from './probe-set.ts';

/** Asked of the resolver where the hub has no name of its own: it exists for as long as there is a DNS. */
const nameThatExists = 'a.root-servers.net';
/** Nearly every gateway answers here, if only with a refusal. */
const gatewayPort = 80;

/** What every agent measures by itself: its way to the gateway, its resolver, its way to the hub and where that goes, and its machine. */
export function ownMachine({
  identity,
  dataFolder,
  log,
}: ProbeSetContext): Omit<ReturnType<ProbeSet>, 'probes'> {
  const gateway = gatewayFinder();
  const host = createHostSampler({ dataFolder, log, monotonicMs: () => performance.now() });
  const { mqtt, stamp } = identity;
  const traces = process.platform === 'win32' || ['traceroute', 'tracepath'].some(isOnPath);
  const hubName = isIP(mqtt.host) === 0 && mqtt.host.includes('.') ? mqtt.host : nameThatExists;
  return {
    builtIn: [
      gatewayTask(gateway, process.platform !== 'win32' && isOnPath('ping')),
      {
        probe: 'dns',
        link: 'broadband',
        target: 'resolver',
        every: 30,
        find: async () => ({ address: hubName }),
      },
      {
        probe: 'stamp',
        link: 'broadband',
        target: hubTarget,
        every: 10,
        find: async () => ({ address: `${bracketed(stamp.host)}:${stamp.port}` }),
      },
      ...(traces ? [routeTask(stamp.host)] : []),
    ],
    // What a machine is busy with changes more slowly than a line that breaks, and each report of it costs bytes.
    samplers: [{ name: 'host', every: 30, sample: () => host.sample() }],
  };
}

/** ICMP where it is to be had, else the time of a TCP handshake, which a refusal ends as well. */
function gatewayTask(gateway: FindGateway, icmp: boolean): BuiltInTask {
  return {
    probe: icmp ? 'ping' : 'tcp',
    link: 'lan',
    target: 'gateway',
    every: 10,
    find: () => find(gateway, (address) => (icmp ? address : `${bracketed(address)}:${gatewayPort}`)),
  };
}

/** Where the way to the hub goes: once a day, and when the state of broadband changes. */
function routeTask(host: string): BuiltInTask {
  return {
    probe: 'path',
    link: 'broadband',
    target: hubTarget,
    every: 86_400,
    find: async () => ({ address: host }),
  };
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

async function find(gateway: FindGateway, addressOf: (gateway: string) => string): Promise<Found> {
  try {
    const address = await gateway();
    if (address === undefined) return { source: 'path', error: 'no gateway' };
    return { address: addressOf(address) };
  } catch (error) {
    return { source: 'agent', error: messageOf(error) };
  }
}

/** Whether a program can be started by its name. */
function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
