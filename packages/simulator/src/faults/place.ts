import type { Inventory, School } from '@tongtang/model/inventory';
import type { PlaceKind } from './kinds.ts';

/** Where a fault is: `county`, `cluster/<id>`, `school/<id>`, `classroom/<school>/<id>` or `front-end/<id>`. */
export type FaultPlace =
  | Readonly<{ kind: 'county' }>
  | Readonly<{ kind: 'cluster' | 'school' | 'front-end'; id: string }>
  | Readonly<{ kind: 'classroom'; school: string; id: string }>;

/** A machine as far as a fault asks. */
export type Seat = Readonly<{ school: Pick<School, 'id' | 'cluster' | 'frontEnd'>; classroom: string }>;

/** @returns the place, or in words why the county has none such */
export function parsePlace(text: string, inventory: Inventory): FaultPlace | { problem: string } {
  const [kind = '', first = '', second = '', ...more] = text.split('/');
  const has = (list: readonly Readonly<{ id: string }>[], id: string): boolean =>
    list.some((entry) => entry.id === id);
  const known = (list: readonly Readonly<{ id: string }>[]): boolean => second === '' && has(list, first);
  const { clusters, schools, frontEndSchools } = inventory;
  if (kind === 'county' && first === '') return { kind };
  if (kind === 'cluster' && known(clusters)) return { kind, id: first };
  if (kind === 'school' && known(schools)) return { kind, id: first };
  if (kind === 'front-end' && known(frontEndSchools)) return { kind, id: first };
  const school = schools.find(({ id }) => id === first);
  if (kind === 'classroom' && school !== undefined && has(school.classrooms, second) && more.length === 0)
    return { kind, school: first, id: second };
  return { problem: `the county has no "${text}"` };
}

export function placeText(place: FaultPlace): string {
  switch (place.kind) {
    case 'county':
      return 'county';
    case 'classroom':
      return `classroom/${place.school}/${place.id}`;
    default:
      return `${place.kind}/${place.id}`;
  }
}

/** Whether a machine is where the fault is. */
export function isAt(place: FaultPlace, { school, classroom }: Seat): boolean {
  switch (place.kind) {
    case 'county':
      return true;
    case 'cluster':
      return school.cluster === place.id;
    case 'school':
      return school.id === place.id;
    case 'front-end':
      return school.frontEnd === place.id;
    case 'classroom':
      return school.id === place.school && classroom === place.id;
  }
}

/** Every place of a kind in a county. */
export function placesOf(
  kind: PlaceKind,
  { clusters, schools, frontEndSchools }: Inventory,
): readonly FaultPlace[] {
  switch (kind) {
    case 'county':
      return [{ kind }];
    case 'cluster':
      return clusters
        .filter(({ id }) => schools.some(({ cluster }) => cluster === id))
        .map(({ id }) => ({ kind, id }));
    case 'school':
      return schools.map(({ id }) => ({ kind, id }));
    case 'front-end':
      return frontEndSchools
        .filter(({ id }) => schools.some(({ frontEnd }) => frontEnd === id))
        .map(({ id }) => ({ kind, id }));
    case 'classroom':
      return schools.flatMap(({ id: school, classrooms }) =>
        classrooms.map(({ id }) => ({ kind, school, id })),
      );
  }
}
