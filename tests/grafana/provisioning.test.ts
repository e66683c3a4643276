import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { alertRules, contactPoint, provisionedDatasource } from '@tongtang/dashboards/alerts';
import { validate } from '@tongtang/runtime/validation';
import { type Static, type TSchema, Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const grafana = join(root, 'infra', 'grafana');

const Text = Type.String({ minLength: 1 });
const Version = Type.Literal(1);
const closed = { additionalProperties: false } as const;

/** What Grafana's documentation of its provisioning files asks for, as far as ours go. */
const Datasources = Type.Object(
  {
    apiVersion: Version,
    datasources: Type.Array(
      Type.Object(
        {
          name: Text,
          uid: Text,
          type: Type.Literal('influxdb'),
          access: Type.Literal('proxy'),
          url: Text,
          user: Type.Optional(Text),
          editable: Type.Boolean(),
          jsonData: Type.Object(
            {
              version: Type.Literal('InfluxQL'),
              dbName: Text,
              httpMode: Type.Enum(['GET', 'POST']),
              timeInterval: Type.String({ pattern: '^\\d+[sm]$' }),
              httpHeaderName1: Type.Optional(Type.Literal('Authorization')),
            },
            closed,
          ),
          secureJsonData: Type.Object(
            { password: Type.Optional(Text), httpHeaderValue1: Type.Optional(Text) },
            closed,
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);
const Providers = Type.Object(
  {
    apiVersion: Version,
    providers: Type.Array(
      Type.Object(
        {
          name: Text,
          orgId: Version,
          folder: Text,
          type: Type.Literal('file'),
          updateIntervalSeconds: Type.Integer({ minimum: 10 }),
          allowUiUpdates: Type.Literal(false),
          options: Type.Object({ path: Text }, closed),
        },
        closed,
      ),
    ),
  },
  closed,
);
const ContactPoints = Type.Object(
  {
    apiVersion: Version,
    contactPoints: Type.Array(
      Type.Object({
        orgId: Version,
        name: Text,
        receivers: Type.Array(
          Type.Object({
            uid: Type.String({ pattern: '^[a-z-]{1,40}$' }),
            type: Type.Enum(['email', 'wecom', 'dingding', 'webhook']),
            settings: Type.Record(Type.String(), Type.Unknown()),
          }),
        ),
      }),
    ),
  },
  closed,
);
const Rules = Type.Object(
  {
    apiVersion: Version,
    groups: Type.Array(
      Type.Object(
        {
          orgId: Version,
          name: Text,
          folder: Text,
          interval: Type.String({ pattern: '^\\d+m$' }),
          rules: Type.Array(
            Type.Object(
              {
                uid: Type.String({ pattern: '^[a-zA-Z0-9_-]{1,40}$' }),
                title: Type.String({ minLength: 1, maxLength: 190 }),
                condition: Text,
                data: Type.Array(
                  Type.Object(
                    {
                      refId: Text,
                      datasourceUid: Text,
                      relativeTimeRange: Type.Object({ from: Type.Integer(), to: Type.Integer() }, closed),
                      model: Type.Object({ refId: Text }),
                    },
                    closed,
                  ),
                ),
                noDataState: Type.Enum(['OK', 'Alerting', 'NoData', 'KeepLast']),
                execErrState: Type.Enum(['OK', 'Alerting', 'Error', 'KeepLast']),
                for: Type.String({ pattern: '^\\d+m$' }),
                annotations: Type.Record(Type.String(), Text),
                labels: Type.Record(Type.String(), Text),
                isPaused: Type.Boolean(),
                notification_settings: Type.Object({ receiver: Text }, closed),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);

function read<Schema extends TSchema>(schema: Schema, file: string): Static<Schema> {
  const checked = validate(schema, parse(readFileSync(join(grafana, file), 'utf8')));
  if (!checked.ok) throw new Error(`${file}: ${checked.problems.join('; ')}`);
  return checked.value;
}

describe('what Grafana is provided with', () => {
  it.each([
    'provisioning/datasources/tongtang.yaml',
    'datasources/influxdb-2.yaml',
    'datasources/influxdb-3.yaml',
  ])('%s: one data source, with the uid that the rules name and no secret in it', (file) => {
    const { datasources } = read(Datasources, file);
    expect(datasources.map(({ uid }) => uid)).toEqual([provisionedDatasource]);
    for (const { url, user = '$', secureJsonData } of datasources)
      for (const value of [url, user, ...Object.values(secureJsonData)])
        expect(value).toMatch(/^(Token |Bearer )?\$/);
  });

  it('pages of every language, from where they lie in the project', () => {
    const { providers } = read(Providers, 'provisioning/dashboards/tongtang.yaml');
    const folders = providers.map(({ options }) => options.path.replace('/opt/tongtang', root));
    expect(folders.sort()).toEqual(globSync(join(root, 'dashboards/json/*')).sort());
    for (const folder of folders) expect(globSync(join(folder, '*.json')).length).toBeGreaterThan(5);
  });

  it('rules that speak to the contact point that is there, without a dollar that would be replaced', () => {
    const file = 'provisioning/alerting/tongtang-rules.yaml';
    expect(readFileSync(join(grafana, file), 'utf8')).not.toContain('$');
    const { contactPoints } = read(ContactPoints, 'provisioning/alerting/tongtang-contact-points.yaml');
    expect(contactPoints.map(({ name }) => name)).toEqual([contactPoint]);
    const rules = read(Rules, file).groups.flatMap((group) => group.rules);
    expect(rules.map(({ uid }) => uid)).toEqual(alertRules.map(({ uid }) => uid));
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
    for (const { condition, data, annotations } of rules) {
      expect(data.map(({ refId }) => refId)).toContain(condition);
      expect(data.map(({ model }) => model.refId)).toEqual(data.map(({ refId }) => refId));
      expect(data.map(({ datasourceUid }) => datasourceUid)).toEqual([
        provisionedDatasource,
        '__expr__',
        '__expr__',
      ]);
      expect(annotations.summary).toMatch(/\p{Script=Han}.*[a-z].*\{\{ \.Labels\.school \}\}/u);
    }
  });
});
