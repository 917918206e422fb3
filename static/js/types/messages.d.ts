// Written by script/generate-types from responder/live/protocol/messages.py; do not edit.

/** One call to act, about an incident. */
export interface Alert {
  id: string;
  incident_id: string;
  message_type: MessageType;
  exercise: boolean;
  /** What a lock screen shows; begins with 【演练】 in an exercise. */
  headline: string;
  sent_at: string;
  /** Alerts that this one updates or cancels. */
  references: readonly (string)[];
  cause: AlertCause;
  /** What a person wrote, with an update or an end. */
  text: string;
  /** Whose people read `text`, of an inject of a drill; empty is all whom the incident concerns. */
  partner_ids: readonly (string)[];
  /** A picture that goes with `text`, for the same people. */
  photo_id: string | null;
}

/** A circle's kinds of incident and warning colours. */
export interface AlertCatalogue {
  /** In the order of the page. */
  kinds: readonly (IncidentKind)[];
  /** One for each colour, most severe first. */
  severities: readonly (SeverityLevel)[];
  /** IANA name of the zone in which quiet hours are meant. */
  time_zone: string;
}

/** Kinds of incident or warning colours of the circle changed. */
export interface AlertCatalogueChanged {
  kind: "alert_catalogue_changed";
  catalogue: AlertCatalogue;
}

/** Why an alert is sent. */
export type AlertCause = "raised" | "text" | "level_raised" | "level_lowered" | "moved" | "resolved" | "false_alarm" | "mistake" | "merged";

/**
 * The calls of an open incident changed; `detail` replaces what was known of it.
 *
 * More units can be there in time, a person joined a called unit or came back to it, or one who left a unit
 * is called in their others. It calls new recipients as `AlertRaised` does.
 */
export interface AlertExtended {
  kind: "alert_extended";
  detail: IncidentDetail;
}

/** An alert was raised. */
export interface AlertRaised {
  kind: "alert_raised";
  detail: IncidentDetail;
}

/** Staff told all recipients of the alert something, or changed the colour of the incident. */
export interface AlertUpdated {
  kind: "alert_updated";
  incident: Incident;
  alert: Alert;
  /** Those of the update. */
  deliveries: readonly (Delivery)[];
}

/** A closure that made the way longer. */
export interface AvoidedClosure {
  closure_id: string;
  name: string;
  cost_s: number;
}

/** CAP 1.2 `category`. */
export type CapCategory = "Geo" | "Met" | "Safety" | "Security" | "Rescue" | "Fire" | "Health" | "Env" | "Transport" | "Infra" | "CBRNE" | "Other";

/** CAP 1.2 `certainty`. */
export type CapCertainty = "Observed" | "Likely" | "Possible" | "Unlikely" | "Unknown";

/** CAP 1.2 `severity`. */
export type CapSeverity = "Extreme" | "Severe" | "Moderate" | "Minor" | "Unknown";

/** CAP 1.2 `urgency`. */
export type CapUrgency = "Immediate" | "Expected" | "Future" | "Past" | "Unknown";

/** An area whose partners promised to be there within `limit_s`. */
export interface Circle {
  id: string;
  name: string;
  name_en: string;
  /** Longitude, latitude, WGS 84: where the map opens. */
  centre: readonly [number, number];
  /** Longest response time (turnout and travel) that still counts as in time, in seconds. */
  limit_s: number;
  /** True when the data is invented to show the product; every screen says so. */
  illustrative: boolean;
}

/** A neighbouring circle that was asked for help, and how many of its people come. */
export interface CircleHelp {
  circle_id: string;
  name: string;
  name_en: string;
  state: HelpState;
  called: number;
  coming: number;
}

