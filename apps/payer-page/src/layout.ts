/** The frame of every page: one column for a phone, large letters, nothing loaded from elsewhere. */
import { createHash } from 'node:crypto';
import type { Locale } from '#domain';
import { html, type Html } from './html.ts';
import { STYLE } from './style.ts';

/** Its name changes with its content, so that it may be kept for good. */
export const STYLE_PATH = `/style-${createHash('sha256').update(STYLE).digest('hex').slice(0, 12)}.css`;

export interface PageFrame {
  readonly locale: Locale;
  readonly title: string;
  readonly brand: string;
  readonly body: Html;
  /** The same page in the other language. */
  readonly otherLanguage?: { readonly href: string; readonly name: string };
}

export function page({ locale, title, brand, body, otherLanguage }: PageFrame): string {
  const other = locale === 'en' ? 'zh-CN' : 'en';
  const document = html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="stylesheet" href="${STYLE_PATH}" />
      </head>
      <body>
        <header>
          <span>${brand}</span>${
            otherLanguage === undefined
              ? undefined
              : html` <a href="${otherLanguage.href}" lang="${other}">${otherLanguage.name}</a>`
          }
        </header>
        <main>${body}</main>
      </body>
    </html> `;
  return document.text;
}
