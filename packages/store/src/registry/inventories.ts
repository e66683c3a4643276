import type { Inventory } from '@tongtang/model/inventory';
import { inTransaction } from '@tongtang/runtime/database';
import type { Audit } from './audit.ts';
import { differenceOf, type InventoryChanges } from './difference.ts';
import type { RegistryFile } from './registry-file.ts';
import { type RegisteredAgent, removed, type Snapshot } from './snapshot.ts';

export type ImportResult =
  | Readonly<{ ok: true; changes: InventoryChanges }>
  | Readonly<{ ok: false; problems: readonly string[] }>;

/** The inventories, one a county, each as the file of that county says it. */
export interface Inventories {
  /**
   * The file becomes the whole inventory of its county; other counties are untouched. Refused, with each agent and
   * classroom named, where a classroom would go that an agent lives in. All or nothing.
   */
  importInventory(inventory: Inventory, by: string): ImportResult;
  /** A county's inventory, which fits InventoryDocument again; undefined where there is none. */
  exportInventory(county: string): Inventory | undefined;
  /** Takes a county out, with all its schools and its timetable. Refused, with each agent named, where one lives there. */
  removeInventory(county: string, by: string): { ok: true } | { ok: false; problems: readonly string[] };
  /** Makes a county with one school and one classroom where there is no inventory at all, for a newcomer. */
  ensureStarterInventory(): void;
}

export function openInventories(
  database: RegistryFile,
  snapshot: Snapshot,
  { audit }: Audit,
  nowS: () => number,
): Inventories {
  const upsert = database.prepare(`
    INSERT INTO inventories (county, document, imported_at) VALUES (?, ?, ?)
    ON CONFLICT (county) DO UPDATE SET document = excluded.document, imported_at = excluded.imported_at
  `);

  const removeTimetable = database.prepare(
    'UPDATE timetables SET document = :removed WHERE county = :county',
  );

  function importInventory(inventory: Inventory, by: string): ImportResult {
    const { id } = inventory.county;
    const result = inTransaction(database, (): ImportResult => {
      const problems = homeless(snapshot.agents(), inventory);
      if (problems.length > 0) return { ok: false, problems };
      const changes = differenceOf(snapshot.inventory(id), inventory);
      const { added, changed, removed } = changes;
      if (added.length + changed.length + removed.length === 0) return { ok: true, changes };
      upsert.run(id, JSON.stringify(inventory), nowS());
      const detail = `${added.length} added, ${changed.length} changed, ${removed.length} removed`;
      audit({ who: by, action: 'import inventory', what: `county ${id}`, detail });
      return { ok: true, changes };
    });
    snapshot.announce();
    return result;
  }

  function removeInventory(county: string, by: string): ReturnType<Inventories['removeInventory']> {
    const result = inTransaction(database, (): ReturnType<Inventories['removeInventory']> => {
      if (snapshot.inventory(county) === undefined)
        return { ok: false, problems: [`county: there is no county "${county}"`] };
      const living = snapshot.agents().filter(({ place }) => place.county === county);
      if (living.length > 0)
        return {
          ok: false,
          problems: living.map(({ id }) => `county: agent "${id}" lives in "${county}"; revoke it first`),
        };
      upsert.run(county, removed, nowS());
      removeTimetable.run({ county, removed });
      audit({ who: by, action: 'remove inventory', what: `county ${county}` });
      return { ok: true };
    });
    snapshot.announce();
    return result;
  }

  return {
    importInventory,
    removeInventory,
    exportInventory: (county) => snapshot.inventory(county),
    ensureStarterInventory() {
      if (snapshot.inventories().length === 0) importInventory(starterInventory(), 'first start');
    },
  };
}

/** One problem for each agent of the county that would be left without its classroom. */
function homeless(agents: readonly RegisteredAgent[], inventory: Inventory): string[] {
  return agents.flatMap(({ id, place }) =>
    place.county !== inventory.county.id || hasClassroom(inventory, place.school, place.classroom)
      ? []
      : [
          `schools: classroom "${place.school}/${place.classroom}" cannot go: agent "${id}" lives there; ` +
            'move or revoke it first',
        ],
  );
}

/** Whether the inventory has this classroom in this school. */
export function hasClassroom(inventory: Inventory, school: string, classroom: string): boolean {
  return inventory.schools.some(
    (candidate) => candidate.id === school && candidate.classrooms.some((room) => room.id === classroom),
  );
}

/** The county that a new hub begins with. */
export const starterCounty = 'local';

function starterInventory(): Inventory {
  return {
    county: {
      id: starterCounty,
      name: { zh: '本县', en: 'My county' },
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    frontEndSchools: [],
    platforms: [],
    clusters: [],
    schools: [
      {
        id: 'school',
        name: { zh: '本校', en: 'My school' },
        classes: [],
        classrooms: [{ id: 'room-1', name: { zh: '本机教室', en: 'This room' } }],
      },
    ],
    periods: [],
    targets: [],
  };
}
