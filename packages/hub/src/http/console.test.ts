import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFixture } from './http.fixture.ts';

let hub: Awaited<ReturnType<typeof startFixture>>;
beforeEach(async () => {
  hub = await startFixture();
});
afterEach(() => hub.stop());

describe('the console', () => {
  it('says how to build it where it is not built, and appears without a restart once it is', async () => {
    expect((await hub.ask('GET', '/')).body).toContain('npm run build');
    mkdirSync(join(hub.folder, 'console', 'assets'), { recursive: true });
    writeFileSync(join(hub.folder, 'console', 'index.html'), '<title>console</title>');
    writeFileSync(join(hub.folder, 'console', 'assets', 'main-1234.js'), 'export {};\n'.repeat(500));

    for (const path of ['/', '/classrooms/local/school/room-1']) {
      const page = await hub.ask('GET', path);
      expect([page.status, page.body]).toEqual([200, '<title>console</title>']);
      expect(page.headers.get('cache-control')).toBe('no-cache');
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
    const script = await hub.ask('GET', '/assets/main-1234.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toContain('javascript');
    const headers = { 'accept-encoding': 'gzip, deflate, br' };
    const packed = await fetch(`${hub.address}/assets/main-1234.js`, { headers });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(await packed.text()).toBe(script.body);
  });

  it('a file that is not there is not answered with the page', async () => {
    const missing = await hub.ask('GET', '/assets/main-0000.js');
    expect([missing.status, missing.body.error.code]).toEqual([404, 'not_found']);
    expect((await hub.ask('POST', '/classrooms', {})).status).toBe(404);
  });

  it('nothing outside its folder is served', async () => {
    for (const path of ['/..%2fregistry.db', '/assets/..%2f..%2fregistry.db', '/%2e%2e/registry.db'])
      expect((await hub.ask('GET', path)).body).not.toContain('SQLite');
  });
});
