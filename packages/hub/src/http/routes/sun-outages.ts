import { Type } from 'typebox';
import { lessonsFrom, neededEntries, openSunOutages } from '../../sun-outages.ts';
import { List, Seconds } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';

const School = Type.Object({ county: Type.String(), school: Type.String() });

const SunOutages = Type.Object({
  missing: List(
    Type.Enum([...neededEntries], {
      description: 'Entries of the inventory without which nothing can be computed',
    }),
  ),
  belowHorizon: Type.Boolean({ description: 'The satellite cannot be seen from the school' }),
  lessonsFrom: Type.Optional(
    Type.Enum([...lessonsFrom], {
      description:
        'What says when lessons are: the timetable, or the periods of the inventory, Monday to Friday; absent where neither is there',
    }),
  ),
  dish: Type.Optional(
    Type.Object(
      {
        longitudeDeg: Type.Number({ description: "Degrees east of the satellite's orbital position" }),
        downlinkGHz: Type.Number(),
        dishDiameterM: Type.Number(),
        assumed: Type.Optional(Type.Boolean({ description: 'Nobody has confirmed these figures' })),
      },
      { description: 'What they were computed of, besides the place of the school' },
    ),
  ),
  outages: List(
    Type.Object({
      begin: Seconds,
      peak: Seconds,
      end: Seconds,
      separationDeg: Type.Number({ description: 'How near the Sun comes to the satellite, in degrees' }),
      lessons: List(
        Type.Object(
          { n: Type.Integer({ description: 'Number of the period' }), start: Seconds, end: Seconds },
          { description: 'A period that it touches, in which a class has a lesson that comes by satellite' },
        ),
      ),
    }),
  ),
});

/** When the Sun stands behind the satellite. */
export function sunOutageRoutes(app: App, { registry, nowS }: HttpDeps): void {
  const sunOutages = openSunOutages();
  app.get(
    '/schools/:county/:school/sun-outages',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: "Sun outages (日凌) of a school's dish",
        description:
          'Of the season that is on or, between seasons, of the next: there is none before the first. Computed from the ' +
          "inventory's satellite and the school's place.",
        params: School,
        response: { 200: SunOutages },
      },
    },
    async ({ params }) => {
      const inventory = registry.inventories().find(({ county }) => county.id === params.county);
      if (inventory === undefined) throw new ApiError('not_found', `county: no county "${params.county}"`);
      const school = inventory.schools.find(({ id }) => id === params.school);
      if (school === undefined) throw new ApiError('not_found', `school: no school "${params.school}"`);
      return await sunOutages(inventory, registry.timetable(params.county), school, nowS());
    },
  );
}
