import {
  applyChanges,
  createScratch,
  episodesOf,
  instantsOf,
  messagesOf,
  replay,
  RuleQuestion,
  Timeline,
  transitionsOf,
  type Rule,
  type Scratch,
} from '@rastreio/alerts';
import type { JsonObject } from '@rastreio/grafana/rules';
import { DAY_MS } from '@rastreio/simulator';
import { EVERYDAY, historyOf, type Feed } from './feed';
import { feedOf, type Happening } from './happening';

export interface Size {
  readonly seed: number;
  readonly parcelsPerDay: number;
  /** How long before the incidents the database begins. */
  readonly warmupDays: number;
  /** When incidents begin. */
  readonly atMs: number;
}

/** What a rule made of a happening. */
export interface Told {
  /** From its beginning until the first alert fires, and until somebody is told; undefined: never. Milliseconds. */
  readonly firesAfterMs: number | undefined;
  readonly toldAfterMs: number | undefined;
  /** Instances that fired. */
  readonly instances: readonly string[];
  /** The worst value while it was looked at. */
  readonly worst: number | undefined;
}

/** Lets incidents happen to one database, each to a copy of its own. */
export class Stage {
  private copies = 0;

  private constructor(
    private readonly base: Scratch,
    private readonly world: Pick<Feed, 'seed' | 'startMs' | 'parcelsPerDay'>,
    private readonly atMs: number,
    private readonly events: number,
    private readonly policies: JsonObject,
    private readonly signal: AbortSignal,
  ) {}

  /** Writes what comes before all incidents. */
  static async set(
    adminUrl: string,
    { seed, parcelsPerDay, warmupDays, atMs }: Size,
    policies: JsonObject,
    signal: AbortSignal,
    prepare: readonly string[] = [],
  ): Promise<Stage> {
    const world = { seed, parcelsPerDay, startMs: atMs - warmupDays * DAY_MS };
    const history = historyOf(
      { ...world, incidents: [], changeMs: atMs, faults: EVERYDAY, aheadMs: 0 },
      { fromMs: -Infinity, toMs: atMs },
    );
    const base = await createScratch(adminUrl, 'palco', history);
    for (const statement of prepare) await base.owner.query(statement);
    const timeline = new Timeline(history, 'received');
    await applyChanges(base.owner, timeline, timeline.advance(atMs), atMs, { withEvents: true });
    await base.owner.query('VACUUM ANALYZE');
    return new Stage(base, world, atMs, history.events.length, policies, signal);
  }

  /** What a rule says of a happening, evaluated so often. */
  async play(rule: Rule, happening: Happening, everyMs: number): Promise<Told> {
    const { atMs } = this;
    const toMs = atMs + happening.watchMs;
    const history = historyOf(feedOf(this.world, happening, atMs), { fromMs: atMs, toMs });
    const scratch = await this.base.copy(`cena_${this.copies++}`);
    try {
      for (const statement of happening.statements ?? []) await scratch.owner.query(statement);
      const [played] = await replay({
        scratch,
        timeline: new Timeline(history, 'received'),
        questions: [new RuleQuestion(rule, 'regra')],
        instants: instantsOf(atMs, toMs, everyMs, 0),
        writtenBefore: this.events,
        withEvents: true,
        signal: this.signal,
        onShare: () => undefined,
      });
      if (played === undefined) throw new Error('one question was asked');
      const episodes = episodesOf(transitionsOf(played.recording, rule)).filter(
        ({ firingMs }) => firingMs !== undefined,
      );
      const told = messagesOf(rule, episodes, this.policies, toMs).find(({ kind }) => kind === 'firing');
      const values = played.recording.values();
      const [first] = episodes.map(({ firingMs }) => firingMs as number).sort((a, b) => a - b);
      return {
        firesAfterMs: first === undefined ? undefined : first - atMs,
        toldAfterMs: told === undefined ? undefined : told.atMs - atMs,
        instances: [...new Set(episodes.map(({ key }) => key))],
        worst: rule.fires.type.startsWith('l') ? values[0] : values.at(-1),
      };
    } finally {
      await scratch.drop();
    }
  }

  async close(): Promise<void> {
    await this.base.close();
  }
}
