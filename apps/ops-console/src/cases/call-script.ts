/**
 * What to say on the phone, step by step. First that we call and cannot be called by the number they were given, then what a scammer
 * would have told them, in questions a frightened person can answer with one word (DETECTION §1.4). Never a number to dial, never a code.
 */
import type { Static } from 'typebox';
import type { ScriptStep } from '../api/case.ts';

type Step = Static<typeof ScriptStep>;

const YES_NO: Step['answers'] = [
  { key: 'yes', text: { 'zh-CN': '是', en: 'yes' } },
  { key: 'no', text: { 'zh-CN': '不是', en: 'no' } },
  { key: 'unsure', text: { 'zh-CN': '说不清', en: 'not sure' } },
];

const BASE: readonly Step[] = [
  {
    key: 'greeting',
    say: {
      'zh-CN':
        '您好，这里是您转账使用的平台。您的钱还在账户里，没有丢。您不用做任何操作，也不用告诉我验证码或密码。您可以先挂断，用应用里的官方电话打回来。',
      en: 'Hello, this is the platform you pay with. Your money is still in your account. You need not do anything, and please tell me no code and no password. You may hang up and call back by the official number in the app.',
    },
    answers: [],
  },
  {
    key: 'on_call',
    say: {
      'zh-CN': '现在有没有别的电话没挂，或者有人在教您操作、看您的屏幕？',
      en: 'Is another call still open, or is somebody telling you what to do or watching your screen?',
    },
    answers: YES_NO,
  },
  {
    key: 'pretext',
    say: {
      'zh-CN': '对方是怎么说的：退款、验证、解冻、安全账户、还是借钱刷流水？',
      en: 'What did they say it is for: a refund, a verification, unfreezing, a safe account, or borrowing to prove your credit?',
    },
    answers: [
      { key: 'refund', text: { 'zh-CN': '退款', en: 'refund' } },
      { key: 'verification', text: { 'zh-CN': '验证', en: 'verification' } },
      { key: 'unfreeze', text: { 'zh-CN': '解冻或安全账户', en: 'unfreezing or safe account' } },
      { key: 'credit', text: { 'zh-CN': '借款刷流水', en: 'borrowing to prove credit' } },
      { key: 'own_payment', text: { 'zh-CN': '自己要付的钱', en: 'a payment of my own' } },
    ],
  },
  {
    key: 'knows_payee',
    say: {
      'zh-CN': '收款的人您见过面吗？',
      en: 'Have you met the person you are paying?',
    },
    answers: YES_NO,
  },
];

const BORROWED: Step = {
  key: 'borrowed',
  say: {
    'zh-CN': '这笔钱里有刚借的款。是别人让您借的吗？借款还可以当天退回。',
    en: 'Part of this money was just borrowed. Did somebody tell you to borrow it? The loan can still be returned today.',
  },
  answers: YES_NO,
};

const CODE: Step = {
  key: 'amount_given',
  say: {
    'zh-CN': '转账金额是您自己定的，还是对方让您照着输的？',
    en: 'Did you choose the amount yourself, or were you told what to type?',
  },
  answers: [
    { key: 'own', text: { 'zh-CN': '自己定的', en: 'my own' } },
    { key: 'told', text: { 'zh-CN': '对方给的', en: 'I was told' } },
  ],
};

const CLOSING: Step = {
  key: 'closing',
  say: {
    'zh-CN':
      '不管结果怎样，都不是您的错，骗子就是做这一行的。请不要再接那个号码；需要的话打96110。',
    en: 'Whatever it turns out to be, it is not your fault: they do this for a living. Please do not answer that number again; if you need help, call 96110.',
  },
  answers: [],
};

/** The steps for what was seen: borrowed money and codes ask one question more each. */
export function callScript(reasonCodes: readonly string[]): Step[] {
  const seen = (prefix: string): boolean => reasonCodes.some((code) => code.startsWith(prefix));
  return [...BASE, ...(seen('CR') ? [BORROWED] : []), ...(seen('CD') ? [CODE] : []), CLOSING];
}
