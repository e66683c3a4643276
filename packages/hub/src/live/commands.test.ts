import { expect, it } from 'vitest';
import { Commands } from './commands.ts';

const address = { county: 'qilian', school: 'xx1', agent: 'a1' };

it('asks an agent for nothing that cannot be audited, and audits it when it can', async () => {
  const sent: string[] = [];
  const audited: string[] = [];
  let isLocked = true;
  const commands = new Commands({
    link: { publish: async (topic) => void sent.push(topic) },
    audit: async (user, action, agents) => {
      if (isLocked) throw new Error('database is locked');
      audited.push(`${user} ${action} ${agents.join()}`);
    },
    nowS: () => 1_790_000_000,
  });
  await expect(commands.live([address], 'zhang')).rejects.toThrow('locked');
  expect(sent).toEqual([]);
  isLocked = false;
  await commands.live([address], 'zhang');
  await commands.live([address], 'zhang');
  expect(audited).toEqual(['zhang live a1']);
  expect(sent).toEqual(['tongtang/v1/qilian/xx1/a1/command']);
});
