import { describe, expect, it } from 'vitest';
import { recipientsIn } from './recipients.ts';

describe('recipients that were typed', () => {
  it('may stand apart by lines, commas and semicolons of either width', () => {
    const text = 'li@jyj.gov.cn，wang@jyj.gov.cn；\n zhao@example.org, li@jyj.gov.cn;';
    expect(recipientsIn(text)).toEqual({
      recipients: ['li@jyj.gov.cn', 'wang@jyj.gov.cn', 'zhao@example.org'],
      wrong: [],
    });
  });

  it('are told apart from what is no address', () => {
    expect(recipientsIn('局长 li@jyj.gov.cn wang@ <zhao@jyj>')).toEqual({
      recipients: ['li@jyj.gov.cn'],
      wrong: ['局长', 'wang@', '<zhao@jyj>'],
    });
    expect(recipientsIn(' \n')).toEqual({ recipients: [], wrong: [] });
  });
});
