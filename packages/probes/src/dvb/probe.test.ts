import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ranAgainst } from '../../../../tests/services/components.ts';
import { testContext } from '../probe.fixture.ts';
import { outputOf } from '../program.ts';
import { runProbe } from '../runner.ts';
import { dvb } from './probe.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-dvb-'));
  vi.stubEnv('PATH', `${folder}${delimiter}/usr/bin${delimiter}/bin`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A program of this name, in front of a real one that the machine may have. */
function install(name: string, script: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** What it noted of how it was started. */
const readCalled = () => readFileSync(join(folder, 'called'), 'utf8');

const locked = 'Lock   (0x1f) Signal= -48.26dBm C/N= 10.60dB UCB= 370 postBER= 0';

describe.runIf(process.platform === 'linux')('a DVB card', () => {
  it('is read through dvb-fe-tool: a few samples in English, and the margin where the modulation is known', async () => {
    install(
      'dvb-fe-tool',
      `echo "$@ $LC_ALL" > ${folder}/called; for n in 1 2 3; do echo '${locked}' >&2; done`,
    );
    const result = await dvb.run('dvb://1/2?modulation=DVB-S2 8PSK 2/3', testContext());
    expect(result).toMatchObject({
      ok: true,
      fields: { locked: true, level_dbm: -48.26, cn_db: 10.6, ber_post: 0, modulation: 'DVB-S2 8PSK 2/3' },
    });
    expect(result.fields?.margin_db).toBeCloseTo(10.6 - 6.62 - 1);
    expect(readCalled()).toBe('--femon -a 1 -f 2 -c 3 C\n');
  });

  it('is read through femon, whose snr never becomes decibels', async () => {
    install(
      'femon',
      `echo "$@ $LC_ALL" > ${folder}/called; echo 'status SCVYL | signal  72% | snr  61% | ber 0 | unc 0 | FE_HAS_LOCK'`,
    );
    const result = await dvb.run('dvb://0?tool=femon&modulation=DVB-S2+8PSK+3/4', testContext());
    expect(result).toMatchObject({
      ok: true,
      fields: { locked: true, level_ratio: 0.72, quality_ratio: 0.61 },
    });
    expect(result.fields).not.toHaveProperty('cn_db');
    expect(result.fields).not.toHaveProperty('margin_db');
    expect(readCalled()).toBe('-H -a 0 -f 0 -c 3 C\n');
  });

  it('tells what its counter of errors has grown by', async () => {
    const read = async (total: number) => {
      install('dvb-fe-tool', `echo '${locked.replace('370', String(total))}' >&2`);
      return (await dvb.run('dvb://7/0', testContext())).fields?.uncorrected;
    };
    expect([await read(370), await read(370), await read(375), await read(2)]).toEqual([undefined, 0, 5, 2]);
  });

  it('that has lost its lock is a measurement, not a failure', async () => {
    install('dvb-fe-tool', `echo '       (0x00)' >&2`);
    expect(await dvb.run('dvb://0/0', testContext())).toMatchObject({ ok: true, fields: { locked: false } });
  });

  it.each([
    ['no adapter0/frontend0 on this machine', 'echo "WARNING  device dvb0.frontend0 not found"; exit 255'],
    [
      'no adapter0/frontend0 on this machine',
      'echo "opening frontend failed: No such file or directory" >&2',
    ],
    [
      'adapter0/frontend0 may not be read: group video',
      'echo "Permission denied while opening x" >&2; exit 1',
    ],
    ['ERROR    something else', 'echo "ERROR    something else" >&2; exit 1'],
    ['dvb-fe-tool was not understood', 'head -c 100000 /dev/zero'],
  ])('that cannot be read is no evidence: %s', async (error, script) => {
    install('dvb-fe-tool', script);
    expect(await dvb.run('dvb://0/0', testContext())).toEqual({ ok: false, source: 'agent', error });
  });

  it('whose driver holds up the program, which ignores being asked to end, is given up', async () => {
    install('dvb-fe-tool', `trap '' TERM; echo $$ > ${folder}/called; while :; do sleep 0.1; done`);
    const start = performance.now();
    const target = { link: 'satellite', target: 'dish', address: 'dvb://0/0' } as const;
    const { fields } = await runProbe({ ...dvb, budgetMs: 400 }, target, {
      ...testContext(),
      signal: new AbortController().signal,
    });
    expect(fields).toMatchObject({
      ok: false,
      failure: 'agent',
      error: 'dvb-fe-tool did not answer in time and was ended',
    });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(() => process.kill(Number(readCalled()), 0)).toThrow('ESRCH');
  });

  it('that is being read is not read a second time', async () => {
    install('dvb-fe-tool', `sleep 0.3; echo '${locked}' >&2`);
    const first = dvb.run('dvb://3/0', testContext());
    const second = await dvb.run('dvb://3/0?modulation=DVB-S 3/4', testContext());
    expect(second).toMatchObject({
      ok: false,
      source: 'agent',
      error: 'adapter3/frontend0: the run before has not ended',
    });
    expect(await first).toMatchObject({ ok: true });
    expect(await dvb.run('dvb://3/0', testContext())).toMatchObject({ ok: true });
  });

  it('needs a program, and says which package brings it', async () => {
    vi.stubEnv('PATH', folder);
    expect(await dvb.run('dvb://0/0', testContext())).toEqual({
      ok: false,
      source: 'agent',
      error: 'no dvb-fe-tool or femon: install dvb-tools or dvb-apps',
    });
    expect(await dvb.run('dvb://0/0?tool=femon', testContext())).toMatchObject({
      error: 'no femon: install dvb-apps',
    });
  });
});

describe.runIf(process.platform === 'linux')('the real dvb-fe-tool', () => {
  it('understands the question (apt-get install dvb-tools)', async () => {
    const { output } = await outputOf('dvb-fe-tool', ['--version'], AbortSignal.timeout(5000), 'SIGTERM');
    ranAgainst(output.trim());
    expect(await dvb.run('dvb://99/0?tool=dvb-fe-tool', testContext())).toEqual({
      ok: false,
      source: 'agent',
      error: 'no adapter99/frontend0 on this machine',
    });
  });
});

describe('on a system other than Linux', () => {
  it.each(['win32', 'darwin'] as const)('nothing is started: %s', async (platform) => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue(platform);
    try {
      expect(await dvb.run('dvb://0/0', testContext())).toEqual({
        ok: false,
        source: 'agent',
        error: 'DVB cards are read on Linux only',
      });
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe('the address', () => {
  it.each(['dvb://0', 'dvb://0/0', 'dvb://1/0?tool=femon', 'dvb://0/0?modulation=DVB-S2 8PSK 3/4'])(
    '%s is one',
    (address) => {
      expect(dvb.checkAddress(address)).toBeUndefined();
    },
  );

  it.each([
    ['/dev/dvb/adapter0/frontend0', 'is not dvb://adapter/frontend'],
    ['dvb://a/0', 'is not dvb://adapter/frontend'],
    ['dvb://0/0?tool=rm', 'tool is not dvb-fe-tool or femon'],
    ['dvb://0/0?fec=34', '"fec" is not an option; tool and modulation are'],
    ['dvb://0/0?modulation=8PSK', '"8PSK" is not a modulation'],
  ])('%s is none', (address, problem) => {
    expect(dvb.checkAddress(address)).toContain(problem);
  });
});
