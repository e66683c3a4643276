import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningSnmpd, type ServedType, startSnmpd } from '../services/snmpd.ts';
import { dataFolder, tongtang } from '../services/tongtang.ts';
import { root } from './pages.ts';

/** The worked example of the pages on receivers, gone through with a real snmpd that answers as the receiver on the page. */

const types: Readonly<Record<string, ServedType>> = {
  INTEGER: 'integer',
  'OCTET STRING': 'string',
  Counter32: 'counter',
  Gauge32: 'gauge',
};

function fenced(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, part = '']) => part,
  );
}

function exampleOf(page: string) {
  const text = readFileSync(join(root, page), 'utf8');
  const [walks = '', told = ''] = fenced(text, 'text');
  const profile = fenced(text, 'yaml').find((part) => /^lock:/m.test(part)) ?? '';
  const [locked = [], unlocked = []] = walks.trim().split(/\n\n/).map(valuesIn);
  return { locked, unlocked, profile, told: told.trimEnd().split('\n') };
}

type Row = readonly [oid: string, type: string, text: string];

function valuesIn(walk: string): Row[] {
  return [...walk.matchAll(/^([\d.]+) = ([^:]+): (.*)$/gm)].map(([, oid = '', type = '', text = '']) => [
    oid,
    type,
    text,
  ]);
}

let receiver: RunningSnmpd;
const data = dataFolder();
beforeAll(async () => {
  receiver = await startSnmpd('1.3.6.1.4.1.99999', ['rocommunity public']);
  mkdirSync(join(data.path, 'receivers/profiles'), { recursive: true });
});
afterAll(async () => {
  data.remove();
  await receiver.stop();
});

const ask = (query: string, words: readonly string[] = []) =>
  tongtang(
    [
      'agent',
      'probe',
      'snmp',
      '--target',
      `127.0.0.1:${receiver.port}${query}`,
      '--data',
      data.path,
      ...words,
    ],
    {},
  );
const serve = (rows: readonly Row[]) =>
  receiver.serve(Object.fromEntries(rows.map(([oid, type, text]) => [oid, [types[type] ?? 'string', text]])));

describe.each(['docs/receivers.md', 'docs/receivers.zh-CN.md'])(
  'the model that is not known yet (%s)',
  (page) => {
    const { locked, unlocked, profile, told } = exampleOf(page);

    it('is seen in the walk as the page has it', async () => {
      serve(locked);
      const { stdout } = await ask('', ['--walk']);
      for (const [oid, type, text] of locked) expect(stdout).toContain(`${oid} = ${type}: ${text}\n`);
      expect(locked).toHaveLength(6);
    });

    it('is read by the profile as the page has it, and has neither C/N nor level with the cable off', async () => {
      writeFileSync(join(data.path, 'receivers/profiles/example-ird.yaml'), profile);
      serve(locked);
      const { stdout } = await ask('?profile=example-ird');
      const lines = stdout.split('\n').filter((line) => line.startsWith('  ') && !/^ +Duration/.test(line));
      expect(lines).toEqual(told);
      serve(unlocked);
      const without = (await ask('?profile=example-ird')).stdout;
      expect(without).toMatch(/^ +Locked +false$/m);
      expect(without).not.toMatch(/^ +(C\/N|Level|Margin) /m);
    });
  },
);
