/** Which of our two languages a payer is spoken to in. */
import type { Locale } from '#domain';

/** Chinese unless the platform says otherwise. */
export function localeFrom(text: string | undefined): Locale {
  return text?.toLowerCase().startsWith('en') === true ? 'en' : 'zh-CN';
}
