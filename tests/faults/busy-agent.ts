import { startAgent } from '@tongtang/agent/agent';
import { readIdentity } from '@tongtang/agent/enrolment';
import { hubTarget, type ProbeSet } from '@tongtang/agent/probe-set';
import type { Reading } from '@tongtang/model/sample';
import { networkProbes } from '@tongtang/probes/network-probes';
import { runDaemon } from '@tongtang/runtime/lifecycle';
import { createLog } from '@tongtang/runtime/log';

/**
 * An agent like any other, but for what it measures: much, and of the network only its way to the hub. Each sample has a key of its own
 * in every run of the process, so that as many points as numbers means that none was lost and none doubled. Its log says how many
 * samples it has measured so, before any outbox has counted them.
 *
 * Usage: busy-agent.ts <data folder> <run> [<series>]
 */

const customarySeries = 20;
/** Every so many beats a link goes down or comes back, which is sent at once. */
const beatsPerState = 3;

const busy = (run: string, seriesCount: number): ProbeSet => {
  let beat = 0;
  const sample = async (): Promise<readonly Reading[]> => {
    beat += 1;
    log.info({ samples: beat * seriesCount }, 'measured');
    const ok = Math.floor(beat / beatsPerState) % 2 === 0;
    return Array.from({ length: seriesCount }, (_, series) => ({
      measurement: 'dns',
      tags: { link: 'platform', target: `run-${run}-${series}` },
      fields: { ok, answers: beat, resolve_ms: Math.random() * 1000, ...(!ok && { failure: 'path' }) },
    }));
  };
  return ({ identity: { stamp } }) => ({
    probes: networkProbes,
    builtIn: [
      {
        probe: 'stamp',
        link: 'broadband',
        target: hubTarget,
        every: 10,
        find: async () => ({ address: `${stamp.host}:${stamp.port}` }),
      },
    ],
    samplers: [{ name: 'busy', every: 2, sample }],
  });
};

const [dataFolder = '', run = '', series = customarySeries] = process.argv.slice(2);
const identity = readIdentity(dataFolder);
if (identity === undefined) throw new Error(`${dataFolder} has no agent`);
const log = createLog('info');
const probeSet = busy(run, Number(series));
process.exitCode = await runDaemon(log, () => startAgent({ dataFolder, identity, probeSet, log }));
