import { describe, expect, it } from 'vitest';
import { decisionTable } from './decision-table.ts';
import { seenFor } from './seen.ts';
import { observationNames } from './view.ts';

describe('what was seen', () => {
  it('is told in whole statements, in the order of the observations', () => {
    expect(
      seenFor({ when: { chain: ['network'], rooms: ['several'], lost: ['all', 'some'], gateway: ['fine'] } }),
    ).toEqual([
      { zh: '网络连接有问题', en: 'the network is concerned' },
      { zh: '校内有多台机器在线', en: 'several machines of the school were on' },
      {
        zh: '在线的机器全部受影响，或在线的机器部分受影响',
        en: 'all machines that were on are concerned, or some of the machines that were on are concerned',
      },
      { zh: '学校网关有应答', en: "the school's gateway answers" },
    ]);
  });

  it('has a statement for all that any row asks for', () => {
    for (const row of decisionTable)
      expect(seenFor(row)).toHaveLength(
        observationNames.filter((name) => row.when[name] !== undefined).length,
      );
  });
});
