import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import type { App } from './app.ts';
import { ApiError } from './errors.ts';

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tongtang 同堂</title>
<h1>Tongtang 同堂</h1>
<p>The hub is running. Its console is not built yet: <code>npm run build</code>, then load this page again.</p>
<p>中心已在运行，网页控制台尚未构建：请执行 <code>npm run build</code>，然后刷新本页。</p>
</html>
`;

/**
 * Serves the console's files. Those under `assets/` carry a hash in their names and are kept by browsers for good, so
 * that a second visit costs the thin link next to nothing; the page itself is asked for each time. Addresses within
 * the console are answered with the page.
 */
export function serveConsole(app: App, folder: string): void {
  app.register(fastifyStatic, {
    root: folder,
    // The page is answered below, whether it is built yet or not.
    index: false,
    suppressWarning: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(join(folder, 'assets'));
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  const sendPage = (reply: FastifyReply): FastifyReply =>
    existsSync(join(folder, 'index.html'))
      ? reply.sendFile('index.html')
      : reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(notBuilt);

  app.get('/', { schema: { hide: true } }, (_request, reply) => sendPage(reply));
  app.setNotFoundHandler((request, reply) => {
    const { pathname } = new URL(request.url, 'http://hub');
    const isPage = request.method === 'GET' && !pathname.startsWith('/api/') && !/\.\w+$/.test(pathname);
    if (!isPage) throw new ApiError('not_found', `there is no ${request.method} ${pathname}`);
    return sendPage(reply);
  });
}
