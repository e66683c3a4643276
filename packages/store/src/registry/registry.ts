import type { Place } from '@tongtang/model/catalogue';
import type { Inventory } from '@tongtang/model/inventory';
import type { Timetable } from '@tongtang/model/timetable';
import type { Address } from '@tongtang/wire/topics';

/** An agent as the hub knows it. */
export type EnrolledAgent = Readonly<{
  id: string;
  /** Fixed at enrolment: its topics. */
  address: Address;
  /** Where the inventory says that it lives now. */
  place: Place;
  /** Mosquitto's own form, `$7$iterations$salt$hash` (PBKDF2-SHA-512), so that one hash serves every broker. */
  passwordHash: string;
  enrolledAt: number;
  hostname?: string;
  platform?: string;
}>;

/** What is other than the last time that somebody was told. */
export type RegistryChange = Readonly<{
  /** Ids of agents that came, went or moved; those whose place is another because the inventory is, too. */
  agents: ReadonlySet<string>;
  /** Counties whose inventory or timetable came, went or changed. */
  counties: ReadonlySet<string>;
}>;

/**
 * What people have entered: inventory, agents and their credentials, users. An SQLite file that the hub and the
 * command line may open at the same time.
 */
export interface AgentRegistry {
  /** Every county's inventory. */
  inventories(): readonly Inventory[];
  /** A county's timetable; undefined where nobody has entered one. */
  timetable(county: string): Timetable | undefined;
  /** Agents that are enrolled and not revoked. */
  agents(): readonly EnrolledAgent[];
  agent(id: string): EnrolledAgent | undefined;
  /** Those whose right to connect was ended, with the topics that were theirs. */
  revoked(): readonly Address[];
  /**
   * Calls the listener after each change of agents, inventories or timetables, made here or by another process.
   * @returns how to stop listening
   */
  onChange(listener: (change: RegistryChange) => void): () => void;
}
