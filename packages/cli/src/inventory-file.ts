import { readFileSync } from 'node:fs';
import { buildInventory, type Inventory, InventoryDocument } from '@tongtang/model/inventory';
import { probes } from '@tongtang/probes/registry';
import { messageOf } from '@tongtang/runtime/errors';
import { validate } from '@tongtang/runtime/validation';
import { parseDocument } from 'yaml';
import { Refusal } from './refusal.ts';

/**
 * Reads an inventory file.
 * @param file "-" for standard input
 * @throws Refusal with every problem and its place
 */
export function readInventory(file: string): Inventory {
  const refuse = (problems: readonly string[]): Refusal =>
    new Refusal(problems.map((problem) => `${file}: ${problem}`));
  const document = parseDocument(read(file));
  if (document.errors.length > 0) throw refuse(document.errors.map(({ message }) => message));
  const checked = validate(InventoryDocument, document.toJS());
  if (!checked.ok) throw refuse(checked.problems);
  const built = buildInventory(checked.value);
  if ('problems' in built) throw refuse(built.problems);
  const objections = addressProblems(built.inventory);
  if (objections.length > 0) throw refuse(objections);
  return built.inventory;
}

/** What the probes would say of their targets: here to one person, not in the log of every agent. */
function addressProblems({ targets }: Inventory): string[] {
  return targets.flatMap(({ probe, address }, index) => {
    const objection = probes[probe].checkAddress(address);
    return objection === undefined ? [] : [`targets[${index}].address: ${objection}`];
  });
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Refusal(`${file} cannot be read: ${messageOf(error)}`);
  }
}
