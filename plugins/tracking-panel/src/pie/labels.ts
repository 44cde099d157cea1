import { type LabelPlacement } from './types';
import { type Arc, fitsInside, isFullTurn, midpoint } from './geometry';
import { crossesBox, crossesDisc, type Rect, type Segment, type Size } from './shapes';
import { stack } from './stack';
import { ellipsise, type Measure } from '../shared/text';

/** One text of a label. A name may be shortened, a number never: "1…" would be another number. */
export interface LabelText {
  text: string;
  isName: boolean;
}

export interface LabelInput {
  id: string;
  arc: Arc;
  /** Decides who gives way: the smaller one. */
  value: number;
  texts: LabelText[];
}

/** A label in its place; all in pixels from the pie's centre, y downwards. */
export interface Label {
  id: string;
  lines: string[];
  box: Rect;
  anchor: 'start' | 'middle' | 'end';
  /** Outside labels only: from the slice's edge outwards, then to the label. */
  leader?: [Segment, Segment];
}

export interface LabelFont {
  lineHeight: number;
  /** Width of a text in the labels' font. */
  measure: Measure;
}

/** The drawing, with the pie's centre in its middle. */
export interface LabelRoom extends Size, LabelFont {
  inner: number;
  outer: number;
}

/** From the pie's edge to the leader's elbow, and to the nearest point of a label. */
const ELBOW = 6;
const REACH = 12;
/** Between a leader's end and its label. */
const GAP = 3;
/** A name narrower than so many line heights cannot be told from another: the numbers then stand alone. */
const MIN_NAME = 4;
/** How much narrower the next try to fit a name into a slice is. */
const STEP = 2;
/** How far up or down a label may be from its slice: in pixels, and as a share of the radius. Longer lines are a tangle. */
const MAX_SHIFT = 24;
const MAX_SHIFT_SHARE = 0.4;
/** Between an inside label and the edges of its slice, both sides together. */
const INSIDE_PADDING = 4;
/** Shares of a pie's radius at which an inside label may be centred: nearer to the middle a large slice has more room. */
const INSIDE_RADII = [0.68, 0.6, 0.52, 0.44];
const MARGIN = 6;
/** Outside labels shrink the pie to this share of what it is without, and no further. */
const MIN_RADIUS_SHARE = 0.6;

/**
 * Radius of a pie in a drawing of this size. With outside labels, `reserve` is the size of the largest one that can come:
 * it must not depend on the values at hand, so that a refresh does not resize the pie.
 */
export function pieRadius({ width, height }: Size, reserve?: Size): number {
  const plain = Math.max(0, Math.min(width, height) / 2 - MARGIN);
  if (!reserve) {
    return plain;
  }
  const beside = Math.min(width / 2 - REACH - GAP - reserve.width, height / 2 - REACH - reserve.height / 2);
  return Math.min(plain, Math.max(beside, plain * MIN_RADIUS_SHARE));
}

/** Size of an outside label with these texts; a name counts with no more than `maxName` pixels, for it can be shortened. */
export function labelSize(texts: LabelText[], maxName: number, { measure, lineHeight }: LabelFont): Size {
  const lines = outsideLines(texts);
  const width = Math.max(
    0,
    ...lines.map(({ text, isName }) => (isName ? Math.min(measure(text), maxName) : measure(text)))
  );
  return { width, height: lines.length * lineHeight };
}

/**
 * Puts labels on their slices, or outside with leader lines, or (auto) inside where the whole label fits and outside
 * else. No two labels overlap, none leaves the drawing, and no leader line crosses a label or the pie. Labels for which
 * there is no room are left out: of those that crowd each other, the one of the smallest slice first.
 */
