import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mpegtsOnce } from '@tongtang/probes/mpegts/probe';
import { testContext } from '@tongtang/probes/probe.fixture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ranAgainst } from '../services/components.ts';
import { encodeLesson, lessonRate } from '../services/ffmpeg.ts';

/** A recording, beside what the independent tsreport (TS tools) and ffprobe say of it. */

const lessonS = 20;
let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongtang-recording-'));
  file = join(folder, 'lesson.ts');
  encodeLesson(file, lessonS);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function fieldsOf(path: string) {
  const result = await mpegtsOnce.run(path, testContext(60_000));
  if (!result.ok) throw new Error(`${result.source}: ${result.error}`);
  return result.fields;
}

/** Written anew, changed. */
function changed(name: string, change: (octets: Buffer) => Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(file)));
  return path;
}

describe('a recording', () => {
  it('has the packets, the rate and the clock that tsreport finds', async () => {
    const report = execFileSync('tsreport', ['-buffering', file], { encoding: 'utf8' });
    ranAgainst(`TS tools ${/version (\S+)/.exec(execHelp())?.[1]?.replace(',', '') ?? ''}`);
    const [, longest90kHz] = /PCRs found: \d+, Bad \(>.1s\) gaps: 0, Max gap: (\d+)t/.exec(report) ?? [];
    expect(report).toContain(`Overall stream rate=${lessonRate} bits/sec`);
    expect(report).toContain('Linear PCR prediction errors: min=0t, max=0t');
    const fields = await fieldsOf(file);
    expect(fields).toMatchObject({
      packets: statSync(file).size / 188,
      continuity_errors: 0,
      pcr_repetition_errors: 0,
      pcr_accuracy_errors: 0,
      pcr_accuracy_ns: 0,
    });
    expect(Number(fields.stream_bit_s) / lessonRate).toBeCloseTo(1, 3);
    expect(Number(fields.interval_s)).toBeCloseTo(lessonS, 1);
    expect(Number(fields.pcr_interval_ms)).toBeCloseTo(Number(longest90kHz) / 90, 1);
  });

  it('has the programmes and streams that ffprobe finds', async () => {
    const words = ['-v', 'error', '-show_programs', '-of', 'json', file];
    const { programs } = JSON.parse(execFileSync('ffprobe', words, { encoding: 'utf8' }));
    const fields = await fieldsOf(file);
    expect(fields.programmes).toBe(programs.length);
    // Beside its streams: PAT, SDT and PMT.
    expect(fields.pids).toBe(programs[0].streams.length + 3);
  });

  it('is the same with parity, from its middle on, and piped through in pieces', async () => {
    const parity = Buffer.alloc(16, 0x55);
    const packets = (octets: Buffer) =>
      Array.from({ length: octets.length / 188 }, (_, index) =>
        octets.subarray(index * 188, index * 188 + 188),
      );
    const long = changed('parity.ts', (octets) =>
      Buffer.concat(packets(octets).flatMap((packet) => [packet, parity])),
    );
    const whole = await fieldsOf(file);
    expect(await fieldsOf(long)).toEqual(whole);
    const middle = await fieldsOf(changed('middle.ts', (octets) => octets.subarray(1_000_000)));
    expect(middle).toMatchObject({ sync_losses: 0, continuity_errors: 0, pcr_accuracy_ns: 0 });
    expect(middle.packets).toBe(Number(whole.packets) - Math.ceil(1_000_000 / 188));
  });

  it('that was put together of two has one jump of its clock, and of each counter', async () => {
    const twice = await fieldsOf(changed('twice.ts', (octets) => Buffer.concat([octets, octets])));
    const once = await fieldsOf(file);
    expect(twice).toMatchObject({
      packets: 2 * Number(once.packets),
      sync_losses: 0,
      pcr_discontinuity_errors: 1,
      continuity_errors: brokenAtTheEnd(readFileSync(file)),
    });
    expect(Number(twice.interval_s)).toBeCloseTo(2 * Number(once.interval_s), 1);
  });

  it('that is none is said to be none', async () => {
    const noise = changed('noise.ts', () => Buffer.from(execFileSync('ffmpeg', ['-version'])));
    expect(await mpegtsOnce.run(noise, testContext())).toMatchObject({
      ok: false,
      source: 'target',
      error: 'no transport stream',
    });
    expect(await mpegtsOnce.run(join(folder, 'absent.ts'), testContext())).toMatchObject({
      ok: false,
      source: 'agent',
      error: 'ENOENT',
    });
  });
});

/** PIDs whose counters do not go on with the first packet where the file ends, nor is it the last one once more. */
function brokenAtTheEnd(octets: Buffer): number {
  const [first, last] = [new Map<number, Buffer>(), new Map<number, Buffer>()];
  for (let at = 0; at < octets.length; at += 188) {
    const packet = octets.subarray(at, at + 188);
    const pid = packet.readUInt16BE(1) & 0x1fff;
    if (!first.has(pid)) first.set(pid, packet);
    last.set(pid, packet);
  }
  last.delete(0x1fff);
  const goesOn = (before: Buffer, after: Buffer) =>
    before.equals(after) || (after.readUInt8(3) & 15) === ((before.readUInt8(3) + 1) & 15);
  return [...last].filter(([pid, packet]) => !goesOn(packet, first.get(pid) ?? packet)).length;
}

function execHelp(): string {
  return execFileSync('tsreport', ['-help'], { encoding: 'utf8' });
}
