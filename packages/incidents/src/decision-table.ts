import type { Cause, Confidence, IncidentNode } from '@tongtang/model/incident';
import { type Checklist, checklists } from './checklists.ts';
import { fits, type Pattern, type View } from './view.ts';

export type Row = Readonly<{
  id: string;
  /** What is seen. Rows are tried from the top: the first that fits is the answer. */
  when: Pattern;
  node: IncidentNode;
  cause: Cause;
  confidence: Confidence;
}>;

/** From what is seen to where and why. The last row of each chain takes what no other explains. */
export const decisionTable: readonly Row[] = [
  // The hub, and the lines of many schools at once.
  {
    id: 'hub-was-away',
    when: { chain: ['network'], scope: ['county'], hub: ['away'] },
    node: 'hub',
    cause: 'hub-away',
    confidence: 'high',
  },
  {
    id: 'only-the-hub',
    when: { chain: ['network'], scope: ['county'], beyond: ['reached'] },
    node: 'hub',
    cause: 'hub-away',
    confidence: 'high',
  },
  {
    id: 'many-lines',
    when: { chain: ['network'], scope: ['county'], told: ['yes'], gateway: ['fine'] },
    node: 'broadband',
    cause: 'provider-outage',
    confidence: 'high',
  },
  {
    id: 'many-rebooted',
    when: { chain: ['network'], scope: ['county'], told: ['no'], restart: ['rebooted'] },
    node: 'school',
    cause: 'power-lost',
    confidence: 'medium',
  },
  {
    id: 'many-silent',
    when: { chain: ['network'], scope: ['county'] },
    node: 'broadband',
    cause: 'line-or-power',
    confidence: 'low',
  },
  // One school: what its own machines measured while they were cut off.
  {
    id: 'own-cable',
    when: { chain: ['network'], told: ['yes'], lost: ['one'], carrier: ['lost'] },
    node: 'classroom',
    cause: 'pc-cable',
    confidence: 'high',
  },
  {
    id: 'only-pc-cable',
    when: { chain: ['network'], told: ['yes'], rooms: ['one'], carrier: ['lost'] },
    node: 'classroom',
    cause: 'pc-cable',
    confidence: 'medium',
  },
  {
    id: 'rooms-without-gateway',
    when: { chain: ['network'], rooms: ['several'], lost: ['all', 'some'], gateway: ['lost'] },
    node: 'lan',
    cause: 'lan-failure',
    confidence: 'high',
  },
  {
    id: 'room-without-gateway',
    when: { chain: ['network'], rooms: ['several'], lost: ['one'], gateway: ['lost'] },
    node: 'classroom',
    cause: 'pc-cable',
    confidence: 'medium',
  },
  {
    id: 'only-pc-without-gateway',
    when: { chain: ['network'], rooms: ['one'], gateway: ['lost'] },
    node: 'lan',
    cause: 'unknown',
    confidence: 'low',
  },
  {
    id: 'way-to-the-hub',
    when: { chain: ['network'], lost: ['all'], told: ['yes'], beyond: ['reached'] },
    node: 'broadband',
    cause: 'unknown',
    confidence: 'medium',
  },
  {
    id: 'line',
    when: { chain: ['network'], rooms: ['several'], lost: ['all'], gateway: ['fine'] },
    node: 'broadband',
    cause: 'line-cut',
    confidence: 'high',
  },
  {
    id: 'line-of-one',
    when: { chain: ['network'], rooms: ['one'], gateway: ['fine'] },
    node: 'broadband',
    cause: 'line-cut',
    confidence: 'medium',
  },
  {
    id: 'line-without-gateway',
    when: { chain: ['network'], told: ['yes'], lost: ['all'] },
    node: 'broadband',
    cause: 'line-cut',
    confidence: 'low',
  },
  {
    id: 'some-without-hub',
    when: { chain: ['network'], told: ['yes'], lost: ['some'] },
    node: 'lan',
    cause: 'unknown',
    confidence: 'low',
  },
  {
    id: 'room-without-hub',
    when: { chain: ['network'], told: ['yes'], lost: ['one'] },
    node: 'classroom',
    cause: 'unknown',
    confidence: 'low',
  },
  // One school: nothing is heard.
  {
    id: 'school-rebooted',
    when: { chain: ['network'], rooms: ['several'], lost: ['all', 'some'], restart: ['rebooted'] },
    node: 'school',
    cause: 'power-lost',
    confidence: 'high',
  },
  {
    id: 'agent-ended',
    when: { chain: ['network'], lost: ['one'], ended: ['itself'], restart: ['ran', 'unknown'] },
    node: 'classroom',
    cause: 'agent-ended',
    confidence: 'high',
  },
  {
    id: 'only-agent-ended',
    when: { chain: ['network'], rooms: ['one'], ended: ['itself'], restart: ['ran', 'unknown'] },
    node: 'classroom',
    cause: 'agent-ended',
    confidence: 'high',
  },
  {
    id: 'machine-rebooted',
    when: { chain: ['network'], restart: ['rebooted'] },
    node: 'classroom',
    cause: 'power-lost',
    confidence: 'medium',
  },
  {
    id: 'school-silent',
    when: { chain: ['network'], rooms: ['several'], lost: ['all'] },
    node: 'broadband',
    cause: 'line-or-power',
    confidence: 'medium',
  },
  {
    id: 'only-pc-silent',
    when: { chain: ['network'], rooms: ['one'] },
    node: 'school',
    cause: 'line-or-power',
    confidence: 'low',
  },
  {
    id: 'rooms-silent',
    when: { chain: ['network'], lost: ['some'] },
    node: 'lan',
    cause: 'unknown',
    confidence: 'low',
  },
  {
    id: 'room-silent',
    when: { chain: ['network'] },
    node: 'classroom',
    cause: 'unknown',
    confidence: 'low',
  },
  {
    id: 'lan-flooded',
    when: { chain: ['quality'], lost: ['all', 'some'], lan: ['poor'] },
    node: 'lan',
    cause: 'lan-failure',
    confidence: 'high',
  },
  {
    id: 'line-congested',
    when: { chain: ['quality'], lost: ['all', 'some'] },
    node: 'broadband',
    cause: 'congestion',
    confidence: 'high',
  },
  {
    id: 'room-slow',
    when: { chain: ['quality'] },
    node: 'classroom',
    cause: 'unknown',
    confidence: 'low',
  },
  // What comes from the sky.
  {
    id: 'sun-seen',
    when: { chain: ['reception'], sun: ['now'], shape: ['sun'] },
    node: 'dish',
    cause: 'sun-outage',
    confidence: 'high',
  },
  {
    id: 'sun-predicted',
    when: { chain: ['reception'], sun: ['now'], receiver: ['answers'], shape: ['rain', 'unknown'] },
    node: 'dish',
    cause: 'sun-outage',
    confidence: 'medium',
  },
  {
    id: 'all-lost-lock',
    when: { chain: ['reception'], scope: ['county'], lock: ['lost'] },
    node: 'satellite',
    cause: 'carrier-lost',
    confidence: 'high',
  },
  {
    id: 'all-streams-gone',
    when: { chain: ['reception'], scope: ['county'], stream: ['gone'], lock: ['fine'] },
    node: 'front-end',
    cause: 'front-end-outage',
    confidence: 'high',
  },
  {
    id: 'all-streams-gone-unseen',
    when: { chain: ['reception'], scope: ['county'], stream: ['gone'] },
    node: 'front-end',
    cause: 'front-end-outage',
    confidence: 'low',
  },
  {
    id: 'receiver-silent',
    when: { chain: ['reception'], receiver: ['silent'] },
    node: 'receiver',
    cause: 'receiver-off',
    confidence: 'high',
  },
  {
    id: 'rain-clear',
    when: { chain: ['reception'], shape: ['rain'], certainty: ['high'] },
    node: 'dish',
    cause: 'rain-fade',
    confidence: 'high',
  },
  {
    id: 'rain-likely',
    when: { chain: ['reception'], shape: ['rain'] },
    node: 'dish',
    cause: 'rain-fade',
    confidence: 'medium',
  },
  {
    id: 'dish-moved',
    when: { chain: ['reception'], shape: ['pointing'] },
    node: 'dish',
    cause: 'mispointing',
    confidence: 'high',
  },
  {
    id: 'signal-cut',
    when: { chain: ['reception'], shape: ['cabling'], elsewhere: ['fine'] },
    node: 'dish',
    cause: 'lnb-loss',
    confidence: 'high',
  },
  {
    id: 'signal-cut-alone',
    when: { chain: ['reception'], shape: ['cabling'] },
    node: 'dish',
    cause: 'lnb-loss',
    confidence: 'low',
  },
  {
    id: 'signal-lost',
    when: { chain: ['reception'], lock: ['lost'] },
    node: 'dish',
    cause: 'unknown',
    confidence: 'low',
  },
  {
    id: 'signal-weak',
    when: { chain: ['reception'], margin: ['low'] },
    node: 'dish',
    cause: 'unknown',
    confidence: 'low',
  },
  {
    id: 'stream-lost-here',
    when: { chain: ['reception'], stream: ['gone'], lock: ['fine'], elsewhere: ['fine'] },
    node: 'stream',
    cause: 'stream-lost',
    confidence: 'high',
  },
  {
    id: 'stream-lost',
    when: { chain: ['reception'], stream: ['gone'], lock: ['fine'] },
    node: 'stream',
    cause: 'stream-lost',
    confidence: 'low',
  },
  {
    id: 'stream-damaged-by-lan',
    when: { chain: ['reception'], stream: ['damaged'], lan: ['poor'] },
    node: 'lan',
    cause: 'lan-failure',
    confidence: 'high',
  },
  {
    id: 'stream-damaged',
    when: { chain: ['reception'], stream: ['damaged'], lock: ['fine'], margin: ['fine'] },
    node: 'stream',
    cause: 'stream-damaged',
    confidence: 'medium',
  },
  {
    id: 'stream-unexplained',
    when: { chain: ['reception'] },
    node: 'stream',
    cause: 'unknown',
    confidence: 'low',
  },
  {
    id: 'disk-full',
    when: { chain: ['machine'], machine: ['disk-full'] },
    node: 'classroom',
    cause: 'disk-full',
    confidence: 'high',
  },
  {
    id: 'clock-wrong',
    when: { chain: ['machine'], machine: ['clock-wrong'] },
    node: 'classroom',
    cause: 'clock-wrong',
    confidence: 'high',
  },
];

/** The first row that fits. @throws where none does: a view without its chain */
export function decide(view: View): Row {
  const row = decisionTable.find(({ when }) => fits(view, when));
  if (row === undefined) throw new Error(`the decision table has no row for ${JSON.stringify(view)}`);
  return row;
}

/** The first three things to check where a row was the answer. */
export function checksOf({ node, cause }: Pick<Row, 'node' | 'cause'>): Checklist {
  return cause === 'unknown' ? checklists.unknown[node] : checklists.known[cause];
}
