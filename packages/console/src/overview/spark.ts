type Values = readonly (number | null)[];
export type SparkDrawing = Readonly<{
  /** SVG path of the line, broken where nothing was measured. */
  line: string;
  /** SVG path along the bottom where nothing was measured. */
  silence: string;
  /** Bars of loss, from the bottom. */
  loss: readonly Readonly<{ x: number; height: number }>[];
}>;

/**
 * Below this a round trip is fast anyway: the scale does not magnify its noise. For the same reason a steady line stays
 * well below the top, whatever its height.
 */
const leastScaleMs = 20;

/**
 * A spark as shapes in a box of `count` × `height`.
 * @param rtt milliseconds
 * @param loss ratio from 0 to 1; drawn so that one packet in a thousand is still seen
 */
export function drawSpark(rtt: Values, loss: Values, height: number): SparkDrawing {
  const known = rtt.filter((value) => value !== null);
  const top = Math.max(leastScaleMs, 2.5 * median(known), 1.1 * Math.max(0, ...known));
  const line: string[] = [];
  const silence: string[] = [];
  rtt.forEach((value, x) => {
    if (value === null) {
      if ((loss[x] ?? null) === null) silence.push(`M${x} ${height - 0.5}h1`);
      return;
    }
    const y = round(height - 1 - (value / top) * (height - 2));
    const joined = (rtt[x - 1] ?? null) !== null;
    const alone = !joined && (rtt[x + 1] ?? null) === null;
    line.push(joined ? `L${x + 0.5} ${y}` : `M${alone ? x : x + 0.5} ${y}${alone ? 'h1' : ''}`);
  });
  return {
    line: line.join(''),
    silence: silence.join(''),
    loss: loss.flatMap((value, x) =>
      value === null || value <= 0
        ? []
        : [{ x, height: round(2 + Math.sqrt(Math.min(1, value)) * (height - 2)) }],
    ),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export type SparkFigures = Readonly<{ now?: number; median: number; max: number; loss: number }>;

/** What a spark shows, in figures; undefined where it shows nothing. `now` is absent when the newest minutes are empty. */
export function sparkFigures(rtt: Values, loss: Values): SparkFigures | undefined {
  const known = rtt.filter((value) => value !== null);
  const losses = loss.filter((value) => value !== null);
  if (known.length === 0 && losses.length === 0) return undefined;
  const now = rtt
    .slice(-3)
    .reverse()
    .find((value) => value !== null);
  return {
    ...(now != null && { now }),
    median: known.length === 0 ? Number.NaN : median(known),
    max: known.length === 0 ? Number.NaN : Math.max(...known),
    loss: losses.length === 0 ? 0 : losses.reduce((sum, value) => sum + value, 0) / losses.length,
  };
}

/** The middle value; 0 of none. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
