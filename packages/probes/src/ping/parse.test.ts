import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePing } from './parse.ts';

const folder = new URL('testdata/', import.meta.url);
const recordings = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

describe('parsePing', () => {
  it.each(recordings)('understands %s', (name) => {
    expect(parsePing(read(name))).toEqual(JSON.parse(read(name.replace('.txt', '.json'))));
  });

  it.each(recordings.filter((name) => name.startsWith('windows')))(
    'understands %s with line ends of Windows',
    (name) => {
      const output = read(name).replaceAll('\n', '\r\n');
      expect(parsePing(output)).toEqual(JSON.parse(read(name.replace('.txt', '.json'))));
    },
  );

  it('understands Chinese Windows whose GBK is read as Latin-1', () => {
    // "来自 … 的回复: 字节=32 时间<1ms TTL=50" and "数据包: 已发送 = 4，已接收 = 1，丢失 = 3 (75% 丢失)，" in GBK.
    const output = Buffer.concat([
      Buffer.from('c0b4d7d4', 'hex'),
      Buffer.from(' 10.0.0.1 '),
      Buffer.from('b5c4bbd8b8b4', 'hex'),
      Buffer.from(': '),
      Buffer.from('d7d6bdda', 'hex'),
      Buffer.from('=32 '),
      Buffer.from('cab1bce4', 'hex'),
      Buffer.from('<1ms TTL=50\r\n    '),
      Buffer.from('cafdbeddb0fc', 'hex'),
      Buffer.from(': '),
      Buffer.from('d2d1b7a2cbcd', 'hex'),
      Buffer.from(' = 4'),
      Buffer.from('a3acd2d1bdd3cad5', 'hex'),
      Buffer.from(' = 1'),
      Buffer.from('a3acb6aacaa7', 'hex'),
      Buffer.from(' = 3 (75% '),
      Buffer.from('b6aacaa7', 'hex'),
      Buffer.from(')'),
      Buffer.from('a3ac', 'hex'),
    ]).toString('latin1');
    expect(parsePing(output)).toEqual({ sent: 4, rttsMs: [0.5], undeliverable: 0 });
  });

  it('takes what is there where the program was killed', () => {
    const output = read('iputils-en.txt');
    expect(parsePing(output.slice(0, output.indexOf('64 bytes from 127.0.0.1: icmp_seq=3')))).toEqual({
      rttsMs: [0.038, 0.04],
      undeliverable: 0,
    });
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parsePing(text).rttsMs.every((rtt) => rtt >= 0)).toBe(true);
      }),
    );
  });
});
