import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseTrace } from '@tongtang/probes/path/parse';
import { commandsFor } from '@tongtang/probes/path/probe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClassroomNetwork } from '../services/classroom-network.ts';
import { ranAgainst } from '../services/components.ts';
import { RoutedNetwork } from '../services/routed-network.ts';

/** The route from a classroom to a hub behind two routers, as a technician asks for it, and where it ends. */

const tongtang = resolve(import.meta.dirname, '../../packages/cli/bin/tongtang.js');

const obstacle = ClassroomNetwork.obstacle();
const skipped = obstacle !== undefined && process.env.CI === undefined;
if (skipped) process.stderr.write(`route-cut.test.ts is skipped: ${obstacle}\n`);

describe.skipIf(skipped)('a route over two routers', () => {
  let network: RoutedNetwork;
  beforeAll(() => {
    network = RoutedNetwork.lay();
    const { stdout, stderr } = spawnSync('traceroute', ['--version'], { encoding: 'utf8' });
    const version = /version (\d\S*)/.exec(stdout + stderr)?.[1] ?? 'of unknown version';
    ranAgainst(`traceroute ${version}, tracepath, and routers in network namespaces`);
  });
  afterAll(() => network.remove());

  /** What the command prints in the classroom. */
  function probed(target: string): unknown {
    const words = network.within([
      process.execPath,
      tongtang,
      'agent',
      'probe',
      'path',
      '--target',
      target,
      '--json',
    ]);
    const { stdout, stderr } = spawnSync(words[0] ?? '', words.slice(1), { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  }

  it('is the one that was built', () => {
    const { router1, router2, hub } = network;
    expect(probed(hub)).toMatchObject({
      measurement: 'path',
      fields: { ok: true, reached: true, hops: 3, route: `${router1} ${router2} ${hub}`, last_hop: hub },
    });
  });

  it.each(commandsFor('198.18.3.2', 'linux'))('is found without root by $program', ({ program, args }) => {
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];
    const [first = '', ...rest] = network.within([...nobody, program, ...args]);
    const trace = parseTrace(execFileSync(first, rest, { encoding: 'latin1' }));
    expect(trace.map((hop) => hop?.address)).toEqual([network.router1, network.router2, network.hub]);
  });

  it('ends behind the first router where the cable is cut in silence, and is whole when it is mended', () => {
    network.cut();
    const { router1 } = network;
    expect(probed(network.hub)).toMatchObject({
      fields: { ok: true, reached: false, hops: 1, route: router1, last_hop: router1 },
    });
    network.mend();
    expect(probed(network.hub)).toMatchObject({ fields: { reached: true, hops: 3 } });
  });

  it('ends nowhere where nobody has the address, which this machine itself says', () => {
    expect(probed(network.nobody)).toMatchObject({
      fields: { ok: false, failure: 'path', error: 'no hop answered', reached: false, hops: 0 },
    });
  });

  it('ends at the router that says that it knows no way', () => {
    network.loseWay();
    const { router1 } = network;
    expect(probed(network.hub)).toMatchObject({
      fields: { ok: true, reached: false, hops: 1, last_hop: router1 },
    });
  });
});
