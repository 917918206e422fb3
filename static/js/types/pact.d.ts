// The pact, its duties and the roster as the server has them: responder/api/routes/registers/pact/.

export type DutyKind = "publicity" | "drills" | "facilities" | "rescue";
export type Period = "year" | "quarter" | "month";

export interface PactSignature {
  partner_id: string;
  account_name: string;
  at: string;
  document_hash: string;
}

export interface PactSummary {
  id: string;
  number: number;
  state: "draft" | "signed" | "superseded";
  name: string;
  name_en: string;
  valid_from: string;
  valid_until: string;
  version: number;
  changed_at: string;
  changed_by_name: string;
  signed_at: string | null;
  signatures: readonly PactSignature[];
  renewal: "none" | "soon" | "overdue";
  waits_for: readonly string[];
  may_sign: boolean;
}

export interface PactParty {
  partner_id: string;
  name: string;
  name_en: string;
  signatory: string;
}

export interface PactDuty {
  /** Null of one that is new. */
  id: string | null;
  kind: DutyKind;
  text: string;
  text_en: string;
  owner_id: string | null;
  times: number;
  per: Period;
}

export interface PactContent {
  name: string;
  name_en: string;
  parties: readonly PactParty[];
  duties: readonly PactDuty[];
  valid_from: string;
  valid_until: string;
}

export interface Pact extends PactSummary {
  content: PactContent;
  annex: readonly { kind: string; name: string; name_en: string; owner: string; owner_en: string; note: string }[];
  document_hash: string;
}

export interface PactList {
  pacts: readonly PactSummary[];
  today: string;
}

export interface ScoredDuty {
  id: string;
  kind: DutyKind;
  text: string;
  text_en: string;
  owner_id: string | null;
  times: number;
  per: Period;
  due: number | null;
  kept: number | null;
  done: number;
}

export interface DutyRecord {
  id: string;
  duty_id: string;
  partner_id: string | null;
  done_on: string;
  note: string;
  created_at: string;
  created_by_name: string;
  may_remove: boolean;
}

export interface DutyScore {
  year: number;
  quarter: number;
  first: string;
  last: string;
  today: string;
  is_over: boolean;
  pact_id: string | null;
  pact_number: number | null;
  due: number;
  kept: number;
  duties: readonly ScoredDuty[];
  records: readonly DutyRecord[];
}

export interface Shift {
  id: string;
  unit_id: string;
  responder_id: string;
  partner_id: string;
  starts_at: string;
  ends_at: string;
  pattern_id: string | null;
  asked_id: string | null;
}

export interface RosterPattern {
  id: string;
  unit_id: string;
  responder_id: string;
  partner_id: string;
  weekdays: readonly number[];
  starts: string;
  ends: string;
  since: string;
  until: string | null;
}

export interface RosterPerson {
  id: string;
  unit_id: string;
  partner_id: string;
  name: string;
  is_self: boolean;
}

export interface Roster {
  first: string;
  days: number;
  today: string;
  time_zone: string;
  shifts: readonly Shift[];
  tonight_at: string;
  tonight: readonly Shift[];
  asked: readonly Shift[];
  patterns: readonly RosterPattern[];
  people: readonly RosterPerson[];
  may_edit: boolean;
}
