// Makes the regional fingerprint: the regions that copies show again, that are rare, and well spread. The same
// choice as the server makes (its `enrol.py` says why), from the same numbers.
import { distance, encode, within } from "./codes";
import { ENROLMENT, foundAgain, inside, simulate } from "./copies";
import { framed } from "./frame";
import { pack } from "./geometry";
import type { Pixels } from "./pixels";
import { type Found, find, type Region } from "./regions";
import { nearest } from "./rounding";
import { dump } from "./serial";
import type { Table } from "./table";

const SIDE = 512;
const SMALLEST = 3.2;
const EVERY = 2500;
const CANDIDATES = 400;
const MOST = 120;
const COPY_SMALLEST = 2.6;
const COPY_MOST = 700;
const REACH = 90;
const LENIENCE = 1.15;
const WIDE = 75;
const NARROW = 62;
const COMMON_PENALTY = 0.7;
const COMMON_STEP = 0.5;
const COMMON_STEPS = 5;
const SPREAD = 0.1 * SIDE;
const CROWD = 0.06 * SIDE;
const APART = 6;
const SAME_SPOT = 0.25;
const SAME_SCALE = 0.3;

/** How far an enrolment has come, 0 to 1. */
export type Progress = (share: number) => void;

interface Candidate extends Region {
  readonly code: Uint32Array;
}

/** The stored bytes, and how many regions they hold: under 20 the picture is too plain to recognise. */
export function enrol(picture: Pixels, table: Table, progress: Progress): { bytes: Uint8Array; count: number } {
  const frame = framed(picture, SIDE);
  const candidates = spreadOut(find(frame, SMALLEST, EVERY), table);
  progress(1 / (ENROLMENT.length + 2));
  const kept = repeatability(frame, candidates, table, (share) =>
    progress((1 + share * ENROLMENT.length) / (ENROLMENT.length + 2)),
  );
  const common = candidates.map((one, index) => {
    return kept[index]! > 0 ? Math.max(commonness(one, table), repetition(one, candidates)) : 0;
  });
  const worth = kept.map((share, index) => Math.fround(share / (1 + COMMON_PENALTY * common[index]!)));
  const chosen = select(candidates, worth);
  progress(1);
  const codes = chosen.map((index) => candidates[index]!.code);
  const places = chosen.map((index) => pack(candidates[index]!, common[index]! / COMMON_STEP));
  return { bytes: dump(table.version, frame, codes, places), count: chosen.length };
}

/** Up to 400 candidates: the strong ones, but of a crowded part only its strongest. */
function spreadOut(found: Found, table: Table): Candidate[] {
  const order = found.regions.map((_, index) => index);
  order.sort((one, other) => found.regions[other]!.strength - found.regions[one]!.strength);
  const fair = order.map((index, rank) => {
    const { x, y, strength } = found.regions[index]!;
    let ahead = 0;
    for (let before = 0; before < rank; before++) {
      const other = found.regions[order[before]!]!;
      if (Math.hypot(other.x - x, other.y - y) < CROWD) ahead++;
    }
    return { rank, worth: strength / (1 + ahead) };
  });
  fair.sort((one, other) => other.worth - one.worth);
  const best = fair.slice(0, CANDIDATES).sort((one, other) => one.rank - other.rank);
  return best.map(({ rank }) => {
    const index = order[rank]!;
    return { ...found.regions[index]!, code: encode(found.root(index), table) };
  });
}

/** 0 to 1: how surely simulated copies show each region again; half whole pictures, half parts enlarged. */
function repeatability(frame: Pixels, candidates: readonly Candidate[], table: Table, progress: Progress): number[] {
  const total = candidates.map(() => [0, 0] as [number, number]);
  const asked = candidates.map(() => [0, 0] as [number, number]);
  ENROLMENT.forEach((recipe, number) => {
    const part = recipe.window ? 1 : 0;
    const copy = simulate(frame, recipe);
    const theirs = find(copy.pixels, COPY_SMALLEST, COPY_MOST);
    const again = foundAgain(candidates, theirs.regions, copy.place);
    candidates.forEach((candidate, index) => {
      if (inside(candidate, copy)) asked[index]![part]++;
      const near = again[index]!.map((other) => distance(candidate.code, encode(theirs.root(other), table)));
      if (near.length) total[index]![part] += Math.min(1, Math.max(0, LENIENCE - Math.min(...near) / REACH));
    });
    progress((number + 1) / ENROLMENT.length);
  });
  return total.map(([whole, part], index) => {
    const [wholes, parts] = asked[index]!;
    return (whole / Math.max(1, wholes) + part / Math.max(1, parts)) / 2;
  });
}

/** Powers of ten, 0 to 2.5 in halves: how much oftener than chance ordinary pictures show such a code. */
function commonness({ code }: Candidate, table: Table): number {
  const [far, near] = within(code, table.background, WIDE, NARROW);
  const size = table.background.length / code.length;
  const excess = (seen: number, chance: number): number => Math.log10((seen + 0.5) / (chance * size + 0.5));
  return inSteps(Math.max(excess(far, table.chance.wide), excess(near, table.chance.narrow)));
}

/** As `commonness`, for a code that the picture itself shows at several places. */
function repetition(one: Candidate, candidates: readonly Candidate[]): number {
  const times = candidates.filter((other) => {
    return Math.hypot(one.x - other.x, one.y - other.y) > APART && distance(one.code, other.code) <= NARROW;
  });
  return inSteps(Math.log10(1 + times.length));
}

function inSteps(value: number): number {
  return Math.min(COMMON_STEPS, Math.max(0, nearest(value / COMMON_STEP))) * COMMON_STEP;
}

/** Up to 120: greedily the most worth, less where others were already taken. */
function select(candidates: readonly Candidate[], worth: readonly number[]): number[] {
  const crowd = candidates.map(() => 1);
  const open = worth.map((value) => value > 0);
  const chosen: number[] = [];
  while (chosen.length < MOST) {
    let best = -1;
    for (let index = 0; index < worth.length; index++) {
      if (open[index] && (best < 0 || worth[index]! / crowd[index]! > worth[best]! / crowd[best]!)) best = index;
    }
    const taken = candidates[best];
    if (!taken) break;
    chosen.push(best);
    candidates.forEach((other, index) => {
      const far = Math.hypot(other.x - taken.x, other.y - taken.y);
      crowd[index]! += worth[best]! * Math.exp(-((far / SPREAD) ** 2));
      const alike = Math.abs(Math.log(other.size / taken.size)) < SAME_SCALE;
      if (far < SAME_SPOT * taken.size && alike) open[index] = false;
    });
    open[best] = false;
  }
  return chosen;
}
