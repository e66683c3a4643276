import { faultKindNames } from '@tongtang/simulator/faults/kinds';
import { tryInCounty } from '../services/faults-in-county.ts';
import { atLeast, atMost, type Benchmark, type BenchmarkContext, figure, type Result } from './benchmark.ts';

const variations = 5;

export const incidentsInCounty: Benchmark = {
  name: 'incidents-in-county',
  about: `incidents beside the truth of the simulated county, ${variations} variations of each fault`,
  run: async (context) => compare(context),
};

function compare({ say }: BenchmarkContext): Result[] {
  const total = { right: 0, unknown: 0, wrong: 0, unseen: 0, several: 0 };
  for (const kind of faultKindNames) {
    const said: string[] = [];
    for (let seed = 1; seed <= variations; seed += 1) {
      const { verdict, incidents } = tryInCounty(kind, seed);
      total[verdict] += 1;
      if (incidents.length > 1) total.several += 1;
      if (verdict !== 'right')
        said.push(
          `${verdict} (${incidents.map(({ cause, place }) => `${cause} at ${place.node}`).join(', ')})`,
        );
    }
    say(
      `${kind}: ${said.length === 0 ? 'all right' : `${variations - said.length} right, ${said.join('; ')}`}`,
    );
  }
  const trials = faultKindNames.length * variations;
  return [
    figure('county.faults', trials, '1'),
    atLeast('county.right', total.right / trials, '1', 0.95),
    atMost('county.wrong', total.wrong / trials, '1', 0.01),
    figure('county.unknown', total.unknown / trials, '1'),
    figure('county.unseen', total.unseen / trials, '1'),
    atMost('county.more_than_one', total.several, '1', 0),
  ];
}
