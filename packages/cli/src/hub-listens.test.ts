import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaveAddress } from '@tongtang/hub/command-line-token';
import { expect, it } from 'vitest';
import { hubListens } from './hub-listens.ts';

it('a hub is found where it listens by its data folder alone, unless somebody says otherwise', () => {
  const data = mkdtempSync(join(tmpdir(), 'tongtang-listens-'));
  expect(hubListens({ data, http: '127.0.0.1:8080' })).toBe('127.0.0.1:8080');
  mkdirSync(join(data, 'hub'));
  leaveAddress(data, '0.0.0.0:9090');
  expect(hubListens({ data, http: '127.0.0.1:8080' })).toBe('0.0.0.0:9090');
  expect(hubListens({ data, http: '192.0.2.1:8081' })).toBe('192.0.2.1:8081');
  rmSync(data, { recursive: true });
});
