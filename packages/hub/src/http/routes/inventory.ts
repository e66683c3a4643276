import { buildInventory, type Inventory, InventoryDocument } from '@tongtang/model/inventory';
import { Type } from 'typebox';
import { principalOf } from '../access.ts';
import { List } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

/** A county with hundreds of schools fits several times. */
const bodyLimit = 8 * 1024 * 1024;

const County = Type.Object({ county: Type.String() });
const Names = List(Type.String());

/** The inventory of a county as a whole, in and out. */
export function inventoryRoutes(app: App, { registry }: HttpDeps): void {
  app.get(
    '/inventory/:county',
    {
      config: { access: 'operations' },
      schema: {
        summary: 'The inventory of a county, in the form that can be imported again',
        params: County,
        response: { 200: Type.Unsafe<Inventory>(InventoryDocument) },
      },
    },
    async ({ params: { county } }) => {
      const inventory = registry.exportInventory(county);
      if (inventory === undefined) throw new ApiError('not_found', `county: no county "${county}"`);
      return inventory;
    },
  );

  app.put(
    '/inventory/:county',
    {
      config: { access: 'admin' },
      bodyLimit,
      schema: {
        summary: 'Replace the inventory of a county',
        params: County,
        body: InventoryDocument,
        response: { 200: Type.Object({ added: Names, changed: Names, removed: Names }) },
      },
    },
    async (request) => {
      const { county } = request.params;
      if (request.body.county.id !== county)
        throw new ApiError('invalid_input', `county.id: must be "${county}", as in the address`);
      const built = buildInventory(request.body);
      if ('problems' in built) throw new ApiError('invalid_input', built.problems.join('; '));
      const result = registry.importInventory(built.inventory, principalOf(request).user);
      if (!result.ok) throw new ApiError('conflict', result.problems.join('; '));
      return result.changes;
    },
  );
}
