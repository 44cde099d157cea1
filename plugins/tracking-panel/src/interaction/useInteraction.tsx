import { type InterpolateFunction, type LinkModel } from '@grafana/data';
import { t } from '@grafana/i18n';
import { ContextMenu, linkModelToContextMenuItems, MenuGroup, MenuItem } from '@grafana/ui';
import React, { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react';
import { type SliceSet } from '../statuses/types';
import { followLink } from './follow';
import { linkedStatuses, linksOf } from './source';
import { type TrackingOptions } from '../types';
import { pressMode } from './reduce';
import { type Interaction } from './StatusInteraction';
import { useVariableSelection } from './useVariableSelection';

interface OpenMenu {
  x: number;
  y: number;
  links: LinkModel[];
}

const NONE: readonly string[] = [];

interface Props {
  statuses: SliceSet | undefined;
  options: TrackingOptions['selection'];
  replaceVariables: InterpolateFunction;
}

/**
 * The panel's selection and data links, for {@link InteractionContext}. How they share a click: a link that is marked
 * "One click" is followed by a plain press, and one with Ctrl, Cmd or Shift selects; all other links are in the context
 * menu, and a press selects. Where selecting is switched off, a press follows the only link or opens the menu.
 */
export function useInteraction({ statuses, options, replaceVariables }: Props): {
  interaction: Interaction;
  selected: readonly string[];
  /** Clears the selection; false if nothing was selected. */
  clear: () => boolean;
  menu: React.ReactNode;
} {
  const { ids, allowsSeveral, dispatch } = useVariableSelection(
    options.enabled ? options.variable : '',
    replaceVariables
  );
  const [menu, setMenu] = useState<OpenMenu>();
  const opener = useRef<Element | null>(null);
  const selected = options.enabled ? ids : NONE;
  const role = statuses?.role;
  const byId = useMemo(
    () =>
      new Map([...(statuses?.slices ?? []), ...(statuses?.gathered ?? [])].map((slice) => [slice.id, slice])),
    [statuses]
  );
  const membersOf = (id: string): readonly string[] => byId.get(id)?.members ?? [id];

  const openAt = (links: LinkModel[], event: MouseEvent | KeyboardEvent) => {
    event.preventDefault();
    opener.current = document.activeElement;
    setMenu({ ...pointOf(event), links });
  };
  const close = () => {
    setMenu(undefined);
    if (opener.current instanceof HTMLElement || opener.current instanceof SVGElement) {
      opener.current.focus();
    }
  };

  const press: Interaction['press'] = (id, order, event) => {
    // What is to be pressed inside an entry, such as a link in a cell, does its own.
    if (event.target instanceof Element && event.target.closest('a, input')) {
      return;
    }
    const links = linksOf(byId.get(id)?.source);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const direct = isPlain ? links.find(({ oneClick }) => oneClick) : undefined;
    if (direct) {
      followLink(direct, event);
    } else if (options.enabled) {
      const members = membersOf(id);
      // A variable of one value cannot take what gathers several.
      if (members.length === 1 || allowsSeveral) {
        dispatch({
          kind: 'press',
          ids: members,
          mode: pressMode(event, allowsSeveral),
          order: order.flatMap(membersOf),
        });
      }
    } else if (links.length === 1 && links[0]) {
      followLink(links[0], event);
    } else if (links.length > 1) {
      openAt(links, event);
    }
  };

  const linked = useMemo(() => linkedStatuses(role), [role]);
  const hasLinks = (id: string) => linked === 'all' || linked.has(id);
  // A selection of statuses that are not in sight dims nothing: there would be no sign of why.
  const chosen = useMemo(() => new Set(selected), [selected]);
  const isInSight =
    chosen.size > 0 &&
    statuses?.slices.some(({ members }) => members.some((member) => chosen.has(member))) === true;
  const interaction: Interaction = {
    isEnabled: options.enabled || linked === 'all' || linked.size > 0,
    selects: options.enabled,
    markOf: (id) =>
      !isInSight ? undefined : membersOf(id).some((member) => chosen.has(member)) ? 'selected' : 'dimmed',
    hasLinks,
    press,
    openMenu: (id, event) => {
      const links = linksOf(byId.get(id)?.source);
      if (links.length > 0) {
        openAt(links, event);
      }
    },
    openLinks: openAt,
  };

  return {
    interaction,
    selected,
    clear: () => {
      if (selected.length > 0) {
        dispatch({ kind: 'clear' });
      }
      return selected.length > 0;
    },
    menu: menu && (
      <ContextMenu
        x={menu.x}
        y={menu.y}
        onClose={close}
        renderMenuItems={() => (
          <MenuGroup label={t('links.label', 'Data links')}>
            {linkModelToContextMenuItems(() => menu.links).map((item, index) => (
              <MenuItem
                key={index}
                label={item.label}
                url={item.url}
                target={item.target}
                icon={item.icon}
                onClick={item.onClick}
              />
            ))}
          </MenuGroup>
        )}
      />
    ),
  };
}

/** Where a menu opens: at the pointer; for one asked for by the keyboard, which has no place, under the entry. */
function pointOf(event: MouseEvent | KeyboardEvent): { x: number; y: number } {
  if ('clientX' in event && (event.clientX !== 0 || event.clientY !== 0)) {
    return { x: event.clientX, y: event.clientY };
  }
  const box = event.currentTarget.getBoundingClientRect();
  return { x: box.left, y: box.bottom };
}
