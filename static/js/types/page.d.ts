// Shapes of the page's own; what comes over the wire is in messages.d.ts.

import type { CallList, Neighbours, ShownLadders } from "./ladder.js";
import type { CircleSnapshot, Delivery, DrillRun, Receipt, ViewerCard } from "./messages.js";
import type { Drill, DrillCard, DrillDraft, DrillTemplate, Objective, Observation, PlannedReach, ShownRun } from "./drills.js";
import type { HazardFollowUp, HazardLife } from "./hazards.js";
import type { DrillProgramme, FindingFilter, FindingPage, FindingSource } from "./findings.js";
import type { ClosureCost, CriticalityStatus, ProfileTable, ReachPreview, ShownProfiles } from "./reach.js";

/** How the live line is. `slow`: the socket does not come through, the snapshot is fetched instead. */
export interface Connection {
  phase: "connecting" | "live" | "slow" | "waiting" | "offline" | "stopped";
  /** When the server was last known to be there, by our clock. */
  heardAt: number | null;
  /** An error code when `stopped`. */
  problem: string | null;
}

/** A receipt on its way to the server. */
export interface OutboxItem {
  /** The same action sent twice counts once. */
  action_id: string;
  alert_id: string;
  state: Receipt["state"];
  /** The unit that the person goes with, when they were called in several. */
  unit_id?: string;
  at: string;
  circle_id: string;
}

export interface CircleState {
  viewer: ViewerCard | null;
  /** Null until the first snapshot. */
  snapshot: CircleSnapshot | null;
  /** What was put in by the answer to a command and whose event has not come yet. */
  ahead?: readonly string[];
  /** By id of a thing: the number of the last event about it. */
  heard?: Readonly<Record<string, number>>;
  /** By id of an alert: how far the server has stored that the viewer is, whose event has not come yet. */
  stored?: Readonly<Record<string, Delivery["state"]>>;
  /** Of the last snapshot; zero or nothing for a snapshot kept on the device. */
  snapshotSeq?: number;
}

/** What the panel shows of one view. */
export interface PanelView {
  body: unknown;
  /** Stay in thumb reach however far the body is scrolled. */
  actions?: unknown;
  exercise?: boolean;
}

export type LonLat = readonly [number, number];

export interface Account {
  id: string;
  username: string;
  name: string;
  admin: boolean;
}

export interface CircleChoice {
  id: string;
  name: string;
  name_en: string;
  role: string;
}

/** What a notification says: docs/protocol.md, section 9. */
export interface PushedAlert {
  v: number;
  alert_id: string;
  incident_id: string;
  circle_id: string;
  exercise: boolean;
  severity: "red" | "orange" | "yellow" | "blue";
  head: string;
  lines: string[];
  /** Opens the answer page without signing in. */
  link: string | null;
}

/** What the page needs when it opens. */
export interface StartAnswer {
  config: Config;
  account: Account | null;
  circles: CircleChoice[];
  ticket: { ticket: string; expires_in_s: number } | null;
  circle: { viewer: ViewerCard; snapshot: CircleSnapshot } | null;
  /** Begun before the answer came. */
  socket: WebSocket | null;
}

/** What boot.js has asked for before the other scripts had arrived. */
export interface Early {
  language: string;
  words: Promise<Response> | null;
  circleId: string | null;
  start: Promise<Response>;
  socket: WebSocket | null;
}

declare global {
  var early: Early | undefined;
}

export interface SessionAnswer {
  account: Account;
  circles: CircleChoice[];
}

/** A circle as the platform's administrators see it. */
export interface AdministeredCircle {
  id: string;
  name: string;
  name_en: string;
  people: number;
  coordinators: number;
}

export interface Config {
  version: string;
  live_url: string;
}

export interface Entrance {
  name: string;
  lon: number;
  lat: number;
}

export interface Building {
  id: string;
  name: string;
  name_en: string;
  geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
  use: string;
  storeys: number | null;
  year: number | null;
  fire_rating: number | null;
  households: number;
  entrances: Entrance[];
}

