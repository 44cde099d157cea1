import path from 'node:path';
import { LOG_LEVELS } from '@rastreio/runtime';
import { z } from 'zod';

/** Settings of the preview; each is an environment variable. The data sources' own variables are named in their files. */
export const configSchema = z.object({
  PREVIEW_HOST: z.string().min(1).default('127.0.0.1'),
  PREVIEW_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Folder with dashboards/, provisioning/ and plugins/. */
  RASTREIO_HOME: z.string().min(1).default(path.resolve(__dirname, '../../..')),
  /** Folders with dashboards, separated by commas, relative to RASTREIO_HOME. */
  PREVIEW_DASHBOARDS: z
    .string()
    .default('dashboards')
    .transform((list) => list.split(',').map((folder) => folder.trim()))
    .pipe(z.array(z.string().min(1))),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});
