import {
  availabilityOf,
  coverageOf,
  type Share,
  type Tally,
  tallyOf,
} from '@tongtang/lessons/delivery/minute-state';
import type { Run } from '@tongtang/lessons/delivery/trace';
import type { Figure } from '../figures.ts';
import { differenceOf } from '../share.ts';
import type { Evidence } from './evidence.ts';

/** What a reader gets who adds up by hand what is listed behind a figure, from the minutes themselves. */
export function addedUp({ reference, value }: Figure, pieces: readonly Evidence[]): Share | undefined {
  const [name = ''] = reference.split('/');
  const others = pieces.flatMap((piece) => (piece.kind === 'figure' ? [shareOf(piece.figure)] : []));
  const [a, b] = others;
  const formula = formulas[name];
  if (formula !== undefined) return a && b && formula(a, b);
  const sum = { part: 0, of: value.kind === 'count' ? 1 : 0 };
  for (const piece of pieces) {
    const adds = byHand(name, piece);
    sum.part += adds.part;
    sum.of += adds.of;
  }
  return sum;
}

export function shareOf({ value }: Figure): Share {
  return value.kind === 'count' ? { part: value.count, of: 1 } : value.share;
}

/** Figures that are made of others: how they follow from these. */
const formulas: Readonly<Record<string, (a: Share, b: Share) => Share | undefined>> = {
  trend: differenceOf,
  budget: (known, objective) => ({ part: known.of * (objective.of - objective.part), of: objective.of }),
  'budget-left': (budget, lost) => ({ part: budget.part - lost.part * budget.of, of: budget.of }),
  'budget-left-share': (left, budget) => ({ part: left.part, of: budget.part }),
};

/** Of lessons and links from their runs alone, not from what the piece says that it adds. */
function byHand(name: string, piece: Evidence): Share {
  if (piece.kind !== 'lesson' && piece.kind !== 'link') return piece.adds;
  const minutes = tallyOfRuns(piece.runs);
  if (name.startsWith('availability')) return availabilityOf(minutes);
  if (name.startsWith('coverage')) return coverageOf(minutes);
  return { part: name === 'lost-minutes' ? minutes.down : 1, of: 0 };
}

function tallyOfRuns(runs: readonly Run[]): Tally {
  return tallyOf(
    runs.flatMap(({ from, to, state }) => Array.from({ length: (to - from) / 60 }, () => state)),
  );
}
