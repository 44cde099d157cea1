interface Notice {
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly generatorURL: string;
  }[];
}

/** The lane of the first alert of the newest notice, where that is of this rule. */
export async function newestLane(notices: string, uid: string): Promise<string | undefined> {
  const answer = await fetch(new URL('/avisos', notices));
  const { avisos } = (await answer.json()) as { avisos: readonly Notice[] };
  const first = avisos[0]?.alerts[0];
  return first?.generatorURL.includes(`/${uid}/`) === true ? first.labels.rota : undefined;
}
