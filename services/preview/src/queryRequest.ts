import { z } from 'zod';
import type { FrameJson } from './frames';

/** Epoch milliseconds that a date can hold. */
const instant = z.coerce.number().int().min(-8.64e15).max(8.64e15);

/** The body of `POST /api/ds/query`, as Grafana's browser side sends it. */
export const queryRequestSchema = z.object({
  from: instant,
  to: instant,
  queries: z
    .array(
      z.object({
        refId: z.string(),
        datasource: z.object({ uid: z.string() }),
        rawSql: z.string().default(''),
        format: z.enum(['table', 'time_series']).catch('table'),
        /** Of Prometheus. */
        expr: z.string().default(''),
        legendFormat: z.string().optional(),
        instant: z.boolean().optional(),
        range: z.boolean().optional(),
        intervalMs: z.number().min(1).default(60_000),
      }),
    )
    .max(50),
});

export type QueryRequest = z.infer<typeof queryRequestSchema>;

export interface QueryResult {
  readonly status: number;
  readonly error?: string;
  /** Set where no error happened but this page cannot ask: it takes Grafana. */
  readonly unavailable?: string;
  readonly frames: readonly FrameJson[];
}
