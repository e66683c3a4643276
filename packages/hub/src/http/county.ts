import type { Inventory } from '@tongtang/model/inventory';
import type { HttpDeps } from './deps.ts';
import { ApiError } from './errors.ts';

/** The inventory of the county that a request names. @throws ApiError where there is none */
export function inventoryOf({ registry }: Pick<HttpDeps, 'registry'>, county: string): Inventory {
  const inventory = registry.inventories().find((one) => one.county.id === county);
  if (inventory === undefined) throw new ApiError('not_found', `county: no county "${county}"`);
  return inventory;
}
