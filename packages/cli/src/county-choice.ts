import type { Inventory } from '@tongtang/model/inventory';
import type { Registry } from '@tongtang/store/registry/open';
import { Refusal } from './refusal.ts';

/**
 * The inventory of the county that a command is about.
 * @param county its id; may be left out where there is only one
 * @throws Refusal with the counties that there are
 */
export function countyOf(registry: Pick<Registry, 'inventories'>, county: string | undefined): Inventory {
  return chosenCounty(registry.inventories(), (inventory) => inventory.county.id, county);
}

/** The same of whatever is known of counties. */
export function chosenCounty<Known>(
  counties: readonly Known[],
  idOf: (known: Known) => string,
  county: string | undefined,
): Known {
  const ids = counties.map(idOf).join(', ');
  const [only, second] = counties.filter((known) => county === undefined || idOf(known) === county);
  if (only === undefined) throw new Refusal(`There is no county "${county ?? ''}". There are: ${ids}`);
  if (second !== undefined) throw new Refusal(`Which county? There are: ${ids}`);
  return only;
}
