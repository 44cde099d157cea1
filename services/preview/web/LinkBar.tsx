import { Button, Dropdown, Icon, LinkButton, Menu, Tooltip, type IconName } from '@grafana/ui';
import React from 'react';
import type { DashboardSummary } from './api';
import { resolveDashboards, resolveLink, type ResolvedLink } from './links';
import type { LinkModel } from './model';
import type { Scope } from './variables/interpolate';

/** Names that Grafana's dashboards have for icons of links. */
const ICONS: Readonly<Record<string, IconName>> = {
  'external link': 'external-link-alt',
  dashboard: 'apps',
  question: 'question-circle',
  info: 'info-circle',
  bolt: 'bolt',
  doc: 'file-alt',
  cloud: 'cloud',
};

interface LinkBarProps {
  readonly links: readonly LinkModel[];
  readonly dashboards: readonly DashboardSummary[];
  readonly uid: string;
  readonly scope: Scope;
}

/** The links of a dashboard, as Grafana shows them under its title. */
export function LinkBar({ links, dashboards, uid, scope }: LinkBarProps) {
  return (
    <>
      {links.map((link, index) => {
        if (link.type !== 'dashboards')
          return <Anchor key={index} link={resolveLink(link, scope)} icon={ICONS[link.icon ?? '']} />;
        const targets = resolveDashboards(link, dashboards, uid, scope);
        if (link.asDropdown !== true)
          return targets.map((target) => <Anchor key={target.href} link={target} icon="apps" />);
        return (
          <Dropdown key={index} overlay={<LinkMenu targets={targets} />}>
            <Button variant="secondary" fill="outline" size="sm" aria-haspopup="menu">
              <Icon name="bars" aria-hidden /> {resolveLink(link, scope).title}
            </Button>
          </Dropdown>
        );
      })}
    </>
  );
}

function Anchor({ link, icon }: { link: ResolvedLink; icon: IconName | undefined }) {
  const button = (
    <LinkButton
      href={link.href}
      target={link.target}
      rel="noreferrer"
      variant="secondary"
      fill="outline"
      size="sm"
      icon={icon}
    >
      {link.title}
    </LinkButton>
  );
  return link.tooltip === '' ? button : <Tooltip content={link.tooltip}>{button}</Tooltip>;
}

function LinkMenu({ targets }: { targets: readonly ResolvedLink[] }) {
  return (
    <Menu>
      {targets.map(({ href, title, target }) => (
        <Menu.Item key={href} url={href} target={target} label={title} />
      ))}
    </Menu>
  );
}
