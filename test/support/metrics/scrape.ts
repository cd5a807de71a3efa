/** What `/metrics` shows: the value of each series, by its name with its labels as they are written. */
export class Scrape {
  private constructor(
    readonly text: string,
    private readonly series: ReadonlyMap<string, number>,
  ) {}

  static async of(origin: string): Promise<Scrape> {
    const answer = await fetch(`${origin}/metrics`);
    if (answer.status !== 200) throw new Error(`/metrics answered ${answer.status}`);
    return Scrape.read(await answer.text());
  }

  static read(text: string): Scrape {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const series = lines.map((line): [string, number] => {
      const blank = line.lastIndexOf(' ');
      return [line.slice(0, blank), Number(line.slice(blank + 1))];
    });
    return new Scrape(text, new Map(series));
  }

  /** @param series such as `inboxwire_pushes_total{outcome="news"}` */
  value(series: string): number | undefined {
    return this.series.get(series);
  }

  /** Every series of ours. */
  get own(): string[] {
    return [...this.series.keys()].filter((name) => name.startsWith('inboxwire_'));
  }

  /** The names of the families of ours, each with its type. */
  get families(): Map<string, string> {
    const types = this.text.matchAll(/^# TYPE (inboxwire_\S+) (\w+)$/gm);
    return new Map(Array.from(types, ([, name, type]) => [name!, type!]));
  }
}
