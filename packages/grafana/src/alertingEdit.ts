import { isMap, isSeq, type YAMLMap, YAMLSeq, type Document } from 'yaml';
import { asList, asObject, asText, without, type Json, type JsonObject } from './json';
import { queryBody } from './alertingForm';
import { interpolate, type Env } from './interpolate';
import { REDACTED } from './secrets';
import { FOLDER, type Kind } from './units';
import { editMap, toNode, type Writing } from './yamlEdit';

/** A document of a file that may change. */
export interface OpenFile {
  readonly file: string;
  readonly document: Document;
}

/** One unit that a pull changes; `before` is the files' content, absent for a new one, and `after` the screen's, absent for one that goes. */
export interface UnitEdit {
  readonly kind: Exclude<Kind, 'dashboard'>;
  readonly key: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

const SECTIONS = {
  contactPoint: 'contactPoints',
  policies: 'policies',
  muteTiming: 'muteTimes',
  template: 'templates',
  group: 'groups',
  rule: 'groups',
} as const;
const ORG = { orgId: 1 };

/** Brings one unit's edit into the documents. @returns the file that was changed; undefined when there is nothing to change */
export function editAlerting(files: readonly OpenFile[], edit: UnitEdit, env: Env): string | undefined {
  const editor = new AlertingEditor(files, { env, interpolated: true });
  switch (edit.kind) {
    case 'rule':
      return editor.rule(edit);
    case 'group':
      return editor.group(edit);
    case 'contactPoint':
      return editor.contactPoint(edit);
    case 'policies':
      return editor.entry(edit, () => true, ORG);
    case 'muteTiming':
    case 'template':
      return editor.entry(edit, (item) => item.get('name') === edit.key, { ...ORG, name: edit.key });
  }
}

/** The expression that stands for a secret that Grafana does not tell. */
export function secretVariable(uid: string, setting: string): string {
  return `RASTREIO_${uid}_${setting}`.toUpperCase().replace(/\W+/g, '_');
}

interface Found {
  readonly file: OpenFile;
  readonly list: YAMLSeq;
  readonly item: YAMLMap;
}

class AlertingEditor {
  constructor(
    private readonly files: readonly OpenFile[],
    private readonly writing: Writing,
  ) {}

  rule({ key, before, after }: UnitEdit): string | undefined {
    const found = this.findIn('groups', 'rules', (item) => this.text(item.get('uid')) === key);
    if (after === undefined) return found === undefined ? undefined : remove(found);
    const group = asText(after.group);
    const content = without(after, 'group');
    if (found === undefined) {
      const target = this.openGroup(group);
      target.list.add(
        toNode(
          target.file.document,
          { uid: key, ...content, data: asList(content.data).map((query) => queryBody(asObject(query))) },
          undefined,
          this.writing,
        ),
      );
      return target.file.file;
    }
    editMap(found.file.document, found.item, without(before ?? {}, 'group'), content, this.writing);
    if (before?.group !== undefined && before.group !== group) {
      remove(found);
      const target = this.openGroup(group);
      target.list.add(found.item);
      return target.file.file;
    }
    return found.file.file;
  }

  group({ key, before, after }: UnitEdit): string | undefined {
    const found = this.find('groups', (item) => this.text(item.get('name')) === key);
    if (after === undefined) {
      // Its rules have gone before; one that still has some stays.
      const rules = found?.item.get('rules');
      return found !== undefined && isSeq(rules) && rules.items.length === 0 ? remove(found) : undefined;
    }
    if (found === undefined) return undefined;
    editMap(found.file.document, found.item, before ?? {}, after, this.writing);
    return found.file.file;
  }

  contactPoint({ key, before, after }: UnitEdit): string | undefined {
    const found = this.findIn('contactPoints', 'receivers', (item) => this.text(item.get('uid')) === key);
    if (after === undefined) {
      if (found === undefined) return undefined;
      const file = remove(found);
      const empty = this.find('contactPoints', (item) => asSeq(item.get('receivers')).items.length === 0);
      if (empty !== undefined) remove(empty);
      return file;
    }
    const { name, ...receiver } = after;
    if (found === undefined || (before !== undefined && before.name !== name))
      return this.placeReceiver(key, asText(name), receiver, found, before);
    editMap(found.file.document, found.item, without(before ?? {}, 'name'), receiver, this.writing);
    return found.file.file;
  }

  /** A section's entry that is a unit as a whole. */
  entry(
    { kind, before, after }: UnitEdit,
    is: (item: YAMLMap) => boolean,
    head: JsonObject,
  ): string | undefined {
    const section = SECTIONS[kind as 'policies'];
    const found = this.find(section, is);
    if (after === undefined) return found === undefined ? undefined : remove(found);
    const writing = kind === 'policies' ? this.writing : { ...this.writing, interpolated: false };
    if (found !== undefined) {
      editMap(found.file.document, found.item, before ?? {}, after, writing);
      return found.file.file;
    }
    const { file, list } = this.openSection(section);
    list.add(toNode(file.document, { ...head, ...after }, undefined, writing));
    return file.file;
  }