export interface Facility {
  id: string;
  kind: string;
  name: string;
  name_en: string;
  lon: number;
  lat: number;
  partner_id: string | null;
  note: string;
  /** Only what is in service is offered as the nearest. */
  state: "in_service" | "faulty" | "removed";
  where_to_find: string;
  /** Empty for observers. */
  access_code: string;
  holders: KeyHolder[];
  /** In the grammar of OpenStreetMap; empty is always open. */
  opening_hours: string;
  inspection_days: number | null;
  /** A day such as 2026-05-31. */
  inspected_on: string | null;
  /** Of one with opening hours; `unknown` when they cannot be read. */
  hours?: { now: Opening; changes: { at: string; to: Opening }[] };
}

export type Opening = "open" | "closed" | "unknown";

/** The nearest facilities that can be used now, along the ways there are. */
export interface NearestFacilities {
  computed_at: string;
  /** `seconds` on foot, one way, none for a hose; `length_m` of a hydrant: the hose that has to be laid. */
  found: { kind: string; facility_id: string; seconds: number | null; length_m: number; hours: "open" | "unknown" }[];
}

/** What was found when a facility was inspected. */
export interface Inspection {
  id: string;
  facility_id: string;
  facility_name: string;
  facility_kind: string;
  round_id: string;
  result: "ok" | "faulty";
  note: string;
  at: string;
  by_name: string;
  has_photo: boolean;
}

/** Who opens a gate; `hours` is empty for always. */
export interface KeyHolder {
  name: string;
  phone: string;
  hours: string;
}

export interface Gate {
  id: string;
  kind: string;
  name: string;
  name_en: string;
  lon: number;
  lat: number;
  note: string;
  holders: KeyHolder[];
}

/** Where an alert would be raised, or of which the reach is wanted. */
export interface PlaceChoice {
  lon: number;
  lat: number;
  label: string;
  building: Building | null;
  entrance: string | null;
  /** Set when it is the device's own position. */
  accuracyM: number | null;
}

export interface ClosureDraft {
  points: LonLat[];
  /** What was drawn before each tap, to take taps back. */
  before: LonLat[][];
  widerThanM: number | null;
  hours: number | null;
  name: string;
  sending: boolean;
  error: string | null;
}

/** Daily work between alerts; a page each, some of them of one thing. */
export type RegisterPage = "home" | "hazards" | "roll_call" | "alley_sheet" | "households" | "reports" | "facilities" | "inspection" | "inspections" | "pact" | "duties" | "roster";
export type RegisterView = { name: "register"; page: RegisterPage; id?: string };

export type View =
  | { name: "overview" }
  | { name: "choose_place" }
  | { name: "place"; place: PlaceChoice }
  | { name: "incident"; id: string }
  | { name: Exclude<ThingKind, "building">; id: string }
  | ProposalView
  /** `inject`: of the plan of a drill that is edited, which closes the lane in place of anybody; `finding`: for which it is set. */
  | { name: "closure_draft"; inject?: { drill: string; number: number }; finding?: FindingView }
  | { name: "criticality"; building: Building | null; peoplePass: boolean }
  | { name: "profiles" }
  | { name: "ladders" }
  /** Of the plan of a drill, without people; `fromS`: the second of its run from which it goes on. */
  | { name: "rehearsal"; id: string; fromS?: number }
  | { name: "calibration" }
  /** With a template: where a new drill is. */
  | { name: "drills"; template?: string; sending?: boolean; error?: string }
  /** `inject`: the one of its plan that is looked at; `stage`: of who should arrive when. */
  | { name: "drill"; id: string; inject?: number; stage?: number }
  | DrillRunView
  /** `of`: the observation about which more is said. */
  | { name: "drill_observe"; id: string; of?: string; sending?: string | null; error?: string | null }
  | { name: "drill_lane"; id: string; inject: number; sending?: string | null; error?: string | null }
  | { name: "findings"; drill?: string; filter: FindingFilter }
  | FindingView
  /** Without a year: of the one that is now. */
  | { name: "programme"; year?: number; everyDays: number }
  | RegisterView
  | { name: "screen"; id: ScreenName };