/** Everything live in a circle that one viewer may see, as of event number `seq`. */
export interface CircleSnapshot {
  circle: Circle;
  /** Changes when the log does not tell all changes; clients then start from a snapshot. */
  epoch: string;
  seq: number;
  /** Id of event number `seq`; None before the first. A restored log may have another event there. */
  event_id: string | null;
  /** Grows with everything that changes who can be there in time, except where units are. */
  reach_version: number;
  catalogue: AlertCatalogue;
  partners: readonly (Partner)[];
  units: readonly (Unit)[];
  hazards: readonly (Hazard)[];
  /** Those not lifted. */
  closures: readonly (Closure)[];
  /** Those that run or are paused, by id. */
  drills: readonly (DrillRun)[];
  /** All open ones, and the `ENDED_KEPT` that ended last. */
  incidents: readonly (IncidentDetail)[];
  /** Latest known of each unit that the viewer may see; not part of the event log. */
  positions: readonly (Position)[];
}

/** A closure, from a hazard or set by hand. Without any bound it is closed to all. */
export interface Closure {
  id: string;
  circle_id: string;
  name: string;
  /** GeoJSON LineString, Polygon or Point, WGS 84. */
  geometry: Record<string, any>;
  wider_than_m: number | null;
  higher_than_m: number | null;
  heavier_than_t: number | null;
  /** Names of the profiles it binds; None binds all. */
  profiles: readonly (string)[] | null;
  hazard_id: string | null;
  starts_at: string | null;
  ends_at: string | null;
  lifted_at: string | null;
}

/** A closure was set or changed. */
export interface ClosureCreated {
  kind: "closure_created";
  closure: Closure;
}

/** A closure was lifted. */
export interface ClosureLifted {
  kind: "closure_lifted";
  closure_id: string;
}

/** When a step that is due is taken. */
export type Condition = "always" | "not_enough" | "nobody";

/** How a wanted capability is counted. */
export type CountedBy = "people" | "units";

/** Deliveries of one incident moved on: one by a receipt, several when handed to open sockets. */
export interface DeliveriesUpdated {
  kind: "deliveries_updated";
  incident_id: string;
  deliveries: readonly (Delivery)[];
}

/** One recipient's state for one alert. */
export interface Delivery {
  alert_id: string;
  recipient_id: string;
  recipient_name: string;
  /** The unit that the person goes with, or would go with: the quickest, unless they say another. */
  unit_id: string;
  partner_id: string;
  state: DeliveryState;
  /** When each state was first reached, by state. */
  times: Record<string, string>;
  /**
   * The units that the person was called in, the quickest first; `unit_id` is one of them.
   *
   * Only `unit_id` in what was stored before one person in two units became one delivery.
   */
  unit_ids: readonly (string)[];
}

/** How far one alert has come with one person. */
export type DeliveryState = "queued" | "sent" | "delivered" | "seen" | "declined" | "accepted" | "en_route" | "on_scene" | "withdrawn" | "released";

/** Something dangerous or someone hurt, thrown in, on the map of the drill. */
export interface DrillMark {
  inject: number;
  /** Hazard or casualty. */
  kind: InjectKind;
  text: string;
  /** Degrees east, WGS 84. */
  lon: number;
  lat: number;
  /** Whose people are shown it; empty is all in the circle. */
  partner_ids: readonly (string)[];
}

/** How a drill is held. */
export type DrillMode = "field" | "tabletop";

/** A drill as it runs, or as it ended. It holds nothing of injects that were not given but their times. */
export interface DrillRun {
  drill_id: string;
  circle_id: string;
  name: string;
  mode: DrillMode;
  /** Who takes part; empty is every partner of the circle. */
  partner_ids: readonly (string)[];
  /** Running, paused or ended. */
  state: DrillState;
  started_at: string;
  started_by_name: string;
  /** The exercise by which people are called; None of a tabletop. */
  incident_id: string | null;
  /** By number, as in the plan. */
  injects: readonly (InjectRun)[];
  /** In their order. */
  pauses: readonly (Pause)[];
  ended_at: string | null;
  /** Lanes that the drill takes as closed, by id. */
  closures: readonly (Closure)[];
  /** Units that the drill takes as out of service. */
  units_out: readonly (string)[];
  /** By number of their inject. */
  marks: readonly (DrillMark)[];
  /** Open real incidents beside which a person said that it goes on. */
  despite: readonly (string)[];
  /** What people reported for the drill itself: lanes clear, people counted, objectives observed. */
  facts: readonly (Fact)[];
  /** How many there are; staff load them. */
  observations: number;
}

