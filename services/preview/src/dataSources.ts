import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { SSL_MODES } from '@rastreio/database';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { parse } from 'yaml';
import { z } from 'zod';
import { interpolateAll } from './interpolateEnv';

export const POSTGRES_TYPE = 'grafana-postgresql-datasource';

const dataSourceSchema = z.object({
  name: z.string(),
  uid: z.string(),
  type: z.string(),
  url: z.string().default(''),
  user: z.string().default(''),
  isDefault: z.boolean().default(false),
  jsonData: z
    .looseObject({
      database: z.string().optional(),
      timescaledb: z.boolean().optional(),
      timeInterval: z.string().optional(),
      sslmode: z.enum(['', ...SSL_MODES]).optional(),
      sslRootCertFile: z.string().optional(),
      sslCertFile: z.string().optional(),
      sslKeyFile: z.string().optional(),
    })
    .default({}),
  secureJsonData: z.record(z.string(), z.string()).default({}),
});

const fileSchema = z.object({ datasources: z.array(dataSourceSchema).default([]) });

/** A data source as a provisioning file describes it, variables filled in. */
export type DataSource = z.infer<typeof dataSourceSchema>;

/** Reads `provisioning/datasources/*.yaml`. @throws OperatorError (78) that names the file and the field */
export async function readDataSources(
  home: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DataSource[]> {
  const folder = path.join(home, 'provisioning', 'datasources');
  const files = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file)).sort();
  const sources: DataSource[] = [];
  for (const file of files) {
    const result = fileSchema.safeParse(
      interpolateAll<unknown>(parse(await readFile(path.join(folder, file), 'utf8')), env),
    );
    if (!result.success)
      throw new OperatorError(
        `provisioning/datasources/${file}: ${z.prettifyError(result.error)}`,
        EXIT.config,
      );
    sources.push(...result.data.datasources);
  }
  return sources;
}
