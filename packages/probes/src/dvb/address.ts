import { parseModulation } from '../signal/modulation.ts';

/** The programs that read a frontend, the one that tells more first. */
export const tools = ['dvb-fe-tool', 'femon'] as const;
export type Tool = (typeof tools)[number];

/** A frontend of this machine, `/dev/dvb/adapter0/frontend0`. */
export type DvbAddress = Readonly<{
  adapter: number;
  frontend: number;
  /** The one to use; where absent, the first that is installed. */
  tool?: Tool;
  modulation?: string;
}>;

/**
 * Reads `dvb://0`, `dvb://0/1?tool=femon&modulation=DVB-S2 8PSK 3/4`: adapter, frontend (0 where absent) and options.
 * @returns the address, or what is wrong
 */
export function parseDvbAddress(text: string): DvbAddress | Readonly<{ problem: string }> {
  const [, adapter, frontend = '0', query] =
    /^dvb:\/\/(\d{1,3})(?:\/(\d{1,3}))?\/?(?:\?(.*))?$/i.exec(text) ?? [];
  if (adapter === undefined) return { problem: `"${text}" is not dvb://adapter/frontend, such as dvb://0/0` };
  const options = new URLSearchParams(query);
  for (const name of options.keys())
    if (name !== 'tool' && name !== 'modulation')
      return { problem: `"${text}": "${name}" is not an option; tool and modulation are` };
  const wanted = options.get('tool');
  const tool = tools.find((known) => known === wanted);
  if (wanted !== null && tool === undefined)
    return { problem: `"${text}": tool is not ${tools.join(' or ')}` };
  const modulation = options.get('modulation');
  if (modulation !== null && parseModulation(modulation) === undefined)
    return { problem: `"${text}": "${modulation}" is not a modulation such as DVB-S2 8PSK 3/4` };
  return {
    adapter: Number(adapter),
    frontend: Number(frontend),
    ...(tool && { tool }),
    ...(modulation && { modulation }),
  };
}
