import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';

/** What must be known before anything is shown to anybody. */
export function aboutRoutes(app: App, { simulated }: HttpDeps): void {
  app.get(
    '/about',
    {
      config: { access: 'public' },
      schema: {
        summary: 'What kind of hub this is',
        response: {
          200: Type.Object({
            simulated: Type.Boolean({ description: 'Nobody measured what it shows: it was made up' }),
          }),
        },
      },
    },
    async () => ({ simulated }),
  );
}
