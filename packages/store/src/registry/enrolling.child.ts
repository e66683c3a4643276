import { mock } from 'node:test';
import { buildInventory } from '@tongtang/model/inventory';
import { createLog } from '@tongtang/runtime/log';
import { copiedRevision } from './backup.ts';
import { openRegistry } from './open.ts';

/** Enrols a room, lets half a minute pass, says its agent's id when the registry was copied, and stays until it is killed. */
const path = process.argv[2] ?? '';
mock.timers.enable({ apis: ['setInterval'] });
const registry = openRegistry(path, createLog('error'));
const built = buildInventory({
  county: { id: 'qilian', name: { zh: '祁连县' }, timezone: 'Asia/Shanghai' },
  schools: [{ id: 'babao', name: { zh: '八宝小学' }, classes: 1 }],
});
if ('problems' in built) throw new Error(built.problems.join('; '));
registry.importInventory(built.inventory, 'test');
const code = registry.createEnrolmentCode(
  { county: 'qilian', school: 'babao', classroom: 'c1', kind: 'classroom' },
  'test',
);
if (!code.ok) throw new Error(code.problem);
const enrolled = registry.enrol({ code: code.code, passwordHash: '$7$101$c2FsdA==$aGFzaA==' });
if (!enrolled.ok) throw new Error(enrolled.reason);
const before = copiedRevision(path);
mock.timers.tick(30_000);
const look = (): void => {
  if (copiedRevision(path) > before) process.stdout.write(`${enrolled.agent.id}\n`);
  else setTimeout(look, 10);
};
look();
process.stdin.resume();