/** A drill was started, paused, resumed or ended, or something in it was given, held or reported. */
export interface DrillRunChanged {
  kind: "drill_run_changed";
  run: DrillRun;
}

/** How far a drill has come. */
export type DrillState = "planned" | "running" | "paused" | "ended" | "called_off";

/** A drill was planned, changed or called off; pages that show drills load them again. */
export interface DrillsChanged {
  kind: "drills_changed";
}

/** Why a person ended an incident. */
export type EndReason = "resolved" | "false_alarm" | "mistake" | "merged";

/**
 * One event of the log. Alert class: never dropped, in the order of `seq`.
 *
 * Events that the viewer may not see are left out, so `seq` may jump; it never goes back.
 */
export interface EventMessage {
  type: "event";
  seq: number;
  id: string;
  at: string;
  event: AlertRaised | AlertExtended | ResponseCircleUpdated | LadderUpdated | DeliveriesUpdated | IncidentStageChanged | AlertUpdated | IncidentMoved | IncidentEnded | RollCallChanged | RollCallMarked | ClosureCreated | ClosureLifted | UnitChanged | HazardChanged | FeaturesChanged | ProfilesChanged | ProposalsChanged | DrillsChanged | FindingsChanged | ReportsChanged | PactChanged | DrillRunChanged | AlertCatalogueChanged;
  /** The circle's, with this event: it grows with everything that changes who can be there in time. */
  reach_version: number;
}

/** One thing that happened, at its second of the drill's clock. */
export interface Fact {
  kind: FactKind;
  at_s: number;
  unit_id: string | null;
  partner_id: string | null;
  partner_kind: PartnerKind | null;
  /** The person of whom it is known; None where it is said of a whole unit. */
  recipient_id: string | null;
  /** How many are coming, or were counted. */
  people: number;
  inject: number | null;
  objective: string | null;
}

/** What can happen. */
export type FactKind = "coming" | "on_scene" | "lane_clear" | "counted" | "observed" | "inject_given";

/**
 * Buildings or facilities came from a file, or things of any noun were removed.
 *
 * The snapshot holds hazards and units, which leave it; clients load buildings and facilities separately.
 */
export interface FeaturesChanged {
  kind: "features_changed";
  noun: Noun;
  removed: readonly (string)[];
}

/** A finding of drills was written down, changed or closed; pages that show findings load them again. */
export interface FindingsChanged {
  kind: "findings_changed";
}

/** What has to be so at a mark of the clock. */
export type Goal = "own_station" | "neighbours" | "fire_service" | "turned_out" | "on_scene" | "joint_action";

/** A fire hazard at a place. */
export interface Hazard {
  id: string;
  circle_id: string;
  /** Such as blocked_lane, ebike_charging, wiring, blocked_exit, stairwell_clutter, gas_cylinder. */
  kind: string;
  grade: HazardGrade;
  state: HazardState;
  name: string;
  name_en: string;
  /** GeoJSON, WGS 84. */
  geometry: Record<string, any>;
  note: string;
  /** The partner that mends it. */
  owner_id: string | null;
  /** The last day for that, in the circle's time zone; None for hazards from before there was one. */
  due_on: string | null;
  /** Grows with every step of its follow-up. */
  step_count: number;
  reopened_count: number;
}

/** A hazard was reported or moved on in its life-cycle. */
export interface HazardChanged {
  kind: "hazard_changed";
  hazard: Hazard;
}

/** 一般 or 重大, GB 35181-2025. */
export type HazardGrade = "general" | "major";

/** How far a hazard has been put right; what leads on is in `domain/registers/hazard_life.py`. */
export type HazardState = "seen" | "assigned" | "mending" | "mended" | "verified" | "closed";

/** How far the call to a neighbouring circle has come. */
export type HelpState = "asked" | "called" | "expired" | "ended";

