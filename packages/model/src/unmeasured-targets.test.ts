import { expect, it } from 'vitest';
import { buildInventory } from './inventory.ts';
import { unmeasuredTargets } from './unmeasured-targets.ts';

const built = buildInventory({
  county: { id: 'qilian', name: { en: 'Qilian' }, timezone: 'Asia/Shanghai' },
  schools: ['hb3z', 'mzzx', 'arou'].map((id) => ({ id, name: { en: id }, classes: 1 })),
  targets: [
    { id: 'dish', link: 'satellite', probe: 'snmp', address: '192.0.2.10', schools: ['hb3z', 'mzzx'] },
    { id: 'card', link: 'satellite', probe: 'dvb', address: 'dvb://0', schools: ['mzzx'] },
    { id: 'lesson', link: 'stream', probe: 'mpegts', address: 'udp://239.1.1.1:1234' },
  ],
});
if ('problems' in built) throw new Error(built.problems.join());
const { inventory } = built;

it('receivers are measured in schools that have an agent beside one, and in no other', () => {
  expect([...unmeasuredTargets(inventory, [])]).toEqual([
    ['hb3z', ['dish']],
    ['mzzx', ['dish', 'card']],
  ]);
  const beside = { kind: 'receiver', place: { county: 'qilian', school: 'mzzx' } } as const;
  expect([...unmeasuredTargets(inventory, [beside]).keys()]).toEqual(['hb3z']);
});

it('a classroom PC measures none, nor does an agent of another county', () => {
  const elsewhere = { kind: 'receiver', place: { county: 'menyuan', school: 'hb3z' } } as const;
  const classroom = { kind: 'classroom', place: { county: 'qilian', school: 'mzzx' } } as const;
  expect(unmeasuredTargets(inventory, [elsewhere, classroom]).size).toBe(2);
});
