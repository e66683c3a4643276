import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildInventory, type Inventory, InventoryDocument } from '@tongtang/model/inventory';
import { validate } from '@tongtang/runtime/validation';
import { parse } from 'yaml';

/** The inventory file of the county that is simulated where none is named: 13 schools, 46 classes. */
export const qilianFile = fileURLToPath(new URL('../../../model/examples/qilian.yaml', import.meta.url));

/** Qilian County. */
export function qilian(): Inventory {
  const checked = validate(InventoryDocument, parse(readFileSync(qilianFile, 'utf8')));
  if (!checked.ok) throw new Error(checked.problems.join('; '));
  const built = buildInventory(checked.value);
  if ('problems' in built) throw new Error(built.problems.join('; '));
  return built.inventory;
}
