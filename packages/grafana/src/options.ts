import { InvalidArgumentError, Option } from 'commander';

export const urlOption = (): Option =>
  new Option('--url <url>', 'address of Grafana; user and password may stand in it')
    .env('GRAFANA_URL')
    .makeOptionMandatory();

export const rootOption = (): Option =>
  new Option(
    '--root <folder>',
    'the checkout with dashboards/ and provisioning/alerting (default: this one)',
  );

export const waitOption = (): Option =>
  new Option('--wait <seconds>', 'how long a Grafana that is starting is waited for')
    .default(60)
    .argParser((text) => {
      const seconds = Number(text);
      if (text.trim() === '' || !(seconds >= 0))
        throw new InvalidArgumentError('Use a number of seconds from 0.');
      return seconds;
    });

export const SIGN_IN_HELP =
  '\nSigning in: http://USER:PASSWORD@HOST in --url, else GRAFANA_USER (default: admin) and GRAFANA_PASSWORD, else GRAFANA_TOKEN of a service account with role Admin.';
