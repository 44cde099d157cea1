import { printable } from '@rastreio/runtime';
import Table from 'cli-table3';
import type { Report, RuleReport } from './report';

const SHOWN = 40;

/** The report for a person; instants in the time zone where the operator works. */
export function describeReport(report: Report): string {
  const { from, to, time_zone, events, rules, left, differences, seconds } = report;
  const local = localTime(time_zone);
  return [
    `${local(from)} to ${local(to)} (${time_zone}), ${events} events, in ${seconds} s`,
    describeBy(report),
    ...(report.removed_before === null
      ? []
      : [
          `Events before ${local(report.removed_before)} were removed (db:retain): figures that need them are too low in the copy.`,
        ]),
    'Limits, promises and rules are those of today; mute timings and silences are not applied.',
    ...rules.map((rule) => describeRule(rule, local, report)),
    ...left.map((reason) => `Left out: ${reason}`),
    ...differences.map(
      ({ what, source, copy }) => `WARNING: the copy ends with ${copy} ${what}, the database has ${source}`,
    ),
  ].join('\n');
}

function describeBy({ by, late_share }: Report): string {
  const share = `${Math.round(late_share * 100)} % of the range's events were received over a day after they happened`;
  return by === 'received'
    ? `Replayed as received: late events come late, as they did (${share}).`
    : `Replayed by when events happened, as if each had been received at once (${share}).`;
}

function describeRule(rule: RuleReport, local: (iso: string) => string, { at_most }: Report): string {
  const { episodes, notifications, limit } = rule;
  const coarse =
    rule.every_seconds === rule.interval_seconds
      ? 'as often as Grafana does'
      : `Grafana looks every ${rule.interval_seconds} s; what is shorter than this step is not seen: --every ${rule.interval_seconds}s`;
  return [
    '',
    `${printable(rule.title)} (${rule.uid}): fires ${rule.fires}${rule.ends === null ? '' : `, ends ${rule.ends}`}`,
    `${rule.evaluations} evaluations, every ${rule.every_seconds} s (${coarse})`,
    ...Object.entries(rule.errors).map(
      ([message, count]) => `${count} evaluations failed: ${printable(message)}`,
    ),
    episodes.length === 0 ? 'Never pending, never fired.' : episodeTable(rule, local),
    ...(episodes.length > SHOWN ? [`... and ${episodes.length - SHOWN} more; --json has all`] : []),
    `Notifications: ${notifications.firing} that something fires (${notifications.firing_per_week} a week), ${notifications.resolved} that all is over`,
    ...(limit === undefined
      ? []
      : limit === null
        ? [
            `No limit tells at most ${at_most} times a week: alerts for no data or errors do not depend on it.`,
          ]
        : [
            `At most ${at_most} a week: fires ${limit.fires}${limit.ends === null ? '' : `, ends ${limit.ends}`} (${limit.firing_per_week} a week)`,
          ]),
  ].join('\n');
}

function episodeTable({ episodes }: RuleReport, local: (iso: string) => string): string {
  const table = new Table({
    head: ['instance', 'value', 'pending', 'firing', 'resolved'],
    style: { head: [], border: [] },
  });
  const at = (iso: string | null) => (iso === null ? '' : local(iso));
  table.push(
    ...episodes
      .slice(0, SHOWN)
      .map(({ instance, kind, value, pending, firing, resolved }) => [
        printable(kind === 'Alerting' ? instance : `${instance} (${kind})`),
        value === null ? '' : Number(value.toPrecision(4)),
        at(pending),
        at(firing),
        at(resolved),
      ]),
  );
  return table.toString();
}

function localTime(timeZone: string): (iso: string) => string {
  // Swedish writes an instant as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (iso) => format.format(new Date(iso));
}
