import { join } from 'node:path';
import { linkKinds, linkStates } from '@tongtang/model/link';
import { isFolderLocked } from '@tongtang/runtime/folder-lock';
import { type Static, Type } from 'typebox';
import { readJsonFile, writeJsonFile } from './json-file.ts';

const Link = Type.Enum([...linkKinds]);

/** What a running agent says of itself to people on its machine. */
export const AgentReport = Type.Object({
  /** When this was written, by the machine's wall clock; RFC 3339. */
  at: Type.String(),
  pid: Type.Integer(),
  agent: Type.String(),
  version: Type.String(),
  startedAt: Type.String(),
  hub: Type.String(),
  connected: Type.Boolean(),
  /** Why not; empty while connected. */
  trouble: Type.String(),
  /** Samples that the hub has not committed. */
  backlog: Type.Integer(),
  dropped: Type.Integer(),
  failedWrites: Type.Integer(),
  /** Hub's clock minus the machine's, milliseconds; absent before the first measurement. */
  clockOffsetMs: Type.Optional(Type.Number()),
  wireBytesToday: Type.Integer(),
  /** Of each link that a probe ever tried to measure. */
  links: Type.Partial(Type.Record(Link, Type.Enum([...linkStates]))),
  /** When each came into its state, RFC 3339; without those of which nothing was ever known. Agents before wrote none. */
  linksSince: Type.Optional(Type.Partial(Type.Record(Link, Type.String()))),
});
export type AgentReport = Static<typeof AgentReport>;

export type AgentStatus = Readonly<{
  running: boolean;
  /** The last word of the agent that runs or ran; absent where there never was one. */
  report?: AgentReport;
}>;

/**
 * What `tongtang agent status` shows.
 * @throws UnreadableFile where the report is damaged
 */
export function agentStatus(dataFolder: string): AgentStatus {
  const report = lastReport(dataFolder);
  return { running: isFolderLocked(join(dataFolder, 'agent')), ...(report && { report }) };
}

/** @throws UnreadableFile where it is damaged */
export function lastReport(dataFolder: string): AgentReport | undefined {
  return readJsonFile(reportPath(dataFolder), AgentReport);
}

export function writeReport(dataFolder: string, report: AgentReport): void {
  writeJsonFile(reportPath(dataFolder), report, false);
}

function reportPath(dataFolder: string): string {
  return join(dataFolder, 'agent', 'status.json');
}