/** Something that units respond to. */
export interface Incident {
  id: string;
  circle_id: string;
  /** True in a drill; everything sent about the incident says so. */
  exercise: boolean;
  /** Code of a kind in the circle's catalogue. */
  kind: string;
  severity: Severity;
  place: Place;
  note: string;
  raised_at: string;
  raised_by: string;
  raised_by_name: string;
  /** How far it has come; of one that has ended, how far it had come then. */
  stage: IncidentStage;
  /** When each stage was last reached, by stage; when it was raised is `raised_at`. */
  stage_times: Record<string, string>;
  ended_at: string | null;
  end_reason: EndReason | null;
  ended_by_name: string | null;
  /** What the person who ended it said of it. */
  end_note: string;
  /** The incident that goes on, of one that is the same. */
  merged_into: string | null;
}

/** An incident with its alerts, who can respond, and who has been told. */
export interface IncidentDetail {
  incident: Incident;
  /** In the order sent: the first call, then updates, then the cancellation. */
  alerts: readonly (Alert)[];
  response_circle: ResponseCircle;
  /** Ordered by alert and recipient. */
  deliveries: readonly (Delivery)[];
  /** Who is called when; None for those who are not staff, and for incidents that call all at once. */
  ladder: Ladder | null;
  /** Who is out of the building, by door; None before it is begun. */
  roll_call: RollCall | null;
}

/** A person ended the incident; all recipients of the alert are told. */
export interface IncidentEnded {
  kind: "incident_ended";
  incident: Incident;
  alert: Alert;
  /** Those of the cancelling alert. */
  deliveries: readonly (Delivery)[];
}

/** A kind of incident, and all that follows from it. */
export interface IncidentKind {
  /** Stored with incidents; it never changes. */
  code: string;
  name_zh: string;
  name_en: string;
  /** Name of a pictogram of the page. */
  icon: string;
  /** The colour unless the person who raises it says another. */
  severity: Severity;
  categories: readonly (CapCategory)[];
  /** Whom to dial first. */
  emergency_number: "119" | "120" | "110";
  /** What to tell the operator after the address and what happens, a line each. */
  script_zh: readonly (string)[];
  script_en: readonly (string)[];
  wanted: readonly (WantedCapability)[];
  /** Whether it can be raised. Kinds are not removed: incidents of the past keep their words. */
  is_offered: boolean;
}

/**
 * The pin of an open incident was moved; `detail` replaces what was known of it.
 *
 * Those who can be there in time now are called, the others are released, and an update tells all of them.
 */
export interface IncidentMoved {
  kind: "incident_moved";
  detail: IncidentDetail;
}

/** How far an open incident has come; a person says so. */
export type IncidentStage = "raised" | "confirmed" | "under_control";

/** A person said how far the incident has come. */
export interface IncidentStageChanged {
  kind: "incident_stage_changed";
  incident: Incident;
}

/** What is thrown in. */
export type InjectKind = "message" | "telephone" | "hazard" | "closure" | "unit_out" | "casualty";

/** How one inject stands. */
export interface InjectRun {
  number: number;
  state: InjectState;
  /** None while it waits for something that has not happened. */
  due_s: number | null;
  /** When it was given, skipped or found expired. */
  at_s: number | null;
  /** Who gave, held or skipped it by hand. */
  by_name: string | null;
  /** The lane that it closed, also once that is clear again; None of one that closed none, or was undone. */
  closure_id: string | null;
}

/** What became of an inject. */
export type InjectState = "planned" | "held" | "given" | "skipped" | "expired";

/** The ladder that one incident goes by: a copy, which later changes of the profile leave alone. */
export interface Ladder {
  key: string;
  name: string;
  name_en: string;
  enough: number;
  marks: readonly (Mark)[];
  steps: readonly (LadderStep)[];
  /** Until they come, no number of people is enough. */
  wanted: readonly (Wanted)[];
}

/** A rung with its time, and what became of it. */
export interface LadderStep {
  /** From 1, in the order of the ladder. */
  number: number;
  rung: Rung;
  due_at: string;
  /** Not taken by itself later than this. */
  expires_at: string;
  state: StepState;
  /** When it was taken, skipped, stopped or found expired. */
  at: string | null;
  reason: StepReason;
  /** How many people the step called, or reminded. */
  called: number;
  /** Who took or stopped it by hand. */
  by: string | null;
  by_name: string | null;
  /** Of a call to neighbouring circles: which, and what came of it. */
  circles: readonly (CircleHelp)[];
  /** How often it could not be taken although it was due; while it is planned, it is tried again. */
  failures: number;
}

