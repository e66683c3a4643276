import { IncidentFold } from '@tongtang/incidents/fold';
import { countyOf, monday } from '@tongtang/incidents/testing/county';
import { faults } from '@tongtang/incidents/testing/faults';
import { tryFault } from '@tongtang/incidents/testing/play';
import { playQuietWeek } from '@tongtang/incidents/testing/quiet-week';
import { arrivalsOf, type TroubleOf } from '@tongtang/incidents/testing/world';
import {
  atLeast,
  atMost,
  type Benchmark,
  type BenchmarkContext,
  figure,
  quantile,
  type Result,
} from './benchmark.ts';

const variations = 20;
/** A school's line, by which it is known how soon a cut is told of. */
const cut = 'cut fibre of a school';

export const incidents: Benchmark = {
  name: 'incidents',
  about: `scripted faults in ${variations} variations each with noise and missing agents, a quiet week, and a replay of a county's week`,
  run: async (context) => [...tryFaults(context), ...quietWeek(context), ...replayWeek(context)],
};

function tryFaults({ say }: BenchmarkContext): Result[] {
  const total = { right: 0, unknown: 0, wrong: 0, several: 0 };
  const openS: number[] = [];
  for (const kind of Object.keys(faults)) {
    const own = { right: 0, unknown: 0, wrong: 0, several: 0 };
    for (let seed = 1; seed <= variations; seed += 1) {
      const { verdict, told, openAfterS } = tryFault(kind, seed);
      own[verdict] += 1;
      own.several += Number(told > 1);
      if (kind === cut && openAfterS !== undefined) openS.push(openAfterS);
    }
    say(
      `${kind}: ${own.right} right, ${own.unknown} unknown, ${own.wrong} wrong, ${own.several} with more than one incident`,
    );
    for (const key of ['right', 'unknown', 'wrong', 'several'] as const) total[key] += own[key];
  }
  const trials = variations * Object.keys(faults).length;
  return [
    figure('incidents.faults', trials, '1'),
    atLeast('incidents.right', total.right / trials, '1', 0.95),
    atMost('incidents.wrong', total.wrong / trials, '1', 0.01),
    figure('incidents.unknown', total.unknown / trials, '1'),
    atMost('incidents.more_than_one', total.several, '1', 0),
    atMost('incidents.cut_open_p95', quantile(openS, 0.95), 's', 25),
  ];
}

function quietWeek({ say }: BenchmarkContext): Result[] {
  say('a quiet week');
  const { told, samples } = playQuietWeek(1);
  return [atMost('incidents.false', told.size, '1', 0), figure('incidents.quiet_samples', samples, '1')];
}

/** Thirteen schools with 46 rooms; PCs are on from eight to six. Only the fold is timed. */
function replayWeek({ say }: BenchmarkContext): Result[] {
  say("a county's week, replayed");
  const topology = countyOf([9, 9, 7, 7, 6, 1, 1, 1, 1, 1, 1, 1, 1]);
  const cutAt = monday + 2 * 86_400 + 10 * 3600;
  const troubleOf: TroubleOf = ({ kind, school }, time) => {
    const hour = ((time - monday) % 86_400) / 3600;
    if (kind === 'classroom' && (hour < 8 || hour > 18)) return { off: 'order' };
    return school === 's1' && time >= cutAt && time < cutAt + 1200 ? { line: true } : {};
  };
  const fold = new IncidentFold(topology);
  let spentMs = 0;
  let samples = 0;
  // A day at a time, as a store gives it: a week of objects is more than the memory of a small machine.
  for (let day = 0; day < 7; day += 1) {
    const from = monday + day * 86_400;
    const plan = {
      topology,
      from,
      to: from + 86_400,
      seed: day,
      troubleOf,
      loss: 0.05,
      missing: new Set<string>(),
    };
    const arrivals = arrivalsOf(plan);
    const start = performance.now();
    for (const { agent, samples: batch, word } of arrivals) {
      if (word !== undefined) fold.hear(agent, word);
      fold.take(agent, batch);
      samples += batch.length;
    }
    spentMs += performance.now() - start;
  }
  const start = performance.now();
  fold.look(monday + 7 * 86_400);
  spentMs += performance.now() - start;
  return [
    figure('incidents.replay_samples', samples, '1'),
    atMost('incidents.replay_s', spentMs / 1000, 's', 10),
    atLeast(
      'incidents.replay_found',
      fold.incidents.filter(({ cause }) => cause === 'line-cut').length,
      '1',
      1,
    ),
  ];
}
