/** Where the story is written: a terminal with colours, or plain lines. */
import type { Ending } from './past.ts';
import { grouped, type ToldDecision } from './sentences.ts';

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

  part(zh: string, en: string): void {
    this.#line('');
    this.#line(`  ${this.#in('bold', zh)}  ${this.#in('dim', en)}`);
    this.#line('');
  }

  /** What came of an event, where no decision did. */
  aside(zh: string, en: string): void {
    this.#line(`         ${this.#in('green', `○ ${zh}`)}  ${this.#in('dim', en)}`);
  }

  /** A message as it stands on the payer's phone. */
  phone(text: string): void {
    this.#line(`           ${this.#in('dim', '手机上 on the phone')}  ${this.#in('yellow', text)}`);
  }

  /** A page to open. */
  yourTurn(link: string): void {
    this.#line('');
    this.#line(`── ${this.#in('bold', '轮到您：徐女士手机上的那一页')}`);
    this.#line('   Your turn: the page on Mrs Xu’s phone');
    this.#line('');
    this.#line(`   ${link}`);
    this.#line(
      `   ${this.#in('dim', '只能打开一次，15分钟内有效  opens once, within 15 minutes')}`,
    );
  }

  /** Both endings side by side. */
  balances(past: Ending, present: Ending): void {
    const row = (zh: string, en: string, of: (ending: Ending) => number): void => {
      const cells = [past, present].map((ending) => yuan(of(ending)).padStart(14));
      this.#line(`     ${padded(zh, 14)}${cells.join('')}   ${this.#in('dim', en)}`);
    };
    this.#line('');
    const heads = [atRight('2016年', 14), atRight('有冷静', 14)].join('');
    this.#line(
      `     ${' '.repeat(14)}${this.#in('bold', heads)}   ${this.#in('dim', 'in 2016 | with Lengjing')}`,
    );
    row('开始时自己的钱', 'own money at the beginning', ({ accounts }) => accounts.ownMinor);
    row('最后手里的钱', 'money left at the end', ({ left }) => left);
    row('欠下的债', 'debt', ({ debt }) => debt);
    row('到了骗子手里', 'with the fraudster', ({ taken }) => taken);
  }

  #in(style: keyof typeof STYLES, text: string): string {
    return this.#out.isTTY ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
  }

  #line(text: string): void {
    this.#out.write(`${text}\n`);
  }
}

function yuan(minor: number): string {
  return `¥${grouped(minor / 100)}`;
}

/** Chinese characters take two places in a terminal. */
function widthOf(text: string): number {
  return text.replaceAll(/[\u2e80-\uffef]/g, 'xx').length;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function atRight(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}
