import type { ReceiverSignal } from '../signal/receiver-signal.ts';

/** One line of a tool: what a frontend tells at one moment. */
export type FrontendSample = Pick<ReceiverSignal, 'locked' | 'figures' | 'told'>;

/** Lines of a text without colours, as terminals get them, and without space at their ends. */
export function linesOf(text: string): string[] {
  return text
    .replace(ansiColour, '')
    .split(/[\r\n]+/)
    .map((line) => line.trimEnd());
}

const ansiColour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');
