import type { Inventory } from '@tongtang/model/inventory';
import { validate } from '@tongtang/runtime/validation';
import { Type } from 'typebox';
import { parseDocument, stringify } from 'yaml';
import { Dish } from '../county/dish.ts';
import { definitionOf, type FaultKind, faultKindNames } from './kinds.ts';
import { type FaultPlace, parsePlace, placeText } from './place.ts';

/** Something that goes wrong, from a moment to a moment. Seconds since 1970. */
export type Fault = Readonly<{ kind: FaultKind; place: FaultPlace; begin: number; end: number }>;

/** What goes wrong in a county. The weather and the Sun come by themselves. */
export type Script = Readonly<{ faults: readonly Fault[] }>;

const Moment = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?(Z|[+-]\\d\\d:\\d\\d)$',
  form: 'must be a time with its offset, such as 2027-03-02T10:20:00+08:00',
});

/** A script as people write it, in YAML. */
const ScriptDocument = Type.Object(
  {
    faults: Type.Array(
      Type.Object(
        {
          kind: Type.Enum([...faultKindNames]),
          /** `county`, `cluster/<id>`, `school/<id>`, `classroom/<school>/<id>` or `front-end/<id>`. */
          place: Type.String({ minLength: 1, maxLength: 200 }),
          begin: Moment,
          end: Moment,
        },
        { additionalProperties: false },
      ),
      { maxItems: 10_000 },
    ),
  },
  { additionalProperties: false },
);

/** Longer than any fault that a technician leaves alone: beyond it a date was mistyped. */
const longestS = 31 * 86_400;

/** @returns the script, or every problem with its place, such as `faults[2].place: the county has no "school/x"` */
export function readScript(text: string, inventory: Inventory): { script: Script } | { problems: string[] } {
  const document = parseDocument(text);
  if (document.errors.length > 0) return { problems: document.errors.map(({ message }) => message) };
  const checked = validate(ScriptDocument, document.toJS());
  if (!checked.ok) return { problems: checked.problems };
  const problems: string[] = [];
  const faults = checked.value.faults.flatMap(({ kind, place: where, begin, end }, index): Fault[] => {
    const say = (field: string, problem: string): void => {
      problems.push(`faults[${index}].${field}: ${problem}`);
    };
    const [from, to] = [Date.parse(begin) / 1000, Date.parse(end) / 1000];
    if (Number.isNaN(from)) say('begin', `"${begin}" does not exist`);
    else if (Number.isNaN(to)) say('end', `"${end}" does not exist`);
    else if (to <= from) say('end', `${end} is not after ${begin}`);
    else if (to - from > longestS) say('end', `more than ${longestS / 86_400} days after the begin`);
    const { at } = definitionOf(kind);
    const place = parsePlace(where, inventory);
    if ('problem' in place) {
      say('place', place.problem);
      return [];
    }
    if (kind === 'sun-outage' && !sunIsBehind(inventory, from, to))
      say('begin', 'the Sun is not behind the satellite then');
    if (!at.includes(place.kind)) say('place', `${kind} happens to a ${at.join(' or ')}`);
    return [{ kind, place, begin: from, end: to }];
  });
  return problems.length > 0 ? { problems } : { script: { faults } };
}

/** The Sun cannot be told when to come; a script may only say that it does. */
function sunIsBehind({ schools, satellite }: Inventory, from: number, to: number): boolean {
  return schools.some((school) => new Dish(0, school, satellite).sunOutages(from, to).length > 0);
}

/** The text of a script, which {@link readScript} reads again. */
export function scriptText({ faults }: Script): string {
  const moment = (time: number): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z');
  return stringify({
    faults: faults.map(({ kind, place, begin, end }) => ({
      kind,
      place: placeText(place),
      begin: moment(begin),
      end: moment(end),
    })),
  });
}