export function placeLabels(inputs: LabelInput[], placement: LabelPlacement, room: LabelRoom): Label[] {
  const written = inputs.filter(({ arc, texts }) => texts.length > 0 && arc.end > arc.start);
  if (room.outer <= 0) {
    return [];
  }
  const inside =
    placement === 'outside'
      ? []
      : written.flatMap((input) => placeInside(input, room, placement === 'inside') ?? []);
  if (placement === 'inside') {
    return inside;
  }
  const without = (labels: Label[]) => {
    const placed = new Set(labels.map(({ id }) => id));
    return written.filter(({ id }) => !placed.has(id));
  };
  const isRight = ({ arc }: LabelInput) => midpoint(arc, 1).x >= 0;
  const rest = without(inside);
  const right = rest.filter(isRight);
  const left = rest.filter((input) => !isRight(input));
  const labels = [...inside, ...placeSide(right, 1, room), ...placeSide(left, -1, room)];
  // A shortened label on the slice is better than none.
  return placement === 'auto'
    ? [...labels, ...without(labels).flatMap((input) => placeInside(input, room, true) ?? [])]
    : labels;
}

/**
 * Texts under each other in the middle of the slice's angle: all, else (where they may be shortened) with an ellipsis,
 * else the numbers alone; undefined where they would leave it. As far out as the most of them fits.
 */
function placeInside(
  { id, arc, texts }: LabelInput,
  room: LabelRoom,
  mayShorten: boolean
): Label | undefined {
  const { inner, outer, measure, lineHeight } = room;
  const variants = mayShorten ? [texts, numbersOf(texts)] : [texts];
  for (const variant of variants) {
    const height = variant.length * lineHeight;
    const full = widthOf(variant.map(textOf), measure);
    const least = Math.max(0, ...variant.map((text) => leastWidth(text, mayShorten, room)));
    if (Math.min(least + INSIDE_PADDING, height) > chordOf(arc, outer)) {
      continue;
    }
    const widest = radiiFor(arc, inner, outer)
      .map((radius) => {
        const fits = (width: number) => fitsInside(arc, inner, outer, radius, width + INSIDE_PADDING, height);
        let width = full;
        while (width > least && !fits(width)) {
          width = Math.max(least, width - STEP);
        }
        return { radius, width: fits(width) ? width : -1 };
      })
      .reduce((best, one) => (one.width > best.width ? one : best));
    if (variant.length > 0 && widest.width >= 0) {
      const lines = shorten(variant, widest.width, measure);
      const drawn = widthOf(lines, measure);
      const centre = midpoint(arc, widest.radius);
      return {
        id,
        lines,
        anchor: 'middle',
        box: { left: centre.x - drawn / 2, top: centre.y - height / 2, width: drawn, height },
      };
    }
  }
  return undefined;
}

/** What is between the ends of an arc: nothing wider fits into a slice of less than half a turn. */
const chordOf = ({ start, end }: Arc, radius: number) =>
  end - start < Math.PI ? 2 * radius * Math.sin((end - start) / 2) : Number.POSITIVE_INFINITY;

/** Where a label may be centred, best first. A pie of one slice has its label in the middle, a ring in the ring's. */
function radiiFor(arc: Arc, inner: number, outer: number): number[] {
  if (inner > 0) {
    return [(inner + outer) / 2];
  }
  return isFullTurn(arc) ? [0] : INSIDE_RADII.map((share) => share * outer);
}

/** The labels of one half (`side` 1: right, -1: left), each at its slice's height or as near as the others let it. */
function placeSide(inputs: LabelInput[], side: 1 | -1, room: LabelRoom): Label[] {
  const wanted = inputs
    .map((input) => {
      const height = outsideLines(input.texts).length * room.lineHeight;
      return { input, height, top: midpoint(input.arc, room.outer + REACH).y - height / 2 };
    })
    .sort((a, b) => a.top - b.top)
    .map((one, index) => ({ ...one, turn: (index + 1) & -(index + 1) }));
  let kept = largestWithin(wanted, room.height);
  for (;;) {
    const places = stack(kept, -room.height / 2, room.height / 2);
    const labels = kept.map(({ input }, index) => outsideLabel(input, places[index]?.top ?? 0, side, room));
    const unfit = labels.findIndex((label) => !label || isCrossed(label, labels));
    if (unfit < 0) {
      return labels.filter((label) => label !== undefined);
    }
    const crowd = kept.filter((_, index) => places[index]?.group === places[unfit]?.group);
    const smallest = crowd.reduce((least, one) => (byImportance(one, least) > 0 ? one : least));
    kept = kept.filter((one) => one !== smallest);
  }
}

