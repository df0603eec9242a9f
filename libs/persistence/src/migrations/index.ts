/** Every migration in order. An explicit list, since globs do not survive bundling. */
import { AlertDeliveries1763940010000 } from './alert-deliveries.ts';
import { Episodes1763920010000 } from './episodes.ts';
import { FeedPulses1763920000000 } from './feed-pulses.ts';
import { PayeeQuiets1763920020000 } from './payee-quiets.ts';
import { FirstSchema1763900000000 } from './first-schema.ts';
import { HoldCare1763930100000 } from './hold-care.ts';
import { HoldOrders1763930000000 } from './hold-orders.ts';
import { PayerPage1763940000000 } from './payer-page.ts';
import { JournalSeals1763950000000 } from './journal-seals.ts';
import { PayerRestrictions1763950100000 } from './payer-restrictions.ts';
import { PayeeActivity1763910000000 } from './payee-activity.ts';
import { PayerHabits1763910100000 } from './payer-habits.ts';
import { CaseDesk1763960100000 } from './case-desk.ts';
import { Overview1763960300000 } from './overview.ts';
import { PolicyVersions1763960200000 } from './policy-versions.ts';
import { StaffSessions1763960000000 } from './staff-sessions.ts';

export const MIGRATIONS = [
  FirstSchema1763900000000,
  PayeeActivity1763910000000,
  PayerHabits1763910100000,
  FeedPulses1763920000000,
  Episodes1763920010000,
  PayeeQuiets1763920020000,
  HoldOrders1763930000000,
  HoldCare1763930100000,
  PayerPage1763940000000,
  AlertDeliveries1763940010000,
  JournalSeals1763950000000,
  PayerRestrictions1763950100000,
  StaffSessions1763960000000,
  CaseDesk1763960100000,
  PolicyVersions1763960200000,
  Overview1763960300000,
];
