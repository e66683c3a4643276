import { execFileSync } from 'node:child_process';
import { ClassroomNetwork } from './classroom-network.ts';

/** Names of its namespaces, by what they are, from the classroom on. */
const places = ['classroom', 'router1', 'router2', 'hub'] as const;
type Place = (typeof places)[number];

/**
 * A classroom, two routers and a hub, one behind the other: a network namespace each, none of them joined to this
 * machine. Network 198.18.0.0/15 is set aside for benchmarks (RFC 2544), so it is nobody's.
 */
export class RoutedNetwork {
  readonly router1 = '198.18.1.1';
  readonly router2 = '198.18.2.2';
  readonly hub = '198.18.3.2';
  /** In the classroom's own network, and nobody has it. */
  readonly nobody = '198.18.1.9';

  /** @throws where namespaces or nftables are not to be had */
  static lay(): RoutedNetwork {
    const obstacle = ClassroomNetwork.obstacle();
    if (obstacle !== undefined) throw new Error(obstacle);
    const network = new RoutedNetwork();
    try {
      network.#lay();
    } catch (error) {
      network.remove();
      throw error;
    }
    return network;
  }

  /** The same command, in the classroom. */
  within(words: readonly string[]): string[] {
    return inside('classroom', words);
  }

  /** Cuts the cable between the routers in silence: what arrives is dropped, in both ways. */
  cut(): void {
    const drop = (device: string) => `table ip cut {
      chain arriving {
        type filter hook prerouting priority -300
        iifname "${device}" drop
      }
    }`;
    run(inside('router1', ['nft', '-f', '-']), drop('far'));
    run(inside('router2', ['nft', '-f', '-']), drop('near'));
  }

  mend(): void {
    for (const router of ['router1', 'router2'] as const)
      run(inside(router, ['nft', 'delete', 'table', 'ip', 'cut']));
  }

  /** The first router knows no way any more, and says so. */
  loseWay(): void {
    run(['ip', '-n', nameOf('router1'), 'route', 'del', 'default']);
  }

  remove(): void {
    for (const place of places) {
      try {
        run(['ip', 'netns', 'del', nameOf(place)]);
      } catch {
        // It was not laid.
      }
    }
  }

  #lay(): void {
    for (const place of places) {
      run(['ip', 'netns', 'add', nameOf(place)]);
      run(['ip', '-n', nameOf(place), 'link', 'set', 'dev', 'lo', 'up']);
      // Answers are not held back: a test asks more often than people do.
      const settings = 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit';
      run(inside(place, ['sh', '-c', settings]));
    }
    cable(['classroom', '198.18.1.2'], ['router1', this.router1]);
    cable(['router1', '198.18.2.1'], ['router2', this.router2]);
    cable(['router2', '198.18.3.1'], ['hub', this.hub]);
    const routes: readonly (readonly [Place, to: string, via: string])[] = [
      ['classroom', 'default', this.router1],
      ['router1', 'default', this.router2],
      ['router2', '198.18.1.0/24', '198.18.2.1'],
      ['hub', 'default', '198.18.3.1'],
    ];
    for (const [place, to, via] of routes) run(['ip', '-n', nameOf(place), 'route', 'add', to, 'via', via]);
  }
}

/** A cable's end is `far` in the place nearer to the classroom, as it leads farther, and `near` in the other. */
function cable([here, address]: readonly [Place, string], [there, other]: readonly [Place, string]): void {
  const end = ['peer', 'name', 'near', 'netns', nameOf(there)];
  run(['ip', 'link', 'add', 'far', 'netns', nameOf(here), 'type', 'veth', ...end]);
  for (const [place, device, own] of [
    [here, 'far', address],
    [there, 'near', other],
  ] as const) {
    run(['ip', '-n', nameOf(place), 'address', 'add', `${own}/24`, 'dev', device]);
    run(['ip', '-n', nameOf(place), 'link', 'set', 'dev', device, 'up']);
  }
}

function nameOf(place: Place): string {
  return `tongtang-${process.pid}-${place}`;
}

function inside(place: Place, words: readonly string[]): string[] {
  return ['ip', 'netns', 'exec', nameOf(place), ...words];
}

function run([program = '', ...words]: readonly string[], input = ''): string {
  // Debian puts these where only root's PATH looks.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
  return execFileSync(program, words, { env, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}