/** None of a new one; `from`: what that comes from. */
export interface FindingView {
  name: "finding";
  id: string | null;
  from?: FindingSource;
}

/** The console of a drill. */
export interface DrillRunView {
  name: "drill_run";
  id: string;
  /** Which command is on its way. */
  sending?: string | null;
  error?: string | null;
  /** What has to be said once more, for a real alert is open, or another drill: `beside`. */
  asks?: "start" | "resume" | "beside" | null;
  /** Beside what a person has said that it starts. */
  beside?: { real: boolean; drill: boolean };
  /** In letters that a room can read; `shown`: the inject, the last given if it does not say. */
  large?: boolean;
  shown?: number | null;
}

/** What the parts of a drill's console show. */
export interface DrillConsole {
  model: Model;
  view: DrillRunView;
  shown: ShownRun;
  /** As it is now. */
  run: DrillRun;
  /** Seconds that its clock shows. */
  clock: number;
  /** Whether the viewer may steer it. */
  steers: boolean;
}

/** A tap in a roll-call, kept on the device until the server has it. */
export interface PendingMark {
  id: string;
  circle_id: string;
  incident_id: string;
  account_id: string;
  building_id: string;
  label: string;
  state: import("./messages.js").RollCallState;
  people: number;
  note: string;
  at: string;
  /** Why the server does not take it. */
  refused: string | null;
}

/** Something seen in a drill, on its way to the server. */
export interface PendingObservation {
  id: string;
  circle_id: string;
  drill_id: string;
  account_id: string;
  at: string;
  verdict: "good" | "improve" | "note";
  text: string;
  objective: string | null;
  lon: number | null;
  lat: number | null;
  /** A picture is kept beside it, which the server does not have. */
  photo: boolean;
  /** How often it was said again; the server has what was said when it was `sent`. */
  said: number;
  sent: number;
  /** Why the server does not take it. */
  refused: string | null;
}

/** Screens about accounts and people. */
export type ScreenName = "sessions" | "my_channels" | "channels" | "password" | "people" | "invitations" | "imports" | "audit";

/** What a person says of what a file leaves open. */
export interface ImportAnswers {
  crs?: string;
  axis_order?: "xy" | "yx";
  layer?: string;
  far?: boolean;
  /** Whose ids these are; by default the file's name without dates. */
  source?: string;
  /** Without one, how the source was read before. */
  mapping?: ImportMapping;
}

/** What a file leaves open. */
export interface ImportQuestion {
  code: "unknown_crs" | "axis_order_needed" | "layer_needed";
  candidates: { name: string; axis_order: "xy" | "yx"; centre: [number, number] }[];
  layers: string[];
}

/** A file that was taken into the circle. */
export interface ImportRecord {
  id: string;
  noun: NounName | "osm";
  source: string;
  file_name: string;
  at: string;
  by_name: string;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  doubtful: number;
  removed_at: string | null;
}

/** What was removed, and what had to stay. */
export interface Removal {
  removed: number;
  kept: { noun: string; id: string; name: string; code: string }[];
  only_changed: number;
  /** The import brought roads as well, and the circle goes on using them. */
  roads_stay: boolean;
}

/** Which roads the circle goes by. */
export interface RoadsOfCircle {
  /** What the file was found to hold; what earlier versions did not note is missing. */
  summary: {
    ways_taken?: number;
    length_km?: number;
    written_width_share?: number;
    class_width_share?: number;
    unknown_width_share?: number;
  };
  /** They were read by the rules of an earlier version: the map has to be imported again. */
  by_earlier_rules: boolean;
}

