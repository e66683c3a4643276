import type { Inventory, School } from '@tongtang/model/inventory';
import { qilian } from '@tongtang/simulator/county/qilian';

/** The most classes of a school. */
const mostClasses = 4;

/**
 * A county of so many schools, made of those of the reference county again and again, so that its mix of levels and modes is kept; with one to
 * four classes each, two and a half on average.
 */
export function largeCounty(schools: number): Inventory {
  const reference = qilian();
  return {
    ...reference,
    schools: Array.from({ length: schools }, (_, at): School => {
      const like = reference.schools[at % reference.schools.length];
      if (like === undefined) throw new Error('the reference county has no schools');
      const name = { zh: `${like.name.zh} ${at + 1}`, en: `${like.name.en} ${at + 1}` };
      const numbers = Array.from({ length: 1 + ((at * 7) % mostClasses) }, (_, index) => ({
        id: `c${index + 1}`,
        name: { zh: `网班 ${index + 1}`, en: `Class ${index + 1}` },
      }));
      return {
        ...like,
        id: `s${String(at + 1).padStart(4, '0')}`,
        name,
        classes: numbers.map((one) => ({ ...one, classroom: one.id })),
        classrooms: numbers,
      };
    }),
  };
}
