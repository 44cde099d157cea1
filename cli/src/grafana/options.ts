import { numberIn } from '@rastreio/runtime';
import { Option } from 'commander';

export const rootOption = (): Option =>
  new Option(
    '--root <folder>',
    'the checkout with dashboards/ and provisioning/alerting (default: this one)',
  );

export const waitOption = (): Option =>
  new Option('--wait <seconds>', 'how long a Grafana that is starting is waited for')
    .default(60)
    .argParser(numberIn(0));

export const SIGN_IN_HELP =
  '\nSigning in: http://USER:PASSWORD@HOST in --url, else GRAFANA_USER (default: admin) and GRAFANA_PASSWORD, else GRAFANA_TOKEN of a service account with role Admin. The running stack’s Grafana needs none of them.';