/** How the columns of a source are read. */
export interface ImportMapping {
  /** Field → the value that all rows have. */
  fixed: Record<string, string>;
  /** Field → the column that it is read from; empty for none. */
  columns: Record<string, string>;
  /** Field → what stands in the file → what it means. */
  values: Record<string, Record<string, string>>;
  /** The column that tells the things of the source apart. */
  identity: string | null;
}

/** What came of a file. */
export interface ImportResult {
  created: number;
  updated: number;
  unchanged: number;
  skipped: { row: number; code: string; detail: string }[];
  /** Rows that were taken, but are perhaps not what they were taken for. */
  doubtful: { row: number; code: string; detail: string }[];
  notes: { code: string; detail: string }[];
}

/** What would come of a file, and how it is read. */
export interface ImportPreview extends ImportResult {
  fields: string[];
  /** What may stand in the fields that have a list of their own. */
  choices: Record<string, string[]>;
  columns: string[];
  /** What stands in the columns that have few different values. */
  values: Record<string, string[]>;
  mapping: ImportMapping;
  /** The first rows, as the file has them and as they were understood. */
  rows: Record<string, string>[];
  understood: (Record<string, unknown> | null)[];
}

/** The nouns that lie on the map, by the name of their layer: state/layers.js has a row for each. */
interface Nouns {
  units: "unit";
  facilities: "facility";
  hazards: "hazard";
  gates: "gate";
  closures: "closure";
  buildings: "building";
}
export type NounName = keyof Nouns;
export type ThingKind = Nouns[NounName];
export type LayerName = NounName | "bands" | "labels";

/** Something that lay under a finger on the map. */
export interface TapTarget {
  kind: ThingKind;
  id: string;
}

export interface Loaded<T> {
  /** What it is about, and what it rests on; empty when it was never asked for. */
  key: string;
  subject: string;
  status: "loading" | "ready" | "failed";
  value: T | null;
  error: string | null;
}

/** What requests bring, as long as something shows it. */
export interface LoadedAll {
  buildings: Loaded<Building[]>;
  facilities: Loaded<Facility[]>;
  gates: Loaded<Gate[]>;
  /** Around the incident that is looked at. */
  nearest: Loaded<NearestFacilities>;
  /** What was found on rounds, the last first. */
  inspections: Loaded<Inspection[]>;
  /** Who can be at the place that is looked at in time. */
  reach: Loaded<ReachPreview>;
  bands: Loaded<GeoJSON.FeatureCollection>;
  criticality: Loaded<CriticalityStatus>;
  /** Of shutting the road that is looked at. */
  cost: Loaded<ClosureCost>;
  /** The figures behind the times. */
  profiles: Loaded<ShownProfiles>;
  /** Who is called when. */
  ladders: Loaded<ShownLadders>;
  neighbours: Loaded<Neighbours>;
  /** Whom to telephone about the incident that is looked at. */
  callList: Loaded<CallList>;
  /** What messages of other systems propose, the last received first; only for who may decide on some. */
  proposals: Loaded<Proposal[]>;
  /** The circle's drills, the last planned first. */
  drills: Loaded<readonly DrillCard[]>;
  drillTemplates: Loaded<readonly DrillTemplate[]>;
  /** The drill that is looked at, with its plan. */
  drillPlan: Loaded<Drill>;
  /** The drill whose console is open; without a run before its start. */
  drillRun: Loaded<ShownRun>;
  /** What was observed in the drill that is looked at, as far as the viewer may see it. */
  observations: Loaded<{ observations: readonly Observation[]; objectives: readonly Objective[] }>;
  /** How many findings are overdue, for the overview. */
  overdueFindings: Loaded<FindingPage>;
  findings: Loaded<FindingPage>;
  /** What is open of the place or the template of the drill that is looked at. */
  planFindings: Loaded<FindingPage>;
  drillProgramme: Loaded<DrillProgramme>;
  /** Who should arrive when, by the plan that is saved. */
  plannedReach: Loaded<PlannedReach>;
  /** Of residents; only for who decides on them. */
  waitingReports: Loaded<import("./reports.js").ReportPage>;
  decidedReports: Loaded<import("./reports.js").ReportPage>;
  /** Of the hazard that is looked at. */
  hazardLife: Loaded<HazardLife>;
  /** What is to be done about all of them. */
  hazardFollowUp: Loaded<HazardFollowUp>;
  /** By what the viewer is found while the page is closed; only for who may be called. */
  ownChannels: Loaded<import("./channels.js").OwnChannels>;
}

