import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@tongtang/runtime/log';
import { describe, expect, it } from 'vitest';
import { parseInfluxLocation, showLocation } from './influx/location.ts';
import { openTelemetryStore } from './open.ts';

const dataFolder = mkdtempSync(join(tmpdir(), 'tongtang-open-'));
const options = { dataFolder, log: createLog('error') };

describe('a store location', () => {
  it.each([
    ['sqlite:', join(dataFolder, 'hub', 'telemetry.db')],
    [`sqlite:${dataFolder}/elsewhere/points.db`, join(dataFolder, 'elsewhere', 'points.db')],
    ['http://127.0.0.1:1/db', join(dataFolder, 'hub', 'rollup.db')],
  ])('%s keeps its file at its place', async (location, file) => {
    const store = await openTelemetryStore(location, options);
    expect(existsSync(file)).toBe(true);
    await store.close();
  });

  it.each([
    [
      'postgres://user:secret@host/db',
      'store: want sqlite:, sqlite:/path or http(s)://user:password@host:8086/database',
    ],
    ['sqlite:relative.db', 'store: "sqlite:relative.db" is not sqlite:/absolute/path'],
    ['http://user:secret@host:8086', 'store: http://host:8086/… names no database'],
    ['http://user:secret@', 'store: want http(s)://user:password@host:8086/database'],
    ['http://user:secret@host:8086/%zz', 'store: http://host:8086/… has a % that is not written as %25'],
  ])('%s is refused with what is wrong, never with a password', async (location, message) => {
    const error = await openTelemetryStore(location, options).catch((reason: unknown) => reason);
    expect(error).toEqual(new Error(message));
    expect(String(error)).not.toContain('secret');
  });

  it.each([
    ['http://a%40b:p%3Aw@host:8086/db', `Basic ${Buffer.from('a@b:p:w').toString('base64')}`],
    ['https://host/db?token=t%2Fk', 'Token t/k'],
    ['http://host:8086/db', undefined],
  ])('%s signs in as it says', (location, authorization) => {
    expect(parseInfluxLocation(location).authorization).toBe(authorization);
  });

  it('is shown without its secrets', () => {
    expect(showLocation(parseInfluxLocation('https://u:secret@host/proxy/db?token=secret'))).toBe(
      'https://host:443/proxy/db',
    );
  });
});
