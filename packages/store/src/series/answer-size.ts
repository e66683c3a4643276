import { UnfitQuery, valuesInAnswer } from '../telemetry.ts';
import { bucketsIn, type SeriesPlan } from './plan.ts';

/** What a series takes beside its values, counted in values: its tags. */
const tagsWorth = 5;

/**
 * Counts what an answer takes while it is being read, so that one that is too large is refused before it fills the
 * memory.
 */
export class AnswerSize {
  readonly #perSeries: number;
  readonly #countsValues: boolean;
  #size = 0;

  constructor(plan: Pick<SeriesPlan, 'from' | 'to' | 'every'>) {
    this.#countsValues = plan.every === undefined;
    this.#perSeries = tagsWorth + (plan.every === undefined ? 0 : bucketsIn(plan.from, plan.to, plan.every));
  }

  /** A further series has something. @throws UnfitQuery where the answer becomes too large */
  addSeries(): void {
    this.#add(this.#perSeries);
  }

  /** Values of a series that was added; those in buckets are counted already. @throws UnfitQuery */
  addValues(count: number): void {
    if (this.#countsValues) this.#add(count);
  }

  #add(size: number): void {
    this.#size += size;
    assertFits(this.#size);
  }
}

/** @throws UnfitQuery that says how to ask for less */
export function assertFits(values: number): void {
  if (values > valuesInAnswer)
    throw new UnfitQuery(
      `more than ${valuesInAnswer} values in all: name an agent or a school, shorten the range or widen "every"`,
    );
}
