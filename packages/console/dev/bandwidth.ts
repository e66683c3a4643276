import type { Sample, Series } from '../src/api/answers.ts';
import { noise } from './figures.ts';

const daysKept = 30;

/** A test a day; some end early, and one day the machine was off. */
function testsOf(agent: string, now: number): Sample[] {
  const today = Math.floor((now + 8 * 3600) / 86_400);
  return Array.from({ length: daysKept }, (_, index) => today - daysKept + 1 + index)
    .filter((day) => day % 11 !== 0)
    .map((day) => {
      const chance = noise(`${agent}bandwidth`, day);
      return {
        measurement: 'throughput',
        tags: { link: 'broadband', target: 'bandwidth' },
        time: day * 86_400 - 8 * 3600 + 7.25 * 3600,
        fields: {
          ok: true,
          download_bit_s: 46e6 * (0.7 + 0.4 * chance),
          upload_bit_s: 9.4e6 * (0.8 + 0.3 * noise(`${agent}upload`, day)),
          ...(chance > 0.85 && { download_cut_short: 'bytes' }),
          ...(chance < 0.1 && { upload_cut_short: 'rtt' }),
        },
      };
    });
}

/** One field of the tests of a school, or of an agent: of each school the first classroom tests, at a quarter past seven. */
export function testSeries(
  asked: Readonly<{ school: string; agent: string; field: string }>,
  now: number,
): Series {
  const agent = asked.agent === '' ? `${asked.school}-c1` : asked.agent;
  const tests = agent.endsWith('-c1') && agent !== 'school13-c1' ? testsOf(agent, now) : [];
  const values = tests.map(({ fields }) => fields[asked.field] ?? null);
  return {
    times: tests.map(({ time }) => time),
    series: tests.length === 0 ? [] : [{ tags: { agent, link: 'broadband', target: 'bandwidth' }, values }],
  };
}