interface Wanted {
  input: LabelInput;
  height: number;
  top: number;
  /** Of equal slices, the one whose number has the higher power of two in it stays: the rest is then spread evenly. */
  turn: number;
}

const byImportance = (a: Wanted, b: Wanted) => b.input.value - a.input.value || b.turn - a.turn;

function largestWithin(items: Wanted[], height: number): Wanted[] {
  let left = height;
  const chosen = new Set(
    [...items].sort(byImportance).filter((item) => {
      left -= item.height;
      return left >= 0;
    })
  );
  return items.filter((item) => chosen.has(item));
}

/** The name on a line, numbers beside each other. */
function outsideLines(texts: LabelText[]): LabelText[] {
  return texts.reduce<LabelText[]>((lines, text) => {
    const last = lines.at(-1);
    return last && !last.isName && !text.isName
      ? [...lines.slice(0, -1), { text: `${last.text} · ${text.text}`, isName: false }]
      : [...lines, text];
  }, []);
}

/** A label whose upper edge is at `top`, as near to the pie as that allows; undefined if the drawing ends too early. */
function outsideLabel(input: LabelInput, top: number, side: 1 | -1, room: LabelRoom): Label | undefined {
  const { outer, measure, lineHeight } = room;
  const slot = outsideLines(input.texts).length * lineHeight;
  const nearest = Math.max(0, top, -(top + slot));
  const reach = outer + REACH;
  const elbow = midpoint(input.arc, outer + ELBOW);
  // Not nearer than the elbow either, or the leader would run back through its own label.
  const start = GAP + Math.max(side * elbow.x, nearest < reach ? Math.sqrt(reach ** 2 - nearest ** 2) : 0);
  const width = room.width / 2 - start;
  const texts = [input.texts, numbersOf(input.texts)]
    .map(outsideLines)
    .find((lines) => lines.length > 0 && lines.every((text) => leastWidth(text, true, room) <= width));
  if (!texts) {
    return undefined;
  }
  const lines = shorten(texts, width, measure);
  const drawn = widthOf(lines, measure);
  const height = lines.length * lineHeight;
  const edge = midpoint(input.arc, outer);
  const end = { x: side * (start - GAP), y: top + slot / 2 };
  const isFar = Math.abs(end.y - elbow.y) > Math.max(MAX_SHIFT, outer * MAX_SHIFT_SHARE);
  // Half a pixel of tolerance: the elbow itself is outside.
  if (isFar || crossesDisc([elbow, end], outer - 0.5)) {
    return undefined;
  }
  return {
    id: input.id,
    lines,
    anchor: side === 1 ? 'start' : 'end',
    box: { left: side === 1 ? start : -start - drawn, top: end.y - height / 2, width: drawn, height },
    leader: [
      [edge, elbow],
      [elbow, end],
    ],
  };
}

const isCrossed = (label: Label, all: Array<Label | undefined>) =>
  all.some(
    (other) =>
      other && other !== label && label.leader?.some((segment) => crossesBox(segment, other.box)) === true
  );

const numbersOf = (texts: LabelText[]) => texts.filter(({ isName }) => !isName);

const leastWidth = ({ text, isName }: LabelText, mayShorten: boolean, { measure, lineHeight }: LabelFont) =>
  isName && mayShorten ? Math.min(measure(text), MIN_NAME * lineHeight) : measure(text);

const shorten = (texts: LabelText[], width: number, measure: Measure) =>
  texts.map(({ text, isName }) => (isName ? ellipsise(text, width, measure) : text));

const textOf = ({ text }: LabelText) => text;
const widthOf = (lines: string[], measure: Measure) => Math.max(0, ...lines.map(measure));
