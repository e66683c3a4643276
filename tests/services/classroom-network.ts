import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { messageOf } from '@tongtang/runtime/errors';

/** What passed at the IP layer, both directions, headers of IP included. */
export type Traffic = Readonly<{ packets: number; bytes: number }>;

/** What a cut drops: all, or only what goes one way. `up` is from the classroom. */
export type CutWay = 'both' | 'up' | 'down';

/** Ports of the hub's side, by what passes there. */
export type CountedPorts = Readonly<{ telemetry: number; stamp: number }>;

const kinds = ['telemetry', 'stamp', 'dns', 'ping', 'other'] as const;
export type TrafficKind = (typeof kinds)[number];

/**
 * A classroom in a network namespace of its own. Its only cable is a virtual one to this machine, which is its gateway;
 * whatever it would send elsewhere is dropped.
 */
export class ClassroomNetwork {
  readonly gateway: string;
  readonly address: string;
  readonly #namespace: string;
  readonly #cable: string;

  /** Why this machine cannot lay one; undefined where it can. */
  static obstacle(): string | undefined {
    if (process.getuid?.() !== 0) return 'a classroom in a network namespace takes root';
    try {
      run(['ip', 'netns', 'list']);
      run(['nft', 'list', 'tables']);
      return undefined;
    } catch (error) {
      return `a classroom in a network namespace takes iproute2 and nftables: ${messageOf(error)}`;
    }
  }

  /**
   * Network 198.18.0.0/15 is set aside for benchmarks (RFC 2544), so it is nobody's.
   * @param number of the classroom; all share one gateway
   * @throws where namespaces or nftables are not to be had
   */
  static lay(number: number): ClassroomNetwork {
    const obstacle = ClassroomNetwork.obstacle();
    if (obstacle !== undefined) throw new Error(obstacle);
    const network = new ClassroomNetwork(number);
    try {
      network.#lay();
    } catch (error) {
      network.remove();
      throw error;
    }
    return network;
  }

  private constructor(number: number) {
    this.#namespace = `tongtang-${process.pid}-${number}`;
    this.#cable = `tt${process.pid}n${number}`;
    const network = `198.18.${process.pid % 256}`;
    this.gateway = `${network}.1`;
    this.address = `${network}.${number + 2}`;
  }

  /** The same command, in the classroom. */
  within(words: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.#namespace, ...words];
  }

  /**
   * Cuts the link as a fibre that breaks far away does: packets leave and are dropped on the cable, in silence, and
   * nobody is told. Each way is dropped where it arrives, as a sender hears of what its own machine drops. ARP passes, or
   * the kernel would report the host as unreachable.
   * @param where `line`: behind the gateway, which still answers pings. Gateway and hub are one machine here
   */
  cut(way: CutWay, where: 'cable' | 'line' = 'cable'): void {
    const drop = (device: string) => `table inet ${this.#cable}cut {
      chain arriving {
        type filter hook prerouting priority -300
        iifname "${device}" ${where === 'line' ? 'meta l4proto { tcp, udp } ' : ''}drop
      }
    }`;
    if (way !== 'down') run(['nft', '-f', '-'], drop(this.#cable));
    if (way !== 'up') this.#rule(drop('eth0'));
  }

  mend(): void {
    const words = ['nft', 'delete', 'table', 'inet', `${this.#cable}cut`];
    for (const command of [words, this.within(words)]) attempt(command);
  }

  /**
   * Makes the cable as slow as a leased line, each way by a token bucket at its sender (tc-tbf).
   * @param queueMs how long the longest queue before it takes
   */
  slowDown(bitS: Readonly<{ up: number; down: number }>, queueMs: number): void {
    const limit = (rate: number) => [
      'root',
      'tbf',
      'rate',
      `${rate}bit`,
      'burst',
      '16kb',
      'latency',
      `${queueMs}ms`,
    ];
    run(['tc', 'qdisc', 'replace', 'dev', this.#cable, ...limit(bitS.down)]);
    run(this.within(['tc', 'qdisc', 'replace', 'dev', 'eth0', ...limit(bitS.up)]));
  }

  /** Begins to count, by kind. Segments are counted as they would be on a cable: offloading is off. */
  count({ telemetry, stamp }: CountedPorts): void {
    const chain = (hook: 'input' | 'output', port: 'sport' | 'dport') => `
      chain ${hook} {
        type filter hook ${hook} priority 1;
        tcp ${port} ${telemetry} counter name telemetry accept
        udp ${port} ${stamp} counter name stamp accept
        udp ${port} 53 counter name dns accept
        meta l4proto icmp counter name ping accept
        counter name other
      }`;
    const counters = kinds.map((kind) => `counter ${kind} {}`).join('\n');
    this.#rule(`table ip traffic {\n${counters}\n${chain('output', 'dport')}\n${chain('input', 'sport')}\n}`);
  }

  traffic(): Readonly<Record<TrafficKind, Traffic>> {
    const text = run(this.within(['nft', 'list', 'counters']));
    const of = (kind: TrafficKind): Traffic => {
      const [, packets, bytes] =
        new RegExp(`counter ${kind} \\{\\s+packets (\\d+) bytes (\\d+)`).exec(text) ?? [];
      if (packets === undefined) throw new Error(`no counter "${kind}" in ${text}`);
      return { packets: Number(packets), bytes: Number(bytes) };
    };
    return {
      telemetry: of('telemetry'),
      stamp: of('stamp'),
      dns: of('dns'),
      ping: of('ping'),
      other: of('other'),
    };
  }

  remove(): void {
    this.mend();
    attempt(['ip', 'link', 'del', this.#cable]);
    attempt(['ip', 'netns', 'del', this.#namespace]);
    rmSync(this.#resolverFolder, { recursive: true, force: true });
  }

  #lay(): void {
    mkdirSync(this.#resolverFolder, { recursive: true });
    // `ip netns exec` lays it over the machine's own.
    writeFileSync(`${this.#resolverFolder}/resolv.conf`, `nameserver ${this.gateway}\n`);
    run(['ip', 'netns', 'add', this.#namespace]);
    const far = ['peer', 'name', 'eth0', 'netns', this.#namespace];
    run(['ip', 'link', 'add', this.#cable, 'type', 'veth', ...far]);
    const ends = [
      { at: [], name: this.#cable, own: this.gateway, other: this.address },
      { at: ['-n', this.#namespace], name: 'eth0', own: this.address, other: this.gateway },
    ];
    for (const { at, name, own, other } of ends) {
      run(['ip', ...at, 'link', 'set', name, 'addrgenmode', 'none', 'gso_max_segs', '1', 'up']);
      run(['ip', ...at, 'address', 'add', own, 'peer', other, 'dev', name]);
    }
    run(['ip', '-n', this.#namespace, 'link', 'set', 'lo', 'up']);
    run(['ip', '-n', this.#namespace, 'route', 'add', 'default', 'via', this.gateway]);
    this.#rule(`table inet cable {
      chain output {
        type filter hook output priority 0; policy drop;
        oifname "lo" accept
        ip daddr ${this.gateway} accept
      }
    }`);
  }

  #rule(rules: string): void {
    run(this.within(['nft', '-f', '-']), rules);
  }

  get #resolverFolder(): string {
    return `/etc/netns/${this.#namespace}`;
  }
}

/** What may not be there to remove. */
function attempt(words: readonly string[]): void {
  try {
    run(words);
  } catch {
    // It was not laid, or not cut.
  }
}

function run([program = '', ...words]: readonly string[], input = ''): string {
  // Debian puts these where only root's PATH looks.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
  return execFileSync(program, words, { env, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}
