/** What each script does where a paying platform cannot see it, and which evidence would show it: written from the cases, before any score. */
import type { ScriptName } from '../simulate/scams/scripts.ts';

export const BLIND_SPOTS: Readonly<Record<ScriptName, string>> = {
  'refund-code':
    'The code mostly stands on a page that no feed reports. Needed: signed page codes (`code.observed`, origin `page`) from merchants, and the raw amount field from every client; a round code looks like any amount.',
  'borrow-and-send':
    'All steps are visible where credit, savings and calls are reported. Needed against delays: windows beyond a day for borrowed money, and receipts at the own card’s bank when it goes that way.',
  'refund-dongguan':
    'The reserve looks like a payment received and the first return is small and plausible. Needed: the lender’s reports on reserves as loans, and who the sender of the “refund” was.',
  'refund-xiamen':
    'A loan less a price is no round sum and no full limit. Needed: the draw feed of every lender, and the merchant’s word that no refund is open.',
  'safe-account':
    'Own money, days of talk in other apps, transfers of a size that house buyers have too. Needed: call and screen state over hours, and receivers reported by other banks.',
  'loan-unfreeze':
    'Fees by chat, from the victim’s own money, each of a size people pay anyway, to a new name each time. Needed: receivers known from elsewhere (police or interbank lists), and other banks’ counts of first-time payers.',
  'campus-loan':
    'Visible where lenders report draws. Lenders that do not, and money that goes over the own card, hide it. Needed: draw feeds of all lenders, and bank transfers after a payout to a card.',
  'screen-takeover':
    'Visible where the client reports screen sharing and remote control; one client in five does not. Needed: those signals from the operating system.',
  brushing:
    'Chat only: no call, no loan at first, small sums to receivers who change each time, money that really comes back. Needed: receivers’ fan-in over banks, commissions recognised on the receiving side, merchant codes checked against shops.',
  'second-hand-deposit':
    'To the payer’s side it is a second-hand purchase like any other. Needed: reports on the receiver, the market place’s word that the trade left its escrow.',
  investment:
    'Days between payments, own money, no call; the first withdrawal builds trust. Needed: receivers’ history over banks, and app-store or police lists of platforms.',
  romance:
    'One receiver, gifts first, who soon is a payee of old. Needed: who the receiver is to others (same receiver, several unrelated payers), and a question that asks whether they ever met.',
  'fake-boss':
    'One or two large payments in office hours with an ordinary remark. Needed: confirmation of payee by name against the company’s books, call-back on first payments.',
};
