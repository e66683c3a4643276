import type { Inventory } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import type { RegistryFile } from './registry-file.ts';
import { text } from './rows.ts';
import type { RegisteredAgent } from './snapshot.ts';

/** What a process has read of the registry. */
export type Known = Readonly<{
  inventories: ReadonlyMap<string, Inventory>;
  timetables: ReadonlyMap<string, Timetable>;
  agents: ReadonlyMap<string, RegisteredAgent>;
  /** The revision that this was read at, counted in the file that it was read from. */
  revision: number;
}>;

/**
 * Enters in a file that took the place of another one what this process knows and that one lacks: a copy may be half a minute older, and
 * where there was none the file is empty. Who was enrolled stays so, and nobody is let in again whose right was ended meanwhile.
 * What stands in the file as another than here is left as it is there: another process may have changed it since.
 */
export function openCarryOver(file: RegistryFile, nowS: () => number): (known: Known) => void {
  const addInventory = file.prepare(
    'INSERT INTO inventories (county, document, imported_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const addTimetable = file.prepare(`
    INSERT INTO timetables (county, document, imported_at, imported_by) VALUES (?, ?, ?, 'hub') ON CONFLICT DO NOTHING
  `);
  const addAgent = file.prepare(`
    INSERT INTO agents (id, kind, address_school, county, school, classroom, password_hash, enrolled_at,
                        hostname, platform, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
  `);
  const selectEnrolled = file.prepare('SELECT id FROM agents WHERE revoked_at IS NULL AND revision <= ?');
  const revoke = file.prepare("UPDATE agents SET revoked_at = ?, password_hash = '' WHERE id = ?");

  return ({ inventories, timetables, agents, revision }) => {
    // Before others are added: an agent as old as what was read, and not in it, was revoked after the copy was made.
    for (const row of selectEnrolled.all(revision)) {
      const id = text(row, 'id');
      if (!agents.has(id)) revoke.run(nowS(), id);
    }
    for (const [county, inventory] of inventories)
      addInventory.run(county, JSON.stringify(inventory), nowS());
    for (const [county, timetable] of timetables) addTimetable.run(county, JSON.stringify(timetable), nowS());
    for (const { id, kind, address, place, passwordHash, enrolledAt, ...machine } of agents.values())
      addAgent.run(
        id,
        kind,
        address.school,
        place.county,
        place.school,
        place.classroom,
        passwordHash,
        enrolledAt,
        machine.hostname ?? null,
        machine.platform ?? null,
        machine.version ?? null,
      );
  };
}
