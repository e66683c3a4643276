import { isDeepStrictEqual } from 'node:util';
import type { Inventory } from '@tongtang/model/inventory';

/** What an import does, as names for people: `school babao`, `classroom babao/c1`. */
export type InventoryChanges = Readonly<{
  added: readonly string[];
  changed: readonly string[];
  removed: readonly string[];
}>;

/** What changes from one inventory to the next; a school counts as changed only where its own entry does. */
export function differenceOf(before: Inventory | undefined, after: Inventory): InventoryChanges {
  const old = before === undefined ? new Map<string, unknown>() : partsOf(before);
  const fresh = partsOf(after);
  return {
    added: [...fresh.keys()].filter((name) => !old.has(name)),
    changed: [...fresh].flatMap(([name, part]) =>
      old.has(name) && !isDeepStrictEqual(old.get(name), part) ? [name] : [],
    ),
    removed: [...old.keys()].filter((name) => !fresh.has(name)),
  };
}

function partsOf(inventory: Inventory): Map<string, unknown> {
  const parts = new Map<string, unknown>([[`county ${inventory.county.id}`, inventory.county]]);
  const add = (kind: string, entries: readonly { id: string }[]): void => {
    for (const entry of entries) parts.set(`${kind} ${entry.id}`, entry);
  };
  if (inventory.satellite) add('satellite', [inventory.satellite]);
  add('front-end school', inventory.frontEndSchools);
  add('platform', inventory.platforms);
  add('cluster', inventory.clusters);
  add('provider', inventory.providers ?? []);
  for (const { classes, classrooms, ...school } of inventory.schools) {
    add('school', [school]);
    for (const room of classrooms) parts.set(`classroom ${school.id}/${room.id}`, room);
    for (const entry of classes) parts.set(`class ${school.id}/${entry.id}`, entry);
  }
  for (const period of inventory.periods) parts.set(`period ${period.n}`, period);
  add('target', inventory.targets);
  if (inventory.visitTargets) parts.set('targets of visits', inventory.visitTargets);
  return parts;
}
