import { describe, expect, it } from 'vitest';
import { SignalReadings } from './signal-readings.ts';

const hourS = 3600;

describe('the readings of a receiver', () => {
  it('forget what trouble looked like, and how it began, from before a time', () => {
    const readings = new SignalReadings();
    for (let hour = 0; hour < 1000; hour += 1) {
      const from = hour * hourS;
      readings.add({ time: from, locked: true, cnDb: 12, thresholdDb: 4 });
      readings.shape(from, from + 60, []);
      readings.onset(from, from + 60, []);
      readings.forget(from - 10 * hourS);
    }
    const { shapes, onsets } = readings.state();
    const from = [989, 990, 991, 992, 993, 994, 995, 996, 997, 998, 999].map((hour) => hour * hourS);
    expect(shapes.map(([began]) => began)).toEqual(from);
    expect(onsets.map(([began]) => began)).toEqual(from);
  });
});
