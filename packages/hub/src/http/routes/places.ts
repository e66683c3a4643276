import { catalogue } from '@tongtang/model/catalogue';
import type { Inventory } from '@tongtang/model/inventory';
import { modes, targetProbes } from '@tongtang/model/inventory';
import { linkKinds } from '@tongtang/model/link';
import { unmeasuredTargets } from '@tongtang/model/unmeasured-targets';
import { Type } from 'typebox';
import { List, Name } from '../answers.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';

const Named = Type.Object({ id: Type.String(), name: Name });

export const Places = Type.Object({
  counties: List(
    Type.Object({
      ...Named.properties,
      timezone: Type.String(),
      periods: List(Type.Object({ n: Type.Integer(), start: Type.String(), end: Type.String() })),
      clusters: List(Named),
      frontEndSchools: List(Named),
      providers: List(Named, {
        description: 'Of the lines of schools; those that nobody has named are missing',
      }),
      schools: List(
        Type.Object({
          ...Named.properties,
          cluster: Type.Optional(Type.String()),
          level: Type.Optional(Type.Enum(['senior', 'junior', 'primary'])),
          mode: Type.Optional(Type.Enum([...modes])),
          classrooms: List(
            Type.Object({ ...Named.properties, classes: List(Named), agents: List(Type.String()) }),
          ),
          unmeasuredTargets: List(Type.String(), {
            description: 'Receivers that nobody measures, because the school has no agent beside one',
          }),
        }),
      ),
      platforms: List(Type.Object({ ...Named.properties, url: Type.Optional(Type.String()) })),
      targets: List(
        Type.Object({
          ...Named.properties,
          link: Type.Enum([...linkKinds]),
          probe: Type.Enum([...targetProbes]),
        }),
      ),
    }),
  ),
});

const FieldDefinition = Type.Object({
  type: Type.Enum(['float', 'integer', 'boolean', 'string']),
  unit: Type.String(),
  title: Name,
  description: Name,
  addsUp: Type.Optional(
    Type.Literal(true, {
      description: 'It tells what happened since the reading before: sum it up over time',
    }),
  ),
  limits: Type.Optional(List(Type.Object({ below: Type.Number(), title: Name }))),
});

const CatalogueAnswer = Type.Record(
  Type.String(),
  Type.Object({
    title: Name,
    description: Name,
    tags: List(Type.String()),
    fields: Type.Record(Type.String(), FieldDefinition),
  }),
);

/** What there is: places and metrics, with their names. */
export function placeRoutes(app: App, { registry }: HttpDeps): void {
  app.get(
    '/places',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'Counties, schools and classrooms, and who lives there', response: { 200: Places } },
    },
    async () => {
      const agents = new Map<string, string[]>();
      const registered = registry.agents();
      for (const { id, place } of registered) {
        const seat = `${place.county}/${place.school}/${place.classroom}`;
        agents.set(seat, [...(agents.get(seat) ?? []), id]);
      }
      return {
        counties: registry
          .inventories()
          .map((inventory) => countyOf(inventory, agents, unmeasuredTargets(inventory, registered))),
      };
    },
  );

  app.get(
    '/catalogue',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'Every measurement with its fields and units', response: { 200: CatalogueAnswer } },
    },
    async () => catalogue,
  );
}

function countyOf(
  inventory: Inventory,
  agents: ReadonlyMap<string, readonly string[]>,
  unmeasured: ReadonlyMap<string, readonly string[]>,
) {
  const { county, periods, clusters, platforms, frontEndSchools, providers = [] } = inventory;
  return {
    ...county,
    periods,
    clusters,
    frontEndSchools: frontEndSchools.map(({ id, name }) => ({ id, name })),
    providers,
    platforms,
    schools: inventory.schools.map(({ id, name, cluster, level, mode, classes, classrooms }) => ({
      id,
      name,
      ...(cluster !== undefined && { cluster }),
      ...(level !== undefined && { level }),
      ...(mode !== undefined && { mode }),
      classrooms: classrooms.map((room) => ({
        ...room,
        classes: classes
          .filter(({ classroom }) => classroom === room.id)
          .map((entry) => ({ id: entry.id, name: entry.name })),
        agents: agents.get(`${county.id}/${id}/${room.id}`) ?? [],
      })),
      unmeasuredTargets: unmeasured.get(id) ?? [],
    })),
    targets: inventory.targets.map(({ id, name, link, probe }) => ({ id, name, link, probe })),
  };
}
