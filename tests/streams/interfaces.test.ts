import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** A PC with four interfaces of which lessons come in by one: a network namespace of its own, gone with the process. */

const child = join(import.meta.dirname, 'joined-interfaces.child.ts');
const interfaces = [1, 2, 3, 4]
  .flatMap((n) => [
    `ip link add eth${n} type veth peer name far${n}`,
    `ip address add 198.18.${n}.2/24 dev eth${n}`,
    `ip link set eth${n} up`,
    `ip link set far${n} up`,
  ])
  .join(' && ');

/** The interfaces on which the kernel says that the group is joined. */
function joined(address: string, routes: readonly string[] = []): unknown {
  const lay = [interfaces, 'ip link set lo up', ...routes.map((route) => `ip route add ${route}`)].join(
    ' && ',
  );
  const namespace = process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net'];
  const words = [...namespace, 'sh', '-c', `${lay} && exec "$0" "$@"`, process.execPath, child, address];
  // Debian puts `ip` where only root's PATH looks.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
  const { stdout, stderr, status, error } = spawnSync('unshare', words, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${String(error)} ${stderr}`);
  return JSON.parse(stdout);
}

const group = 'udp://239.1.1.1:5004';
const internet = 'default via 198.18.1.1 dev eth1';

describe('a PC with four interfaces', () => {
  it('joins where the routing table says: the Internet, or the network that has a route for lessons', () => {
    expect(joined(group, [internet])).toEqual(['eth1']);
    expect(joined(group, [internet, '239.0.0.0/8 dev eth3'])).toEqual(['eth3']);
  });

  it('joins where the address says, by name or by address', () => {
    expect(joined(`${group}?interface=eth4`, [internet])).toEqual(['eth4']);
    expect(joined(`${group}?interface=198.18.2.2`, [internet])).toEqual(['eth2']);
    expect(joined('udp://198.18.2.9@232.1.1.1:5004?interface=eth2', [internet])).toEqual(['eth2']);
  });

  it('joins on all where there is no route', () => {
    expect(joined(group)).toEqual(['eth1', 'eth2', 'eth3', 'eth4']);
  });

  it('says so where there is no such interface', () => {
    expect(joined(`${group}?interface=eth9`)).toBe('no interface eth9');
  });
});
