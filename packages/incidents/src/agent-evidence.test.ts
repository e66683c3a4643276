import { describe, expect, it } from 'vitest';
import { AgentEvidence } from './agent-evidence.ts';
import { monday } from './testing/county.ts';
import { Random } from './testing/random.ts';

const dayS = 86_400;
const up = (name: string, time: number, isUp = true) => ({
  measurement: 'interface',
  tags: { interface: name },
  time,
  fields: { up: isUp },
});
const locked = (target: string, time: number) => ({
  measurement: 'signal',
  tags: { link: 'satellite', target },
  time,
  fields: { ok: true, locked: true, cn_db: 9, margin_db: 5 },
});
const lost = (time: number) => ({
  measurement: 'stamp',
  tags: { link: 'broadband', target: 'hub' },
  time,
  fields: { ok: false, failure: 'path' },
});
const names = ({ subjects }: AgentEvidence): string[] => [...subjects].map(({ target }) => target);
/** A broken or stolen agent says whatever it likes. */
const flood = (evidence: AgentEvidence, from: number): void => {
  for (let one = 0; one < 20_000; one += 1) {
    evidence.take(up(`eth${from + one}`, from));
    evidence.take(locked(`dish${from + one}`, from));
  }
};

/** Reports on a beat that each strays from by up to a second, with two outages among the last seven. */
const reporting = (every: number, random: Random): AgentEvidence => {
  const evidence = new AgentEvidence();
  const outages = [random.pick([3, 4, 5]), random.pick([6, 7, 8])];
  let beat = monday + random.next();
  for (let report = 0; report < 10; report += 1) {
    beat += outages.includes(report) ? 90 : every;
    const time = Math.floor(beat + random.next());
    evidence.take(up('eth', time), time);
  }
  return evidence;
};

describe('the evidence of one agent', () => {
  it('says how far apart its reports are, however each strays and whatever outages there were', () => {
    const random = new Random(7);
    for (const every of [10, 15, 60]) {
      const said = Array.from({ length: 400 }, () => reporting(every, random).reportS);
      expect(Math.min(...said)).toBe(every - 1);
      expect(said.filter((seconds) => seconds > every).length).toBeLessThan(20);
    }
  });

  it('keeps the newest words of one that says thousands a day', () => {
    const evidence = new AgentEvidence();
    for (let word = 0; word < 8640; word += 1)
      evidence.hear({ time: monday + 10 * word, state: word % 2 === 0 ? 'stopping' : 'online' });
    expect(evidence.words).toHaveLength(5000);
    expect(evidence.words.at(-1)?.time).toBe(monday + 10 * 8639);
    expect(
      new AgentEvidence({}, { ...evidence.state(), words: [...evidence.words, ...evidence.words] }).words,
    ).toHaveLength(5000);
  });

  it('says nothing of that before four reports that follow on others', () => {
    const evidence = new AgentEvidence();
    const after = [0, 1, 2, 3, 4].map((report) => {
      evidence.take(up('eth', monday + 10 * report), monday + 10 * report);
      return evidence.reportS;
    });
    expect(after).toEqual([0, 0, 0, 0, 10]);
  });

  it('is bounded, whatever tags it sends, and goes on with what there was before', () => {
    const evidence = new AgentEvidence();
    evidence.take(up('eth', monday));
    for (let time = monday; time < monday + 300; time += 30) flood(evidence, time);
    expect(names(evidence).length).toBe(200);
    expect(evidence.signals.size).toBe(20);
    for (const time of [400, 410]) evidence.take(up('eth', monday + time, false));
    for (const time of [400, 410, 420]) evidence.take(lost(monday + time));
    const spans = [...evidence.subjects].flatMap(({ condition, target, track }) =>
      track.spans.map(({ from }) => [condition, target, from - monday]),
    );
    expect(spans).toEqual([
      ['hub-lost', 'hub', 400],
      ['no-carrier', 'eth', 400],
    ]);
  });

  it('is bounded as well where a file has more', () => {
    const { subjects, signals, ...state } = new AgentEvidence().state();
    const [first] = subjects;
    const [signal] = (() => {
      const one = new AgentEvidence();
      one.take(locked('dish', monday));
      return one.state().signals;
    })();
    if (first === undefined || signal === undefined) throw new Error('nothing is kept');
    const many = Array.from({ length: 5000 }, (_, one) => one);
    const loaded = new AgentEvidence(undefined, {
      ...state,
      subjects: [
        ...subjects,
        ...many.map((one) => ({ ...first, condition: 'no-carrier' as const, target: `eth${one}` })),
      ],
      signals: many.map((one) => [`dish${one}`, signal[1]]),
    });
    expect(loaded.state().subjects).toHaveLength(200);
    expect(loaded.state().signals).toHaveLength(20);
    for (const time of [0, 10]) loaded.take(lost(monday + time));
    expect(loaded.spansOf('hub-lost')).toEqual([]);
    expect([...loaded.subjects][0]?.track.spans).toHaveLength(1);
  });

  it('forgets what was not measured for a week while the agent was there, and makes room by it', () => {
    const evidence = new AgentEvidence();
    flood(evidence, monday);
    evidence.take(up('broken', monday));
    const later = monday + 8 * dayS;
    // It was switched off for a week: nothing of it is gone.
    evidence.forget(later - 31 * dayS);
    expect(names(evidence)).toHaveLength(200);
    evidence.take(up('eth', later));
    expect(names(evidence)).not.toContain('eth');
    evidence.forget(later - 31 * dayS);
    expect(names(evidence)).toEqual(['hub', 'gateway', 'gateway', 'hub']);
    expect(evidence.signals.size).toBe(0);
    evidence.take(up('eth', later + 10));
    expect(names(evidence)).toContain('eth');
  });

  it('keeps what fired as long as that is remembered', () => {
    const evidence = new AgentEvidence();
    for (const [time, isUp] of [
      [0, true],
      [10, false],
      [20, true],
    ] as const)
      evidence.take(up('usb', monday + time, isUp));
    evidence.take(up('eth', monday + 8 * dayS));
    evidence.forget(monday);
    expect(names(evidence)).toContain('usb');
    evidence.forget(monday + 60);
    expect(names(evidence)).not.toContain('usb');
    expect(names(evidence)).toContain('eth');
  });
});
