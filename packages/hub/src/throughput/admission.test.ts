import { describe, expect, it } from 'vitest';
import { Admission, type Admitted, type Visitor } from './admission.ts';

const minute = 60_000;
const day = 86_400;
const agentOf = (school: string, id: string): Visitor => ({
  name: `agent ${id}`,
  school: { key: `qilian/${school}`, everyS: day },
});
const somebody: Visitor = { name: 'user a' };
const nobodyEnds = () => {
  throw new Error('nobody is to be ended');
};

function doorkeeper() {
  let nowMs = 1000;
  const admission = new Admission(() => nowMs);
  const enter = (visitor: Visitor, direction: 'download' | 'upload', end: () => void = nobodyEnds) =>
    admission.admit(visitor, direction, end);
  const mustEnter = (...words: Parameters<typeof enter>): Admitted => {
    const answer = enter(...words);
    if (!answer.ok) throw new Error(answer.reason);
    return answer;
  };
  const test = (visitor: Visitor): void => {
    mustEnter(visitor, 'download').leave(true);
    mustEnter(visitor, 'upload').leave(true);
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { enter, mustEnter, test, pass };
}

describe('who may test', () => {
  it('is one at a time; the others hear when to come again', () => {
    const { enter, mustEnter } = doorkeeper();
    const first = mustEnter(somebody, 'upload');
    expect(enter({ name: 'user b' }, 'download')).toMatchObject({ ok: false, retryAfterS: 30 });
    expect(enter(somebody, 'upload')).toMatchObject({ ok: false });
    first.leave(true);
    expect(enter({ name: 'user b' }, 'download')).toMatchObject({ ok: true });
  });

  it('is, right after a download, the same for its upload', () => {
    const { enter, mustEnter, pass } = doorkeeper();
    mustEnter(somebody, 'download').leave(true);
    expect(enter({ name: 'user b' }, 'download')).toMatchObject({ ok: false });
    mustEnter(somebody, 'upload').leave(true);
    mustEnter({ name: 'user b' }, 'download').leave(true);
    pass(10_000);
    expect(enter(somebody, 'download')).toMatchObject({ ok: true });
  });

  it('is the upload of somebody whose download nobody has seen the end of; that one is ended', () => {
    const { enter, mustEnter } = doorkeeper();
    let ended = 0;
    const download = mustEnter(somebody, 'download', () => {
      ended += 1;
    });
    const upload = mustEnter(somebody, 'upload');
    expect(ended).toBe(1);
    download.leave(true);
    expect(enter({ name: 'user b' }, 'download')).toMatchObject({ ok: false });
    upload.leave(true);
    expect(enter({ name: 'user b' }, 'download')).toMatchObject({ ok: true });
  });

  it('is one agent of a school, until its result is old; other schools have their own', () => {
    const { enter, test, pass } = doorkeeper();
    test(agentOf('hb3z', '1'));
    expect(enter(agentOf('hb3z', '2'), 'download')).toEqual({
      ok: false,
      reason: expect.stringContaining('school'),
      retryAfterS: 0.9 * day,
    });
    test(agentOf('mzzx', '3'));
    test(agentOf('hb3z', '1'));
    pass(0.9 * day * 1000);
    expect(enter(agentOf('hb3z', '2'), 'download')).toMatchObject({ ok: true });
  });

  it('is another agent of the school soon, where the first one began and went away', () => {
    const { enter, mustEnter, pass } = doorkeeper();
    mustEnter(agentOf('hb3z', '1'), 'download').leave(true);
    pass(4 * minute);
    expect(enter(agentOf('hb3z', '2'), 'download')).toMatchObject({ ok: false, retryAfterS: 60 });
    pass(minute);
    expect(enter(agentOf('hb3z', '2'), 'download')).toMatchObject({ ok: true });
  });
});
