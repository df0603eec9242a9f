/** Why a hold's rules refused, as HTTP says it. A new refusal does not compile until it is told here. */
import type { HoldChangeResult } from '#application';
import { Problem } from '../problem.ts';

type Refusal = Extract<HoldChangeResult, { ok: false }>['code'];

const REFUSALS: Readonly<Record<Refusal, { readonly status: number; readonly detail: string }>> = {
  hold_unknown: { status: 404, detail: 'there is no such hold' },
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
