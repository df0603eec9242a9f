/** The pages without a hold: before a link is opened, after it cannot be, and when something of ours fails. Both languages on one page. */
import type { PageTexts, PageWord } from '#domain';
import { html, type Html } from './html.ts';
import { page } from './layout.ts';

/** What stands on a link until it is opened: nothing of the payment, since whoever follows links by machine sees this too. */
export function openingPage(texts: PageTexts, token: string): string {
  const button = html`<form method="post" action="/l/${token}">
    <button class="main">
      ${texts.words.open_button['zh-CN']}<br />${texts.words.open_button.en}
    </button>
  </form>`;
  return bilingual(texts, 'open', html`${paragraphs(texts, 'open_text')}${button}`);
}

/** Forged, expired, spent and other people's links all get this. */
export function deadLinkPage(texts: PageTexts): string {
  return bilingual(texts, 'dead_link', paragraphs(texts, 'dead_link_text'));
}

export function failurePage(texts: PageTexts): string {
  return bilingual(texts, 'failed', paragraphs(texts, 'failed_text'));
}

function bilingual(texts: PageTexts, title: PageWord, body: Html): string {
  const { words } = texts;
  return page({
    locale: 'zh-CN',
    title: `${words[title]['zh-CN']} ${words[title].en}`,
    brand: words.brand['zh-CN'],
    body: html`<section class="hang-up">
      <h1>${words[title]['zh-CN']}<br /><span lang="en">${words[title].en}</span></h1>
      ${body}
    </section>`,
  });
}

function paragraphs({ words }: PageTexts, word: PageWord): Html {
  return html`<p>${words[word]['zh-CN']}</p>
    <p lang="en">${words[word].en}</p>`;
}
