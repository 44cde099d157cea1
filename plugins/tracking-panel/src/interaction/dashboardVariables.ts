import { type TypedVariableModel } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';

/**
 * The dashboard's variables. None in a snapshot: there they are of a type that Grafana 12 refuses to list
 * (grafana/grafana#119879), and nobody can set them.
 */
export function dashboardVariables(): TypedVariableModel[] {
  try {
    return getTemplateSrv().getVariables();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Unsupported variable type')) {
      return [];
    }
    throw error;
  }
}
