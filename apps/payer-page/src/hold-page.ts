/** The page of one hold: what is stopped, that the money is still there, what the caller will say next, and a way out. */
import type { HoldOnPage, PageSession } from '#application';
import {
  fillTemplate,
  formatInstant,
  heldScript,
  isOpen,
  payerMoney,
  payerTime,
  type Instant,
  type Locale,
  type NoticeCatalogue,
  type PageTexts,
  type PageWord,
  type PayerAnswer,
} from '#domain';
import { html, type Html } from './html.ts';
import { page } from './layout.ts';

export interface HoldPageContext {
  readonly texts: PageTexts;
  readonly notices: NoticeCatalogue;
  readonly session: PageSession;
  readonly view: HoldOnPage;
  readonly locale: Locale;
  /** Proves that a form came from this page. */
  readonly formKey: string;
}

/** After a confirmation the engine is given so long before the page says that it was refused. */
const CHECKING_MS = 15_000;

/** True while the page shows something that changes by itself within seconds. */
export function isChecking({ hold, answers, now }: HoldOnPage): boolean {
  return hold.status === 'matured' && since(answers, 'reconfirm', now) < CHECKING_MS;
}

export function holdPage(context: HoldPageContext): string {
  const { locale, texts, view } = context;
  const say = sayer(context);
  return page({
    locale,
    title: isOpen(view.hold) ? say(stopped(context)) : say(ended(context)),
    brand: say('brand'),
    otherLanguage: {
      href: locale === 'en' ? '/hold?lang=zh' : '/hold?lang=en',
      name: texts.words.other_language[locale],
    },
    body: isOpen(view.hold) ? openBody(context, say) : endedBody(context, say),
  });
}

type Say = (word: PageWord, values?: Readonly<Record<string, string>>) => string;

function sayer({ texts, locale }: HoldPageContext): Say {
  return (word, values = {}) => fillTemplate(texts.words[word][locale], values);
}

function openBody(context: HoldPageContext, say: Say): Html {
  return html`${status(context, say(stopped(context)))}
    <section class="hang-up">
      <h2>${say('hang_up')}</h2>
      <p>${say('hang_up_text')}</p>
    </section>
    ${cancel(context, say)} ${happening(context, say)} ${question(context, say)}
    ${why(context, say)} ${reconfirm(context, say)} ${help(say)} ${appeal(context, say)}`;
}

function endedBody(context: HoldPageContext, say: Say): Html {
  const { status: end } = context.view.hold;
  const texts: Readonly<Record<string, PageWord>> = {
    cancelled: `cancelled_${context.view.hold.subject.kind}_text`,
    released: 'released_text',
    expired: 'expired_text',
  };
  return html`${status(context, say(ended(context)))}
    <section>
      <p>${say(texts[end] ?? 'released_text')}</p>
    </section>
    ${
      end === 'released'
        ? undefined
        : html`<section>
            <h2>${say('next')}</h2>
            <ol>
              <li>${say('next_1')}</li>
              <li>${say('next_2')}</li>
              <li>${say('next_3')}</li>
            </ol>
          </section>`
    }
    ${help(say)}`;
}

function stopped({ view }: HoldPageContext): PageWord {
  return `stopped_${view.hold.subject.kind}`;
}

function ended({ view }: HoldPageContext): PageWord {
  const { status: end, subject } = view.hold;
  if (end === 'placed' || end === 'matured') return `stopped_${subject.kind}`;
  return `${end}_${subject.kind}`;
}

function status({ view, locale, texts }: HoldPageContext, title: string): Html {
  const { amountMinor, currency, subject } = view.hold;
  const amount = payerMoney({ currency, minor: amountMinor }, locale);
  return html`<section class="status">
    <h1>${title}</h1>
    <p class="amount"><small>${texts.words[subject.kind][locale]}</small>${amount}</p>
  </section>`;
}

function cancel({ view, formKey }: HoldPageContext, say: Say): Html {
  const { kind } = view.hold.subject;
  return html`<section>
    ${form('/cancel', formKey, html`<button class="main">${say(`cancel_${kind}`)}</button>`)}
    <p>${say(`cancel_${kind}_text`)}</p>
  </section>`;
}

function happening({ view, texts, locale }: HoldPageContext, say: Say): Html {
  const script = texts.scripts[heldScript(view.hold.subject.kind, view.hold.reasonCodes)];
  const lines = script.says.map(
    ({ line, truth }) => html`<li><q>${line[locale]}</q><strong>${truth[locale]}</strong></li> `,
  );
  return html`<section>
      <h2>${say('happening')}</h2>
      <p>${script.happening[locale]}</p>
    </section>
    <section>
      <h2>${say('says')}</h2>
      <ul class="says">
        ${lines}
      </ul>
    </section>`;
}

