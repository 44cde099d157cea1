import { parse, stringify } from 'yaml';
import { z } from 'zod';

const schema = z.looseObject({ scrape_configs: z.array(z.looseObject({ job_name: z.string() })) });

/**
 * The jobs of provisioning/prometheus/prometheus.yaml with the places where this stack's services are, so that there is one
 * definition of jobs: names, labels and intervals are those of the containers.
 * @throws Error when a job has no target here, or the other way round
 */
export function localConfig(text: string, targets: Readonly<Record<string, string>>): string {
  const config = schema.parse(parse(text));
  const names = config.scrape_configs.map(({ job_name }) => job_name);
  const wanted = Object.keys(targets);
  if ([...names].sort().join() !== [...wanted].sort().join())
    throw new Error(
      `provisioning/prometheus/prometheus.yaml has the jobs ${names.join(', ')}, the stack has targets for ${wanted.join(', ')}`,
    );
  const jobs = config.scrape_configs.map((job) => ({
    ...Object.fromEntries(Object.entries(job).filter(([key]) => !/_sd_configs$|^static_configs$/.test(key))),
    static_configs: [{ targets: [targets[job.job_name]] }],
  }));
  return stringify({ ...config, scrape_configs: jobs });
}
