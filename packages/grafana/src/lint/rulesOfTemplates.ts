import { asList, asObject, asText } from '../json';
import { textsIn, type Finding, type LintContext } from './context';

/** An action of Go's text/template: a comment, or anything whose quoted texts may hold braces. */
const ACTION = /\{\{-?\s*(\/\*[\s\S]*?\*\/|(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|[^"`{}])*?)\s*-?\}\}/g;
const OPENS = /^(define|if|range|with|block)\b/;
const DEFINES = /^(?:define|block)\s+"([^"]+)"/;
const USES = /^(?:template|block)\s+"([^"]+)"/;
/** Grafana's own. */
const BUILT_IN = /^(default|email|teams|slack|discord|pagerduty)\./;

interface Text {
  readonly file: string;
  readonly where: string;
  readonly text: string;
}

/** Templates of messages are whole, each name is defined once, and every name that they and contact points use is. */
export function templates({ alerting }: LintContext): readonly Finding[] {
  const defining = alerting.flatMap(({ file, content }) =>
    asList(content.templates).map((entry): Text => {
      const { name, template } = asObject(entry);
      return { file, where: `modelo "${asText(name)}"`, text: asText(template) };
    }),
  );
  const using = alerting.flatMap(({ file, content }) =>
    asList(content.contactPoints).flatMap((point) =>
      textsIn(asObject(point).receivers ?? []).map(({ text }): Text => ({
        file,
        where: `ponto de contato "${asText(asObject(point).name)}"`,
        text,
      })),
    ),
  );
  const names = defining.flatMap(({ text }) => namesIn(text, DEFINES));
  const known = new Set(names);
  return [
    ...[...defining, ...using].flatMap((text) => structure(text)),
    ...defining
      .filter(({ text }) => !/\{\{\s*define/.test(text) && namesIn(text, DEFINES).length > 0)
      .map((text): Finding =>
        finding(text, 'has only {{- define, which Grafana does not see', 'write {{ define'),
      ),
    ...defining.flatMap((text) =>
      namesIn(text.text, DEFINES)
        .filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
        .map((name) => finding(text, `"${name}" is defined twice`, 'rename or remove one')),
    ),
    ...[...defining, ...using].flatMap((text) =>
      namesIn(text.text, USES)
        .filter((name) => !known.has(name) && !BUILT_IN.test(name))
        .map((name) =>
          finding(text, `uses "${name}", which no template defines`, `use one of ${[...known].join(', ')}`),
        ),
    ),
  ];
}

function structure(text: Text): readonly Finding[] {
  const rest = text.text.replace(ACTION, '');
  const broken = /\{\{|\}\}/.exec(rest);
  if (broken !== null) {
    const near = rest.slice(Math.max(0, broken.index - 20), broken.index + 30).trim();
    return [finding(text, `has braces that open or close nothing, near "${near}"`, 'close each {{ with }}')];
  }
  let open = 0;
  for (const action of actionsIn(text.text)) {
    if (OPENS.test(action)) open++;
    if (action !== 'end') continue;
    open--;
    if (open < 0) break;
  }
  if (open === 0) return [];
  return [
    finding(
      text,
      open > 0 ? `lacks {{ end }} ${open} times` : 'has an {{ end }} that ends nothing',
      'give each define, if, range, with and block one {{ end }}',
    ),
  ];
}

function actionsIn(text: string): readonly string[] {
  return [...text.matchAll(ACTION)].map(([, action = '']) => action);
}

function namesIn(text: string, pattern: RegExp): readonly string[] {
  return actionsIn(text).flatMap((action) => pattern.exec(action)?.[1] ?? []);
}

function finding({ file, where }: Text, problem: string, remedy: string): Finding {
  return { rule: 'templates', file, where, problem, remedy };
}
