import path from 'node:path';

/** Where the files are. */
export interface Folders {
  /** Classic JSON, one dashboard per file. */
  readonly dashboards: string;
  /** YAML in the form of Grafana's file provisioning. */
  readonly alerting: string;
}

/** The folders of a checkout. */
export function foldersOf(root: string = path.resolve(__dirname, '../../..')): Folders {
  return {
    dashboards: path.join(root, 'dashboards'),
    alerting: path.join(root, 'provisioning', 'alerting'),
  };
}