/** A message that is looked at, and what the person says otherwise than it; null is as in the message. */
export interface ProposalView {
  name: "proposal";
  id: string;
  place: PlaceChoice | null;
  kind: string | null;
  severity: string | null;
  /** Incidents nearby of which the server asked whether they are the same. */
  similar: readonly { incident_id: string; label: string; label_en: string; exercise: boolean }[];
}

export interface ProposalText {
  language: string;
  event: string;
  headline: string;
  description: string;
  instruction: string;
  sender_name: string;
  area: string;
}

/** Something wrong in a CAP message, with one sentence in each language. */
export interface CapFault {
  code: string;
  level: "error" | "warning";
  where: string;
  value: string;
  zh: string;
  en: string;
}

/** A CAP message of another system, until a person raises an alert from it or does not. */
export interface Proposal {
  id: string;
  identifier: string;
  sender: string;
  sent_at: string;
  message_type: "Alert" | "Update" | "Cancel";
  exercise: boolean;
  kind: string;
  severity: string;
  texts: readonly ProposalText[];
  area: GeoJSON.Polygon | GeoJSON.MultiPolygon | null;
  lon: number | null;
  lat: number | null;
  expires_at: string | null;
  warnings: readonly CapFault[];
  about_incident_id: string | null;
  received_at: string;
  received_by_name: string;
  state: "open" | "confirmed" | "dismissed" | "superseded" | "cancelled" | "noted";
  incident_id: string | null;
  decided_at: string | null;
  decided_by_name: string | null;
}

export interface ReceivedMessage {
  title: string;
  outcome: "created" | "repeated" | "refused";
  faults: readonly CapFault[];
  proposal: Proposal | null;
}

/** What is typed over the figures behind the times, until it is saved. */
export interface ProfileEdits {
  open: boolean;
  /** By path of the figure. */
  typed: Record<string, string>;
  sending: boolean;
  refused: { code: string; field: string | null; by: string | null } | null;
  /** What the last save of this page replaced; a null table stands for what is shipped. */
  undo: { table: ProfileTable | null } | null;
}

export interface RaiseState {
  /** `asking`: one nearby may be the same. */
  status: "idle" | "sending" | "failed" | "asking";
  kind: string | null;
  error: string | null;
  candidates: SimilarIncident[];
}

/** An open incident nearby that may be the same as the one being raised. */
export interface SimilarIncident {
  incident_id: string;
  kind: string;
  exercise: boolean;
  label: string;
  label_en: string;
  raised_at: string;
  raised_by_name: string;
  distance_m: number;
}

export interface Session {
  id: string;
  device: string;
  address: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  current: boolean;
}

export interface Person {
  account_id: string;
  username: string;
  name: string;
  role: string;
  partner_id: string | null;
  partner_name: string | null;
  unit_ids: string[];
  units: string[];
  last_seen_at: string | null;
  signed_in: boolean;
}

export interface PartnerCard {
  id: string;
  kind: string;
  name: string;
  name_en: string;
}

export interface Invitation {
  id: string;
  role: string;
  partner_id: string | null;
  partner_name: string | null;
  unit_id: string | null;
  unit_name: string | null;
  note: string;
  made_by: string | null;
  made_at: string;
  expires_at: string;
  state: "open" | "used" | "expired" | "withdrawn";
  used_by: string | null;
}

/** With its link, which is told once. */
export interface MadeInvitation extends Invitation {
  circleId: string;
  link: string;
}

