import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { openApiDocument, type OpenApiOptions } from './openapi';

/** Adds `/openapi.json` (OpenAPI 3.1) and `/docs`, a page on which the API can be read and tried. */
export async function addDocs(app: FastifyInstance, options: OpenApiOptions): Promise<void> {
  const document = openApiDocument(options);
  await app.register(fastifySwagger, { mode: 'static', specification: { document: document as never } });
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: (header) =>
      header
        // Swagger UI sets styles on its elements.
        .replace(/style-src [^;]*/, "style-src 'self' 'unsafe-inline'")
        // Over plain HTTP under any name but localhost a browser would ask for the page's scripts by HTTPS, and nobody answers.
        .replace(/upgrade-insecure-requests;?/, ''),
    theme: { title: 'Rastreio: tracking events' },
    // Without the bar that loads other documents.
    uiConfig: { layout: 'BaseLayout', docExpansion: 'full', deepLinking: true, tryItOutEnabled: true },
  });
  app.get('/openapi.json', () => document);
}
