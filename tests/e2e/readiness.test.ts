import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from '@tongtang/runtime/validation';
import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { tidily } from '../bench/tidily.ts';
import { codeFrom } from '../services/api.ts';
import { compressedTime } from '../services/compressed-time.ts';
import { eventually } from '../services/eventually.ts';
import { startRobot } from '../services/robots.ts';
import { dataFolder, startTestHub, tongtang } from '../services/tongtang.ts';
import { HandMadeAgent } from '../wire/hand-made-agent.ts';

/** Ten in the morning of a Monday in Qilian; the clock of the hub goes ten times as fast. */
const mondayMorning = compressedTime(10, Date.parse('2026-11-30T10:00:00+08:00'));

const inventory = `
county: { id: qilian, name: { zh: 祁连县, en: Qilian }, timezone: Asia/Shanghai }
schools:
  - { id: hb3z, name: { zh: 海北三中, en: Haibei No. 3 }, mode: recorded, classes: 2 }
periods: [{ n: 3, start: "10:20", end: "11:00" }]
`;
const tables = {
  'terms.csv': '学期,开始日期,结束日期\n2026 秋,2026-09-01,2027-01-15\n',
  'bells.csv': 'From,Period,Start,End\n2026-09-01,3,10:20,11:00\n',
  'lessons.csv': '学校,班级,节次,周一\nhb3z,c1,3,数学\nhb3z,c2,3,英语\n',
};

const Lessons = Type.Object({
  time: Type.Number(),
  lessons: Type.Array(
    Type.Object({
      class: Type.String(),
      readiness: Type.Optional(
        Type.Object({
          state: Type.String(),
          checks: Type.Array(Type.Object({ item: Type.String(), why: Type.Object({ zh: Type.String() }) })),
        }),
      ),
    }),
  ),
});

it('a full disk before a recorded lesson is on the board, and with somebody, before the lesson begins', async () => {
  await tidily(async (atEnd) => {
    const data = dataFolder();
    atEnd(data.remove);
    const robot = await startRobot('wecom', () => Date.now() / 1000);
    atEnd(() => robot.stop());
    const notify = `console: https://tongtang.example
channels: { staff: { kind: wecom, url: "${robot.url}" } }
routes: [{ name: all, to: [staff] }]
`;
    writeFileSync(join(data.path, 'notify.yaml'), notify, { mode: 0o600 });
    const run = async (...words: string[]): Promise<void> => {
      const { code, output } = await tongtang(words, { TONGTANG_DATA: data.path });
      expect(code, output).toBe(0);
    };
    const file = (name: string, text: string): string => {
      writeFileSync(join(data.path, name), text);
      return join(data.path, name);
    };
    await run('inventory', 'import', file('county.yaml', inventory));
    await run('timetable', 'import', ...Object.entries(tables).map(([name, text]) => file(name, text)));

    const hub = await startTestHub(data.path, { TZ: 'UTC' }, '127.0.0.1', mondayMorning);
    atEnd(() => hub.process().stop());
    const lessons = async () => {
      const answer = validate(Lessons, await hub.get('/api/v1/lessons?county=qilian'));
      if (!answer.ok) throw new Error(answer.problems.join('; '));
      return answer.value;
    };
    const free = { c1: 81_000_000_000, c2: 120_000_000 };
    const files = 'lesson_files readable=true,entries=212i,newest_age_s=36000i';
    const agents = await Promise.all(
      Object.entries(free).map(async ([classroom, bytes]) => {
        const code = await codeFrom(hub, { county: 'qilian', school: 'hb3z', classroom });
        const agent = await HandMadeAgent.enrol(hub, code);
        await agent.connect();
        atEnd(() => agent.end());
        await agent.sayStatus({ outbox: `0utb0x${classroom}` });
        return { agent, classroom, bytes };
      }),
    );

    let sent = 0;
    const told = await eventually(
      'both lessons checked',
      async () => {
        const { time, lessons: found } = await lessons();
        for (const { agent, classroom, bytes } of agents) {
          const lines = [
            `host disk_free_bytes=${bytes}i ${time}`,
            `${files} ${time}`,
            `agent clock_offset_ms=3 ${time}`,
            `stamp,link=broadband,target=hub ok=true,sent=10i,received=10i ${time}`,
          ];
          await agent.sendLines(lines, `0utb0x${classroom}`, 1 + sent * lines.length);
        }
        sent += 1;
        return found.every(({ readiness }) => readiness !== undefined) ? found : undefined;
      },
      150_000,
      1000,
    );
    expect(
      told.map(({ class: of, readiness }) => [of, readiness?.state, readiness?.checks[0]?.why.zh]),
    ).toEqual([
      ['c1', 'ready', '电脑已开机'],
      ['c2', 'not-ready', '磁盘已满，只剩 120 MB'],
    ]);
    await eventually('told', () => (robot.taken.length > 0 ? true : undefined), 60_000);
    expect(robot.taken[0]?.text).toContain('祁连县海北三中 课前检查未通过，影响 1 节课');
    expect(robot.taken[0]?.text).toContain('受影响：网班 2 10:20 英语');
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toMatch(/tongtang_readiness_checks_total\{state="not-ready"\} [12]/);
  });
}, 300_000);
