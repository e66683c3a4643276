import type { Sample } from '../src/api/answers.ts';
import { dishOf, troubles } from './county.ts';
import { noise } from './figures.ts';

/** 8PSK 3/4 with what a real receiver loses, in dB. */
const thresholdDb = 8.91;

/** What the machine beside a receiver measures of dish and streams. */
export function satelliteSamples(agent: string, now: number, time: number): Sample[] {
  const trouble = dishOf(agent);
  const since = now - (troubles[agent]?.since ?? 0);
  const dark = trouble === 'unlocked' && time > since;
  // A shower half an hour before, and the loss of lock at its worst.
  const shower = Math.exp(-(((time - now + 2100) / 400) ** 2)) * (trouble === 'good' ? 3 : 4);
  const fade = trouble === 'weak' ? Math.max(0, Math.min(3.6, (time - since) / 1200)) : shower;
  const marginDb = 5.4 - fade + 0.3 * (noise(agent, Math.floor(time / 10)) - 0.5);
  const signal = { measurement: 'signal', tags: { link: 'satellite', target: 'ird' }, time };
  return [
    trouble === 'unanswered' && time > since
      ? { ...signal, fields: { ok: false, failure: 'path', error: 'timeout', duration_ms: 6000 } }
      : { ...signal, fields: signalFields(dark, marginDb) },
    stream('lessons', dark, marginDb),
    stream('lessons-2', dark, marginDb + 1),
  ];

  function stream(target: string, gone: boolean, reserveDb: number): Sample {
    const errors =
      reserveDb > 2 ? 0 : Math.round(30 * (2 - reserveDb) * noise(target, Math.floor(time / 10)));
    return {
      measurement: 'mpegts',
      tags: { link: 'stream', target },
      time,
      fields: gone
        ? { ok: false, failure: 'target', error: 'no stream', absent_s: 10 }
        : {
            ok: true,
            stream_bit_s: 6.2e6 * (0.97 + 0.06 * noise(target, Math.floor(time / 30))),
            absent_s: 0,
            continuity_errors: errors,
            pat_errors: 0,
            stream_score: errors > 0 ? 80 : 100,
            score_from: target === 'lessons' ? 'rtp' : 'continuity',
          },
    };
  }
}

function signalFields(dark: boolean, marginDb: number): Sample['fields'] {
  if (dark)
    return {
      ok: true,
      locked: false,
      level_dbm: -68,
      frequency_hz: 1_190_000_000,
      raw: 'lock=0; EsNo=< 3 dB',
    };
  const cnDb = Math.round((thresholdDb + marginDb) * 10) / 10;
  return {
    ok: true,
    locked: true,
    cn_db: cnDb,
    margin_db: cnDb - thresholdDb,
    level_dbm: -42.5,
    ber_pre: 2.4e-5,
    uncorrected: marginDb < 1.5 ? 12 : 0,
    modulation: 'DVB-S2 8PSK 3/4',
    symbol_rate: 27_500_000,
    frequency_hz: 1_190_000_000,
    raw: `lock=1; EsNo=${cnDb} dB; level=-42.5 dBm; ModCod=8PSK 3/4; SymbolRate=27500`,
  };
}