export interface InvitationCard {
  circle_name: string;
  circle_name_en: string;
  role: string;
  partner_name: string | null;
  expires_at: string;
}

export interface AuditFilter {
  actor: string;
  action: string;
  since: string;
  until: string;
}

export interface AuditRecord {
  seq: number;
  at: string;
  /** Null when the person's data was erased. */
  actor: { account_id: string; name: string | null } | null;
  action: string;
  subject: { kind: string; id: string | null; name: string | null } | null;
  detail: Record<string, string | number | boolean | null>;
  address: string | null;
  device: string | null;
  hash: string;
}

export interface AuditPage {
  records: AuditRecord[];
  next: number | null;
}

export interface Verification {
  rows: number;
  first_bad: number | null;
  reason: string | null;
  head: { seq: number; hash: string } | null;
  checked_at: string;
}

/** What went wrong, and how long to wait before the next try. */
export interface Problem {
  code: string;
  waitS: number | null;
}

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "problem";
}

export interface Model {
  /** In "administration" an administrator of the platform manages circles without looking into any. */
  phase: "starting" | "signed_out" | "invited" | "no_circle" | "administration" | "open" | "failed";
  problem: string | null;
  config: Config | null;
  account: Account | null;
  circles: CircleChoice[];
  circleId: string | null;
  live: CircleState;
  /** Set while the snapshot shown is the one kept on the device from last time. */
  cachedAt: number | null;
  connection: Connection;
  outbox: readonly OutboxItem[];
  loaded: LoadedAll;
  /** Changes when tiles may look otherwise than before; empty as long as they have not. */
  tilesVersion: string;
  /** The credit that the map has to carry, as the server has it; null until it has said so. */
  attribution: string | null;
  view: View;
  /** What else lay under the finger that opened a view; offered as long as that view is shown. */
  alternatives: { view: View; others: TapTarget[] } | null;
  drill: boolean;
  layers: Record<LayerName, boolean>;
  bandProfile: string;
  /** The road picked of those that matter most. */
  chosenRoadId: number | null;
  profileEdits: ProfileEdits;
  focusedUnitId: string | null;
  /** By alert: the unit that the viewer would go with, as long as they have not accepted. */
  chosenUnits: Readonly<Record<string, string>>;
  draft: ClosureDraft;
  raise: RaiseState;
  /** What is typed into the plan of a drill and not saved. */
  drillDraft: DrillDraft | null;
  /** The incident about which a command is on its way. */
  ending: string | null;
  /** The incident whose pin is being moved. */
  moving: string | null;
  /** A thing on the map is being moved by its form: a tap on the map says where; null while none is. */
  placing: { at: LonLat | null } | null;
  /** A step of a ladder is being taken or stopped. */
  steering: boolean;
  /** The incident whose call list is unfolded. */
  callListOf: string | null;
  /** The proposal that is being confirmed or dismissed. */
  deciding: string | null;
  /** The invitation that the page was opened with. */
  invitation: { token: string } | null;
  /** The one just made here; its link cannot be asked for again. */
  madeInvitation: MadeInvitation | null;
  toasts: Toast[];
  language: string;
  theme: "auto" | "dark" | "light";
  sound: boolean;
  sheet: "peek" | "half" | "full";
  /** Those that are loaded later; "missing" while they do not come. */
  screens: "away" | "missing" | "here";
  /** What those have who take part in a drill that runs. */
  participant: "away" | "missing" | "here";
  /** What was seen in drills and is not with the server. */
  observed: readonly PendingObservation[];
  /** Taps of roll-calls that the server does not have yet, of this account in this circle. */
  marks: readonly PendingMark[];
  /** What drills are planned with. */
  studio: "away" | "missing" | "here";
  registers: "away" | "missing" | "here";
  /** What can wait may be loaded: the alert is on screen, or none came. */
  rest: boolean;
  /** The alert of a notification that was tapped, until the circle's snapshot has it. */
  pushed: PushedAlert | null;
}