  /** A receiver into the contact point of this name: a new one, or one that was renamed. */
  private placeReceiver(
    uid: string,
    name: string,
    content: JsonObject,
    found: Found | undefined,
    before: JsonObject | undefined,
  ): string {
    if (found !== undefined) {
      editMap(found.file.document, found.item, without(before ?? {}, 'name'), content, this.writing);
      const holder = this.find('contactPoints', (item) => asSeq(item.get('receivers')) === found.list);
      // A contact point that has only this receiver takes the new name; that is the smallest change.
      if (holder !== undefined && found.list.items.length === 1) {
        editMap(holder.file.document, holder.item, { name: before?.name ?? '' }, { name }, this.writing);
        return holder.file.file;
      }
      remove(found);
    }
    const document = found?.file.document ?? this.openSection('contactPoints').file.document;
    const item =
      found?.item ??
      toNode(document, { uid, ...withVariables(uid, content) }, undefined, {
        ...this.writing,
        interpolated: false,
      });
    const point = this.find('contactPoints', (p) => this.text(p.get('name')) === name);
    if (point !== undefined) {
      asSeq(point.item.get('receivers')).add(item);
      return point.file.file;
    }
    const { file, list } = this.openSection('contactPoints');
    const fresh = toNode(file.document, { ...ORG, name, receivers: [] }, undefined, this.writing) as YAMLMap;
    asSeq(fresh.get('receivers')).flow = false;
    asSeq(fresh.get('receivers')).add(item);
    list.add(fresh);
    return file.file;
  }

  /** The rules of a group, which is made where there is none. */
  private openGroup(name: string): { readonly file: OpenFile; readonly list: YAMLSeq } {
    const found = this.find('groups', (item) => this.text(item.get('name')) === name);
    if (found !== undefined) return { file: found.file, list: asSeq(found.item.get('rules')) };
    const { file, list } = this.openSection('groups');
    const head = { ...ORG, name, folder: FOLDER.title, interval: '1m', rules: [] };
    const group = toNode(file.document, head, undefined, this.writing) as YAMLMap;
    asSeq(group.get('rules')).flow = false;
    list.add(group);
    return { file, list: asSeq(group.get('rules')) };
  }

  /** The list of a section in the file that has one, else in the first file. */
  private openSection(section: string): { readonly file: OpenFile; readonly list: YAMLSeq } {
    const having = this.files.find(({ document }) => isSeq(document.get(section)));
    const file = having ?? this.files[0];
    if (file === undefined) throw new Error('there is no file to write to');
    if (having === undefined) file.document.set(section, new YAMLSeq());
    return { file, list: asSeq(file.document.get(section)) };
  }

  private find(section: string, is: (item: YAMLMap) => boolean): Found | undefined {
    for (const file of this.files) {
      const list = file.document.get(section);
      if (!isSeq(list)) continue;
      const item = list.items.find((i): i is YAMLMap => isMap(i) && is(i));
      if (item !== undefined) return { file, list, item };
    }
    return undefined;
  }

  private findIn(section: string, inner: string, is: (item: YAMLMap) => boolean): Found | undefined {
    for (const file of this.files) {
      const outer = file.document.get(section);
      if (!isSeq(outer)) continue;
      for (const holder of outer.items) {
        const list = isMap(holder) ? holder.get(inner) : undefined;
        if (!isSeq(list)) continue;
        const item = list.items.find((i): i is YAMLMap => isMap(i) && is(i));
        if (item !== undefined) return { file, list, item };
      }
    }
    return undefined;
  }

  private text(value: unknown): string {
    return interpolate(asText(value), this.writing.env);
  }
}

function remove({ file, list, item }: Found): string {
  list.items.splice(list.items.indexOf(item), 1);
  return file.file;
}

function asSeq(value: unknown): YAMLSeq {
  if (isSeq(value)) return value;
  throw new Error('a list was expected');
}

/** A new receiver's settings with a variable for each secret that Grafana does not tell, and dollars of the rest written as text. */
function withVariables(uid: string, content: JsonObject): JsonObject {
  const settings = Object.entries(asObject(content.settings)).map(([key, value]): [string, Json] => [
    key,
    value === REDACTED ? `\${${secretVariable(uid, key)}}` : escaped(value),
  ]);
  return { ...content, settings: Object.fromEntries(settings) };
}

function escaped(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return asList(value).map(escaped);
  return value;
}
