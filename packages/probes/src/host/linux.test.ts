import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linuxSource } from './linux.ts';

let root: string;
beforeEach(() => {
  root = `${mkdtempSync(join(tmpdir(), 'tongtang-host-'))}/`;
  mkdirSync(`${root}proc/net`, { recursive: true });
  for (const [from, to] of [
    ['stat', 'stat'],
    ['meminfo', 'meminfo'],
    ['net-dev', 'net/dev'],
    ['route', 'net/route'],
  ])
    cpSync(new URL(`testdata/${from}.txt`, import.meta.url), `${root}proc/${to}`);
});
afterEach(() => rmSync(root, { recursive: true }));

function card(name: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(`${root}sys/class/net/${name}/device`, { recursive: true });
  for (const [file, text] of Object.entries(files))
    writeFileSync(`${root}sys/class/net/${name}/${file}`, text);
}

describe('linuxSource', () => {
  it('reports cards and the default route first, and nothing virtual', () => {
    card('enp3s0', { carrier: '1\n', speed: '1000\n' });
    expect(linuxSource(root).interfaces()).toMatchObject([
      { name: 'wlan0', up: undefined, speedBitS: undefined },
      { name: 'enp3s0', up: true, speedBitS: 1e9 },
    ]);
  });

  it('says that a pulled cable is down, and asks for the speed again when it is back', () => {
    const source = linuxSource(root);
    const eth1 = () => source.interfaces().find(({ name }) => name === 'eth1');
    card('eth1', { carrier: '1\n', speed: '1000\n' });
    expect(eth1()).toMatchObject({ up: true, speedBitS: 1e9 });
    card('eth1', { carrier: '0\n', speed: '-1\n' });
    expect(eth1()).toMatchObject({ up: false, speedBitS: undefined });
    card('eth1', { carrier: '1\n', speed: '100\n' });
    expect(eth1()).toMatchObject({ up: true, speedBitS: 1e8 });
  });

  it('reports four interfaces at most', () => {
    const names = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5'];
    for (const name of names) card(name, { carrier: '1\n' });
    const lines = names.map((name) => `${name}: 1 2 0 0 0 0 0 0 1 2 0 0 0 0 0 0\n`);
    writeFileSync(`${root}proc/net/dev`, lines.join(''));
    expect(linuxSource(root).interfaces()).toHaveLength(4);
  });

  it('counts processes', () => {
    for (const name of ['1', '42', 'self', 'sys']) mkdirSync(`${root}proc/${name}`);
    expect(linuxSource(root).processes()).toBe(2);
  });
});
