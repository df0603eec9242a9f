/** Why a hold's rules refused, as HTTP says it. A new refusal does not compile until it is told here. */
import type {
  AppealRefusal,
  HoldChangeResult,
  InstructionResult,
  ReleaseRequestRefusal,
} from '#application';
import { Problem } from '../problem.ts';

type Refusal =
  | Extract<HoldChangeResult, { ok: false }>['code']
  | Extract<InstructionResult, { ok: false }>['code']
  | ReleaseRequestRefusal
  | AppealRefusal;

const REFUSALS: Readonly<Record<Refusal, { readonly status: number; readonly detail: string }>> = {
  hold_unknown: { status: 404, detail: 'there is no such hold' },
  request_unknown: { status: 404, detail: 'there is no such request' },
  request_decided: { status: 409, detail: 'the request has been decided already' },
  already_requested: { status: 409, detail: 'somebody has asked for this release already' },
  contact_not_since_hold: {
    status: 409,
    detail: 'the contact must lie after the hold was placed, and not in the future',
  },
  hold_changed: {
    status: 409,
    detail: 'the hold has changed since the request: look again and ask anew',
  },
  appeal_unknown: { status: 404, detail: 'there is no such appeal' },
  appeal_decided: { status: 409, detail: 'the appeal has been answered already' },
  term_over: { status: 409, detail: 'the term of the instruction is over' },
  term_too_long: { status: 409, detail: 'an instruction to stop lasts 48 hours at most' },
  stopped_twice: { status: 409, detail: 'this payment was stopped by instruction twice already' },
  hold_ended: { status: 409, detail: 'the hold has ended already' },
  not_due: { status: 409, detail: 'the hold is not due yet' },
  not_matured: { status: 409, detail: 'the hold has not matured yet' },
  needs_second_person: {
    status: 403,
    detail: 'early release of this tier needs a second person',
  },
  needs_contact: {
    status: 403,
    detail: 'early release of this tier needs a recorded contact with the payer',
  },
  needs_fresh_session: { status: 403, detail: 'reconfirming needs a fresh session' },
  call_running: { status: 403, detail: 'reconfirming has to wait until the call is over' },
  not_later: { status: 409, detail: 'the new due time must be later than the present one' },
  beyond_ceiling: { status: 409, detail: 'no hold lasts beyond its ceiling' },
  not_stricter: { status: 409, detail: 'the hold is that strict already' },
  responses_unread: {
    status: 409,
    detail: 'what the payer answered has not been read yet: try again in a moment',
  },
  profile_forbids: { status: 409, detail: 'the profile of this hold does not allow that' },
};

export function refusalProblem(code: Refusal): Problem {
  const { status, detail } = REFUSALS[code];
  return new Problem(status, code, detail);
}
