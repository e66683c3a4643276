import type { WitnessSample } from '@tongtang/hub/minutes/run-samples';
import type { Run, Witness } from '@tongtang/lessons/delivery/trace';
import { clockOf } from '@tongtang/lessons/plain-date';
import type { Language, Text } from '@tongtang/model/text';
import type { Adds, Evidence } from '@tongtang/reports/explain/evidence';
import { howOf } from '@tongtang/reports/explain/how';
import { headTold, Teller, totalTold } from '@tongtang/reports/explain/told';
import type { Figure } from '@tongtang/reports/figures';
import type { Report } from '@tongtang/reports/report';

/** Reads the samples of a run; undefined where they are not kept any more. */
export type SamplesOf = (run: Run, witnesses: readonly Witness[]) => Promise<WitnessSample[] | undefined>;

const gone: Text = {
  zh: '原始样本只保留 30 天，这些已经没有了',
  en: 'raw samples are kept for 30 days: these are gone',
};
const nothing: Text = { zh: '没有样本', en: 'no samples' };

/** What is behind a figure, for people: a piece a line, its runs beneath it, and beneath these their samples where they are asked for. */
export async function* explanationInWords(
  report: Report,
  figure: Figure,
  evidence: AsyncIterable<Evidence>,
  language: Language,
  samplesOf?: SamplesOf,
): AsyncGenerator<string> {
  const teller = new Teller(report, language);
  const total = new Total();
  for (const line of headTold(figure, language)) yield `${line}\n`;
  yield '\n';
  for await (const piece of evidence) {
    total.add(piece.adds);
    yield `${teller.line(piece)}\n`;
    if (piece.kind !== 'lesson' && piece.kind !== 'link') continue;
    for (const run of piece.runs) {
      yield `  ${teller.run(run)}\n`;
      if (samplesOf === undefined) continue;
      const samples = await samplesOf(run, piece.witnesses);
      if (samples === undefined) yield `    ${gone[language]}\n`;
      else if (samples.length === 0) yield `    ${nothing[language]}\n`;
      else for (const sample of samples) yield `    ${sampleTold(sample, report.county.timezone)}\n`;
    }
  }
  for (const line of totalTold(total, language)) yield `\n${line}\n`;
}

/** The same as one JSON document: `figure`, `how`, `evidence` and what all of it `adds`. Of runs, `samples` is null where they are gone. */
export async function* explanationInJson(
  figure: Figure,
  evidence: AsyncIterable<Evidence>,
  samplesOf?: SamplesOf,
): AsyncGenerator<string> {
  const total = new Total();
  yield `{"figure":${JSON.stringify(figure)},"how":${JSON.stringify(howOf(figure.reference))},"evidence":[\n`;
  let before = '';
  for await (const piece of evidence) {
    total.add(piece.adds);
    yield `${before}${JSON.stringify(samplesOf === undefined ? piece : await withSamples(piece, samplesOf))}`;
    before = ',\n';
  }
  yield `\n],"adds":${JSON.stringify({ part: total.part, of: total.of })}}\n`;
}

async function withSamples(piece: Evidence, samplesOf: SamplesOf): Promise<unknown> {
  if (piece.kind !== 'lesson' && piece.kind !== 'link') return piece;
  const runs: (Run & { samples: WitnessSample[] | null })[] = [];
  for (const run of piece.runs)
    runs.push({ ...run, samples: (await samplesOf(run, piece.witnesses)) ?? null });
  return { ...piece, runs };
}

/** Such as `09:07:12 xx1-c1 stamp target=hub link=broadband ok=false`. */
function sampleTold({ agent, measurement, tags, fields, time }: WitnessSample, timezone: string): string {
  const pairs = [...Object.entries(tags), ...Object.entries(fields)].map(
    ([name, value]) => `${name}=${value}`,
  );
  const second = String(Math.floor(time % 60)).padStart(2, '0');
  return [`${clockOf(time, timezone)}:${second}`, agent, measurement, ...pairs].join(' ');
}

class Total {
  part = 0;
  of = 0;

  add({ part, of }: Adds): void {
    this.part += part;
    this.of += of;
  }
}
