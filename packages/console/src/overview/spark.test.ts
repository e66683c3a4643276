import { describe, expect, it } from 'vitest';
import { drawSpark, sparkFigures } from './spark.ts';

describe('a spark', () => {
  it('breaks its line where nothing was measured, and draws that as silence', () => {
    const { line, silence } = drawSpark([10, 10, null, 10, 10], [0, 0, null, 0, 0], 24);
    expect(line.match(/M/g)).toHaveLength(2);
    expect(silence).toBe('M2 23.5h1');
  });

  it('shows a lone minute as a dash, since a line of one point is invisible', () => {
    expect(drawSpark([null, 10, null], [], 24).line).toMatch(/^M1 [\d.]+h1$/);
  });

  it('does not call a minute silent in which every packet was lost', () => {
    const { silence, loss } = drawSpark([10, null], [0, 1], 24);
    expect(silence).toBe('');
    expect(loss).toEqual([{ x: 1, height: 24 }]);
  });

  it('keeps every value inside its box', () => {
    const { line } = drawSpark([0, 1, 5000], [], 24);
    for (const [, y] of line.matchAll(/ ([\d.-]+)/g)) {
      expect(Number(y)).toBeGreaterThanOrEqual(0);
      expect(Number(y)).toBeLessThanOrEqual(24);
    }
  });
});

describe('its figures', () => {
  it('are those of the measured minutes', () => {
    expect(sparkFigures([10, null, 30, 20], [0, 0.5, null, 0.1])).toEqual({
      now: 20,
      median: 20,
      max: 30,
      loss: 0.6 / 3,
    });
  });

  it('have no present value when the newest minutes are empty', () => {
    expect(sparkFigures([10, null, null, null], [])).not.toHaveProperty('now');
  });

  it('are undefined where there are none', () => {
    expect(sparkFigures([null, null], [null])).toBeUndefined();
  });
});