function question({ view, notices, locale, formKey }: HoldPageContext, say: Say): Html {
  const { hold, answers } = view;
  const asked = notices.templates[heldScript(hold.subject.kind, hold.reasonCodes)].question;
  if (asked === undefined) return html``;
  if (answers.some(({ answer }) => answer === 'coached_no')) {
    return html`<section><p class="note">${say('answered_no')}</p></section>`;
  }
  const button = (answer: 'coached_yes' | 'coached_no'): Html =>
    form(
      '/answer',
      formKey,
      html`<input type="hidden" name="answer" value="${answer}" /><button>
          ${notices.actions[answer][locale]}
        </button>`,
    );
  return html`<section>
    <h2>${say('question')}</h2>
    <p>${asked[locale]}</p>
    <div class="two">${button('coached_yes')} ${button('coached_no')}</div>
  </section>`;
}

function why({ view, texts, notices, locale }: HoldPageContext, say: Say): Html {
  const { hold } = view;
  const told = hold.reasonCodes.flatMap((code) => texts.reasons[code]?.[locale] ?? []);
  const reasons = [...new Set(told)].join(locale === 'en' ? ', ' : '、');
  const times = {
    due: payerTime(hold.dueAt, locale, notices),
    ceiling: payerTime(hold.ceilingAt, locale, notices),
  };
  const until = hold.status === 'matured' ? 'matured' : (`until_${hold.expiryAction}` as const);
  const end = locale === 'en' ? '.' : '。';
  return html`<section>
    <h2>${say('why')}</h2>
    ${reasons === '' ? undefined : html`<p>${upperFirst(reasons)}${end}</p>`}
    <p><time datetime="${formatInstant(hold.dueAt)}">${say(until, times)}</time></p>
  </section>`;
}

/** Where it may be confirmed at all; a hold that is released by the clock needs nobody. */
function reconfirm({ view, session, formKey }: HoldPageContext, say: Say): Html {
  const { hold, answers, now } = view;
  if (hold.status !== 'matured') return html``;
  if (session.purpose !== 'reconfirm') {
    return html`<section><p>${say('reconfirm_elsewhere')}</p></section>`;
  }
  if (isChecking(view)) {
    return html`<section><p class="note">${say('reconfirm_asked')}</p></section>`;
  }
  const refused = Number.isFinite(since(answers, 'reconfirm', now));
  const button = html`<label class="check"
      ><input type="checkbox" name="alone" value="yes" required />${say('reconfirm_check')}</label
    >
    <button>${say('reconfirm_button')}</button>`;
  return html`<section>
    <h2>${say('reconfirm')}</h2>
    ${refused ? html`<p class="note">${say('reconfirm_refused')}</p>` : undefined}
    <p>${say('reconfirm_text')}</p>
    ${form('/reconfirm', formKey, button)}
  </section>`;
}

/** The numbers of DETECTION §1.4 F and REGULATION §1.1: advice and police. */
function help(say: Say): Html {
  return html`<section>
    <h2>${say('help')}</h2>
    <p>${say('help_text')}</p>
    <p>
      <a class="call" href="tel:96110"><b>96110</b> ${say('help_96110')}</a>
      <a class="call" href="tel:110"><b>110</b> ${say('help_110')}</a>
    </p>
  </section>`;
}

function appeal({ view, formKey }: HoldPageContext, say: Say): Html {
  const given = (answer: PayerAnswer): boolean => view.answers.some((one) => one.answer === answer);
  const note = (word: PageWord): Html => html`<p class="note">${say(word)}</p>`;
  const write = html`<label
      >${say('appeal_label')}<textarea name="text" maxlength="500" required></textarea>
    </label>
    <button>${say('appeal_button')}</button>`;
  const open = given('appeal') || given('explain') ? html` open` : undefined;
  return html`<section><details${open}>
<summary>${say('appeal')}</summary>
<p>${say('appeal_text')}</p>
${given('appeal') ? note('appeal_taken') : form('/appeal', formKey, write)}
${given('explain') ? note('explain_taken') : form('/explain', formKey, html`<button>${say('explain_button')}</button>`)}
</details></section>`;
}

function form(action: string, formKey: string, inside: Html): Html {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="key" value="${formKey}" />${inside}
  </form>`;
}

/** Infinite where it was never given. */
function since(answers: HoldOnPage['answers'], answer: PayerAnswer, now: Instant): number {
  const at = answers.find((one) => one.answer === answer)?.at;
  return at === undefined ? Number.POSITIVE_INFINITY : now - at;
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
