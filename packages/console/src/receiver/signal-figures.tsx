import type { JSX } from 'preact';
import type { Catalogue, FieldValue, Sample } from '../api/answers.ts';
import { formatValue, isShare } from '../format/value.ts';
import { inLanguage, locale, words } from '../language/language.ts';
import { thresholdOf } from './verdict.ts';

type SignalFiguresProps = Readonly<{ reading: Sample; catalogue: Catalogue }>;

/** What the charts above do not lead with, in the order in which a technician compares it with the sheet of the operator. */
const further = [
  'modulation',
  'frequency_hz',
  'symbol_rate',
  'level_dbm',
  'level_ratio',
  'quality_ratio',
  'ebn0_db',
  'ber_pre',
  'ber_post',
  'per',
  'uncorrected',
  'raw',
] as const;

/** The figures of one reading; what the receiver does not tell is left out. */
export function SignalFigures({ reading, catalogue }: SignalFiguresProps): JSX.Element {
  const { fields } = reading;
  const definitions = catalogue.signal?.fields ?? {};
  const title = (name: string): string => {
    const definition = definitions[name];
    return definition === undefined ? name : inLanguage(definition.title);
  };
  const meaning = (name: string): string | undefined => {
    const definition = definitions[name];
    return definition && inLanguage(definition.description);
  };
  const write = (name: string, value: FieldValue): string =>
    typeof value === 'number'
      ? formatValue(value, definitions[name]?.unit ?? '', isShare(name, '1'), locale.value)
      : String(value);
  const told = further.filter((name) => fields[name] !== undefined);
  return (
    <>
      <dl class="key-figures">
        <KeyFigure name={title('cn_db')} value={fields.cn_db} more={meaning('cn_db')} />
        <KeyFigure name={words.value.lineNames.threshold} value={thresholdOf(reading)} />
        <KeyFigure name={title('margin_db')} value={fields.margin_db} more={meaning('margin_db')} />
      </dl>
      {told.length > 0 && (
        <dl class="facts">
          {told.map((name) => (
            <FactRow
              key={name}
              name={title(name)}
              more={meaning(name)}
              text={write(name, fields[name] ?? '')}
              code={name === 'raw'}
            />
          ))}
        </dl>
      )}
    </>
  );
}

type KeyFigureProps = Readonly<{
  name: string;
  value: FieldValue | undefined;
  more?: string | undefined;
}>;

function KeyFigure({ name, value, more }: KeyFigureProps): JSX.Element {
  const shown = typeof value === 'number' ? value.toLocaleString(locale.value, oneDigit) : undefined;
  return (
    <div title={more}>
      <dt>{name}</dt>
      <dd>{shown === undefined ? '–' : `${shown} dB`}</dd>
    </div>
  );
}

/** Receivers tell tenths; a column of them stands in line. */
const oneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;

type FactRowProps = Readonly<{ name: string; more: string | undefined; text: string; code: boolean }>;

function FactRow({ name, more, text, code }: FactRowProps): JSX.Element {
  return (
    <>
      <dt title={more}>{name}</dt>
      <dd class="figure">{code ? <code>{text}</code> : text}</dd>
    </>
  );
}
