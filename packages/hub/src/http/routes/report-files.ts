import { Type } from 'typebox';
import { contentDisposition, type FileFormat, fileFormats } from '../../reports/file-names.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { answered, LanguageName } from '../report-answers.ts';
import { RevisionNumber } from './reports.ts';

/** A page of a report is all in one file, has no scripts, and may ask for nothing. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox";

/** What a browser shows by itself. */
const shown: readonly FileFormat[] = ['html', 'pdf'];

/** The files of issued reports. */
export function reportFileRoutes(app: App, { reports }: HttpDeps): void {
  app.get(
    '/reports/:id/file',
    {
      config: { access: 'signed-in' },
      schema: {
        summary: 'A report as a file, the same to the byte whenever it is asked for',
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object(
          {
            format: Type.Enum([...fileFormats], { description: '`csv` is a ZIP of a file a table' }),
            language: Type.Optional(LanguageName),
            revision: Type.Optional(RevisionNumber),
            show: Type.Optional(Type.Boolean({ description: 'To be opened, not to be saved' })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ params, query }, reply) => {
      const { format, language = 'zh', revision, show = false } = query;
      const { content, type, ...names } = await answered(() =>
        reports.file(params.id, format, language, revision),
      );
      if (format === 'html') reply.header('content-security-policy', pagePolicy);
      return reply
        .type(type)
        .header('content-disposition', contentDisposition(names, show && shown.includes(format)))
        .send(Buffer.from(content));
    },
  );
}