/** A step of the ladder was decided without calling anyone, or could not be taken. Only staff are told. */
export interface LadderUpdated {
  kind: "ladder_updated";
  incident_id: string;
  ladder: Ladder;
}

/** A moment since the alert at which a goal should be reached, such as 1-3-5. */
export interface Mark {
  after_s: number;
  goal: Goal;
}

/** A unit that can be there in time, and why. */
export interface Member {
  unit_id: string;
  unit_name: string;
  unit_name_en: string;
  partner_id: string;
  partner_name: string;
  partner_kind: PartnerKind;
  profile: string;
  turnout_s: number;
  travel_s: number;
  response_s: number;
  why_zh: string;
  why_en: string;
  legs: readonly (RouteLeg)[];
  stop: VehicleStop | null;
  avoided: readonly (AvoidedClosure)[];
  /** Share of the way, 0 to 1, that rests on default values rather than on what was mapped. */
  default_share: number;
  /** Age of the position that the way starts from, in seconds; None when it starts from the unit's post. */
  position_age_s: number | null;
}

/** CAP 1.2 `msgType`, the values that are used here. */
export type MessageType = "Alert" | "Update" | "Cancel";

/** A unit that was considered and cannot be there in time. */
export interface NonMember {
  unit_id: string;
  unit_name: string;
  unit_name_en: string;
  partner_id: string;
  /** beyond_limit, no_road_nearby, cut_off or off_duty. */
  reason: string;
}

/** What a file can hold. */
export type Noun = "buildings" | "hazards" | "facilities" | "units" | "gates";

/** A pact, what was done for it or the roster changed; pages that show one of them load it again. */
export interface PactChanged {
  kind: "pact_changed";
}

/** An organisation that signed. */
export interface Partner {
  id: string;
  circle_id: string;
  kind: PartnerKind;
  name: string;
  name_en: string;
  phone: string;
}

/** What sort of organisation a partner is. */
export type PartnerKind = "community" | "property" | "hospital" | "police" | "mini_fire_station" | "fire_service" | "volunteers";

/** A time in which the clock stands still; one that goes on has no end yet. */
export interface Pause {
  reason: PauseReason;
  begins_at: string;
  ends_at: string | null;
}

/** Why the clock stands still. */
export type PauseReason = "by_hand" | "real_alert";

/** A place on the map together with its name, so that pin and address are always shown together. */
export interface Place {
  /** Degrees east, WGS 84. */
  lon: number;
  /** Degrees north, WGS 84. */
  lat: number;
  /** What people call it, such as 脑科巷7栋 南门. */
  label: string;
  /** The same in English, where the system made up the words; names stay as they are written on the spot. */
  label_en: string;
  building_id: string | null;
  /** Name of the building's entrance, when one was chosen. */
  entrance: string | null;
}

/** Where a unit said it was. */
export interface Position {
  unit_id: string;
  lon: number;
  lat: number;
  accuracy_m: number;
  at: string;
}

/** Where a unit is. Position class: latest wins, at most once a second for each unit. */
export interface PositionMessage {
  type: "position";
  unit_id: string;
  lon: number;
  lat: number;
  accuracy_m: number;
  at: string;
  /** The gateways cannot hear each other just now: the unit may have moved on since. */
  stale: boolean;
}

/** Speeds, sizes or delays of the circle changed, and with them who can be there in time. */
export interface ProfilesChanged {
  kind: "profiles_changed";
}

/** A message of another system proposed an incident, or a person decided on one; staff load them again. */
export interface ProposalsChanged {
  kind: "proposals_changed";
}

/** The hours of a day in which nobody is woken; they may pass midnight. */
export interface QuietHours {
  /** Local time, as in 22:00. */
  start: string;
  end: string;
}

/** The receipt is in the database: the client may forget the action. */
export interface ReceiptStored {
  type: "receipt_stored";
  action_id: string;
  alert_id: string;
  /** Where the delivery stands now, which may be further than the receipt said. */
  state: DeliveryState;
}

