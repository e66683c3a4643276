import type { Inventory, Target } from '@tongtang/model/inventory';
import { receiverProbes } from '@tongtang/model/inventory';

/** Where the machine beside a receiver stands, as the manual advises. */
export const machineRoom = 'machine-room';

/**
 * An inventory with what a simulated county needs to be looked at whole: a machine beside a receiver in each school, a
 * receiver, a stream, a daily test of the throughput, whose lines the schools have, and addresses of its platforms. What the inventory has stays as it is.
 * Addresses are those that are kept for examples (RFC 5737, RFC 2606, RFC 2365): nobody real is ever asked.
 */
export function furnished(inventory: Inventory): Inventory {
  const { schools, platforms, targets } = inventory;
  const has = (...probes: readonly string[]): boolean => targets.some(({ probe }) => probes.includes(probe));
  return {
    ...inventory,
    schools: schools.map((school) => ({
      // A provider's outage is one of a cluster here.
      ...(school.cluster !== undefined && { provider: school.cluster }),
      ...school,
      classrooms: school.classrooms.some(({ id }) => id === machineRoom)
        ? school.classrooms
        : [...school.classrooms, { id: machineRoom, name: { zh: '机房', en: 'Machine room' } }],
    })),
    platforms: platforms.map((platform) => ({ url: `https://${platform.id}.example/`, ...platform })),
    targets: [
      ...targets,
      ...(has(...receiverProbes) ? [] : [receiver]),
      ...(has('mpegts') ? [] : [stream]),
      ...(has('throughput') ? [] : [throughput]),
    ],
  };
}

const receiver: Target = {
  id: 'ird',
  name: { zh: '楼顶天线的接收机', en: 'Receiver of the roof dish' },
  link: 'satellite',
  probe: 'snmp',
  address: '192.0.2.10?profile=novra-s400',
  every: 30,
};

const stream: Target = {
  id: 'lesson',
  name: { zh: '课堂直播流', en: 'Lesson stream' },
  link: 'stream',
  probe: 'mpegts',
  address: 'udp://239.192.0.10:5000',
  every: 60,
};

const throughput: Target = {
  id: 'bandwidth',
  name: { zh: '到中心的带宽', en: 'Bandwidth to the hub' },
  link: 'broadband',
  probe: 'throughput',
  address: 'hub',
};
