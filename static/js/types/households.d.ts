// Households as the server has them: responder/api/routes/registers/household_fields.py.

export type HelpKind = "carrying" | "wheelchair" | "hearing" | "sight" | "power" | "guidance" | "small_child";
export type SpokenLanguage = "cmn" | "hsn" | "yue" | "eng" | "csl" | "mis";

/** As those see it who come to help. */
export interface HouseholdToHelp {
  id: string;
  door: string;
  floor: number | null;
  people: number;
  language: SpokenLanguage | null;
  contact_name: string;
  contact_phone: string;
  help_kinds: readonly HelpKind[];
  help_people: number;
  help_note: string;
}

/** As coordinators see it. */
export interface Household extends HouseholdToHelp {
  is_tenant: boolean;
  landlord_name: string;
  landlord_phone: string;
  tenancy_until: string | null;
  consent: { given_on: string; purpose: string; recorded_by_name: string; withdrawn_on: string | null } | null;
  confirmed_on: string;
  is_due: boolean;
  version: number;
  changed_at: string;
  changed_by_name: string;
}

/** What a form says of a household. */
export interface HouseholdData {
  door: string;
  floor: number | null;
  people: number;
  consent_given_on: string | null;
  language: SpokenLanguage | null;
  contact_name: string;
  contact_phone: string;
  help_kinds: readonly HelpKind[];
  help_people: number;
  help_note: string;
  is_tenant: boolean;
  landlord_name: string;
  landlord_phone: string;
  tenancy_until: string | null;
}

export interface HouseholdNumbers {
  buildings: readonly { building_id: string; households: number; people: number; need_help: number; with_consent: number; due: number }[];
  due_after_months: number;
  delete_after_months: number;
  purpose: { version: string; zh: string; en: string };
}

export interface FoundHouseholds {
  found: readonly { id: string; building_id: string; door: string; floor: number | null }[];
  more: boolean;
}

export interface IncidentHouseholds {
  building_id: string | null;
  exercise: boolean;
  doors: number;
  people: number;
  need_help: number;
  households: readonly HouseholdToHelp[] | null;
}

export interface HouseholdSheetOutcome {
  messages: readonly import("./drills.js").SheetMessage[];
  importable: boolean;
  applied: boolean;
  created: readonly number[];
  changed: readonly number[];
  unchanged: number;
  untouched: number;
  digest: string;
}