/** A message was not acted upon. The connection stays, unless it is closed right after. */
export interface Refused {
  type: "refused";
  code: string;
  action_id: string | null;
  detail: string;
}

/**
 * An alert that this device was sent, and of which no receipt has come.
 *
 * Sent ten seconds after the alert, and after every reconnection until there is a receipt. It is not part of
 * the log: the detail is current, and a client that shows the alert already only repeats the receipt.
 */
export interface Reminder {
  type: "reminder";
  detail: IncidentDetail;
}

/** A resident reported something, or staff decided on a report; those who decide load them again. */
export interface ReportsChanged {
  kind: "reports_changed";
}

/** Who can be there within `limit_s`, soonest first. */
export interface ResponseCircle {
  limit_s: number;
  computed_at: string;
  members: readonly (Member)[];
  non_members: readonly (NonMember)[];
}

/** Roads changed, and with them who can be there in time; no further person was called. */
export interface ResponseCircleUpdated {
  kind: "response_circle_updated";
  incident_id: string;
  response_circle: ResponseCircle;
}

/** The client's position fits; the missing events follow, up to `seq`, then live ones. */
export interface Resumed {
  type: "resumed";
  viewer: ViewerCard;
  epoch: string;
  seq: number;
}

/** What an account is in one circle. */
export type Role = "coordinator" | "dispatcher" | "responder" | "planner" | "observer";

/** The roll-call of an incident as it stands. */
export interface RollCall {
  started_at: string;
  /** By id. */
  buildings: readonly (RollCallBuilding)[];
  /** By building and label. */
  doors: readonly (RollCallDoor)[];
}

/** A building of a roll-call, named as it was when it began. */
export interface RollCallBuilding {
  id: string;
  name: string;
  name_en: string;
}

/** A roll-call was begun, or has other doors; what was said of them stays. */
export interface RollCallChanged {
  kind: "roll_call_changed";
  incident_id: string;
  roll_call: RollCall;
}

/** A door with what was said of it last. It names no one. */
export interface RollCallDoor {
  building_id: string;
  /** As on the door, such as 301 or 3-301. */
  label: string;
  /** Floor 1 is the one at the street; None where the label does not tell. */
  floor: number | null;
  /** How many people live there; None when that is not known. */
  expected: number | null;
  state: RollCallState;
  /** How many people the state is about. */
  people: number;
  note: string;
  /** Since when; None while no one has said anything. */
  at: string | null;
}

/** People said what became of those behind some doors. */
export interface RollCallMarked {
  kind: "roll_call_marked";
  incident_id: string;
  /** Each as it stands now, with all that was ever said of it taken into account. */
  doors: readonly (RollCallDoor)[];
}

/** What became of the people behind a door. */
export type RollCallState = "out" | "not_found" | "refused" | "needs_carrying" | "unmarked";

/** A part of the way that is travelled in one manner. */
export interface RouteLeg {
  /** drive, ride or walk. */
  mode: string;
  distance_m: number;
  duration_s: number;
  street_names: readonly (string)[];
  /** Longitude, latitude pairs, WGS 84. */
  coordinates: readonly (readonly [number, number])[];
}

/** One planned step: what is done, how long after the alert, and whom it concerns. */
export interface Rung {
  name: string;
  name_en: string;
  kind: StepKind;
  /** Since the alert was raised. */
  after_s: number;
  condition: Condition;
  /** Of a call: which units. */
  reach: readonly (UnitReach)[];
  /** Of a call: only units in time that respond within so many seconds; None is the circle's limit. */
  within_s: number | null;
  /** Of a call: only people of these roles; empty is everyone who may be called. */
  roles: readonly (Role)[];
  /** Of a call: only units of such partners; empty is all. */
  partner_kinds: readonly (PartnerKind)[];
  /** Of a call: only units with one of these; empty is all. */
  capabilities: readonly (string)[];
  /** Of a call: only units with a capability that the incident wants and that no one who comes has. */
  wanted_only: boolean;
  /** So long after it was due it can still be taken. */
  expires_after_s: number;
}

/** Warning colours of the Emergency Response Law, most severe first. Not the grade of an accident. */
export type Severity = "red" | "orange" | "yellow" | "blue";

