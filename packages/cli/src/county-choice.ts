import type { Inventory } from '@tongtang/model/inventory';
import type { Registry } from '@tongtang/store/registry/open';
import { Refusal } from './refusal.ts';

/**
 * The inventory of the county that a command is about.
 * @param county its id; may be left out where there is only one
 * @throws Refusal with the counties that there are
 */
export function countyOf(registry: Pick<Registry, 'inventories'>, county: string | undefined): Inventory {
  const inventories = registry.inventories();
  const ids = inventories.map((inventory) => inventory.county.id).join(', ');
  const [only, second] = inventories.filter(
    (inventory) => county === undefined || inventory.county.id === county,
  );
  if (only === undefined) throw new Refusal(`There is no county "${county ?? ''}". There are: ${ids}`);
  if (second !== undefined) throw new Refusal(`Which county? There are: ${ids}`);
  return only;
}
