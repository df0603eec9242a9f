/** The texts that payers read, from the file beside it. */
import { readFileSync } from 'node:fs';
import type { NoticeCatalogue, PageTexts } from '#domain';

let builtIn: NoticeCatalogue | undefined;

/** The catalogue that comes with the program. */
export function defaultNotices(): NoticeCatalogue {
  builtIn ??= JSON.parse(
    readFileSync(new URL('./default-notices.json', import.meta.url), 'utf8'),
  ) as NoticeCatalogue;
  return builtIn;
}

let page: PageTexts | undefined;

/** What stands on the payer page. */
export function payerPageTexts(): PageTexts {
  page ??= JSON.parse(
    readFileSync(new URL('./page-texts.json', import.meta.url), 'utf8'),
  ) as PageTexts;
  return page;
}
