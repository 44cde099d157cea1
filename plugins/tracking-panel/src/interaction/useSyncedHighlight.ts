import { DashboardCursorSync, DataHoverClearEvent, DataHoverEvent } from '@grafana/data';
import { usePanelContext } from '@grafana/ui';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Highlight } from './highlight';
import { type StatusSource } from '../statuses/roleTypes';
import { type Named, statusOfHover } from './match';

/**
 * The highlight of this panel, told to the other panels of the dashboard and following theirs, where the dashboard's
 * shared crosshair or tooltip is on. A highlight that came from another panel is not sent on.
 */
export function useSyncedHighlight(
  statuses: () => ReadonlyArray<Named & { source?: StatusSource }>
): Highlight {
  const { eventBus, sync } = usePanelContext();
  const [active, setActive] = useState<string>();
  const latest = useRef(statuses);
  // A bus delivers while it publishes: what comes back then is our own.
  const isPublishing = useRef(false);
  const told = useRef<string | undefined>(undefined);

  useEffect(() => {
    latest.current = statuses;
  }, [statuses]);

  useEffect(() => {
    const isDeaf = () => isPublishing.current || sync?.() === DashboardCursorSync.Off;
    const subscriptions = [
      eventBus.getStream(DataHoverEvent).subscribe(({ payload }) => {
        if (!isDeaf()) {
          setActive(statusOfHover(payload, latest.current()));
        }
      }),
      eventBus.getStream(DataHoverClearEvent).subscribe(() => {
        if (!isDeaf()) {
          setActive(undefined);
        }
      }),
    ];
    return () => subscriptions.forEach((subscription) => subscription.unsubscribe());
  }, [eventBus, sync]);

  return useMemo(() => {
    const publish = (id: string | undefined) => {
      const source = latest.current().find((status) => status.id === id)?.source;
      isPublishing.current = true;
      eventBus.publish(
        source
          ? new DataHoverEvent({
              data: source.frame,
              rowIndex: source.row,
              columnIndex: source.column,
              point: {},
            })
          : new DataHoverClearEvent()
      );
      isPublishing.current = false;
    };
    return {
      active,
      set: (id) => {
        setActive(id);
        // The pointer moves many times over one slice.
        if (told.current !== id && sync?.() !== DashboardCursorSync.Off) {
          told.current = id;
          publish(id);
        }
      },
    };
  }, [active, eventBus, sync]);
}
