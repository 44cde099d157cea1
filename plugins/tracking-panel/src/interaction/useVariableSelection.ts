import { type InterpolateFunction } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { dashboardVariables } from './dashboardVariables';
import { NOTHING_SELECTED, reduceSelection, type Selection, type SelectionAction } from './reduce';
import {
  addressFor,
  expressionOf,
  selectedBy,
  traitsOf,
  type VariableModel,
  valuesInAddress,
} from './variable';

/** The statuses that are selected, and how to change that. */
export interface SelectionState {
  ids: readonly string[];
  /** Whether more than one can be selected: a variable may hold one value only. */
  allowsSeveral: boolean;
  dispatch: (action: SelectionAction) => void;
}

/**
 * The selection of the panel: its own, or that of a dashboard variable. A variable is the only place where its
 * selection is kept: it is read at every render and written on a user's press alone, so nothing can loop.
 */
export function useVariableSelection(
  variable: string,
  replaceVariables: InterpolateFunction
): SelectionState {
  const [own, setOwn] = useState<Selection>(NOTHING_SELECTED);
  const search = useSyncExternalStore(subscribeToAddress, readAddress);
  const model = variable ? findVariable(variable) : undefined;
  const found = variable
    ? selectedBy(
        variable,
        valuesInAddress(search, variable),
        replaceVariables(expressionOf(variable)),
        model,
        own.ids.length === 1 && own.ids[0] === ''
      )
    : own.ids;
  const ids = useStableList(found);
  const traits = traitsOf(model);
  return {
    ids,
    allowsSeveral: !variable || traits.isMulti,
    dispatch: (action) => {
      const next = reduceSelection({ ids, anchor: own.anchor }, action);
      setOwn(next);
      if (variable) {
        locationService.partial(addressFor(variable, next.ids, traits), true);
      }
    },
  };
}

const readAddress = () => locationService.getLocation().search;

const subscribeToAddress = (onChange: () => void) => locationService.getHistory().listen(onChange);

function findVariable(name: string): VariableModel | undefined {
  return dashboardVariables().find((candidate) => candidate.name === name);
}

/** The same array as long as the texts in it are the same. */
function useStableList(list: readonly string[]): readonly string[] {
  const key = JSON.stringify(list);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says all of the list
  return useMemo(() => list, [key]);
}
