/** Where the story is written: a terminal with colours, or plain lines. */
import type { ToldDecision } from './sentences.ts';

interface Said {
  readonly zh: string;
  readonly en: string;
}

const STYLES = { dim: 2, bold: 1, red: 31, yellow: 33, green: 32 } as const;
const MARKS: Readonly<Record<ToldDecision['outcome'], readonly [string, keyof typeof STYLES]>> = {
  allow: ['○', 'green'],
  warn: ['◐', 'yellow'],
  hold: ['●', 'red'],
};

export class Paper {
  readonly #out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** A step of the start, or a piece of advice. */
  note(text: string): void {
    this.#line(text);
  }

  heading(zh: string, en: string): void {
    this.#line('');
    this.#line(this.#in('bold', zh));
    this.#line(this.#in('bold', en));
  }

  chapter(zh: string, en: string): void {
    this.#line('');
    this.#line(`── ${this.#in('bold', zh)}`);
    this.#line(`   ${en}`);
    this.#line('');
  }

  event(time: string, { zh, en }: Said): void {
    this.#line(`${time}  ${zh}  ${this.#in('dim', en)}`);
  }

  decision({ outcome, tier, score }: ToldDecision, said: Said, whys: readonly Said[]): void {
    const [mark, style] = MARKS[outcome];
    const head = this.#in(style, `${mark} 冷静：${said.zh}`);
    this.#line(
      `         ${head}  ${this.#in('dim', `Lengjing: ${said.en} (${tier}, ${score} dB)`)}`,
    );
    if (outcome === 'allow') return;
    for (const { zh, en } of whys) this.#line(`           · ${zh}  ${this.#in('dim', en)}`);
  }

  sum(zh: string, en: string): void {
    this.#line('');
    this.#line(`   ${this.#in('bold', zh)}`);
    this.#line(`   ${en}`);
  }

  #in(style: keyof typeof STYLES, text: string): string {
    return this.#out.isTTY ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
  }

  #line(text: string): void {
    this.#out.write(`${text}\n`);
  }
}