/** What a warning colour means. */
export interface SeverityLevel {
  severity: Severity;
  urgency: CapUrgency;
  cap_severity: CapSeverity;
  /** Of an incident that no one on scene has confirmed. */
  certainty: CapCertainty;
  /** When messages of this colour wait until the end of the hours, save on the open page. */
  quiet_hours: QuietHours | null;
}

/** Everything this viewer may see, as of `snapshot.seq`. */
export interface Snapshot {
  type: "snapshot";
  viewer: ViewerCard;
  snapshot: CircleSnapshot;
}

/** What a step of the ladder does. */
export type StepKind = "call" | "remind" | "neighbours" | "call_list";

/** Why a step was not taken, or was taken by hand. */
export type StepReason = "" | "enough" | "somebody_comes" | "all_answered" | "ended" | "by_hand";

/** What became of a step. */
export type StepState = "planned" | "taken" | "skipped" | "stopped" | "expired";

/** A team or vehicle of a partner. */
export interface Unit {
  id: string;
  partner_id: string;
  name: string;
  name_en: string;
  /** Such as fire_engine, ambulance, patrol, doctor, warden, volunteer. */
  kind: string;
  /** Name of the mobility profile it moves by. */
  profile: string;
  /** From the call to leaving, in seconds. */
  turnout_s: number;
  people: number;
  on_duty: boolean;
  /** Where it stands by: longitude, latitude, WGS 84. */
  post: readonly [number, number];
  capabilities: readonly (string)[];
}

/** A unit went on or off duty, or was changed otherwise. */
export interface UnitChanged {
  kind: "unit_changed";
  unit: Unit;
}

/** Which units a call looks at, by how they stand to the place. */
export type UnitReach = "in_time" | "beyond" | "off_duty";

/** Where the vehicle can go no further, and why. */
export interface VehicleStop {
  lon: number;
  lat: number;
  reason: string;
  have: number | null;
  need: number | null;
}

/** A client's own account in the circle. */
export interface ViewerCard {
  account_id: string;
  name: string;
  role: Role;
  partner_id: string | null;
  responder_ids: readonly (string)[];
  unit_ids: readonly (string)[];
}

/** What the incident needs among those who come, such as two first-aiders or one engine. */
export interface Wanted {
  capability: string;
  count: number;
  /** Whether units are counted; otherwise the people in units that have it. */
  by_units: boolean;
}

/** What an incident needs, such as two first-aiders or one engine. */
export interface WantedCapability {
  capability: string;
  count: number;
  counted: CountedBy;
}

export type ServerMessage = Snapshot | Resumed | EventMessage | Reminder | PositionMessage | ReceiptStored | Refused;

/**
 * Which circle, and what the client already has.
 *
 * A position in the log is `epoch`, `seq` and `event_id` together: without them, or when the log does not
 * have that event at that place, the answer is a snapshot.
 */
export interface Hello {
  type: "hello";
  circle_id: string;
  epoch?: string | null;
  seq?: number | null;
  /** Id of event number `seq`: none when `seq` is 0. Another log may have another event there. */
  event_id?: string | null;
  device?: string;
}

/** How far an alert has come on this device: `delivered` by itself, the others by a person. */
export interface Receipt {
  type: "receipt";
  /** Made by the client; the same action sent twice counts once. */
  action_id: string;
  alert_id: string;
  state: "delivered" | "seen" | "declined" | "accepted" | "en_route" | "on_scene" | "withdrawn";
  /** By the device's clock; the server stores its own time beside it. */
  at: string;
  /** With `accepted`, `en_route` and `on_scene`: with which of the units in `unit_ids` the person goes. */
  unit_id?: string | null;
}

/** Where a unit of this account is. Latest wins; never in the log. */
export interface ReportPosition {
  type: "report_position";
  unit_id: string;
  lon: number;
  lat: number;
  accuracy_m: number;
  at: string;
}

/** First of all: the one-use ticket got from `POST /api/live-tickets`. */
export interface Ticket {
  type: "ticket";
  ticket: string;
}

export type ClientMessage = Ticket | Hello | Receipt | ReportPosition;
