"""How surely a query shows an enrolled picture: matches of codes that agree on one map between the two.

Each match of regions gives a map (place, size and direction determine one). Matches that agree with it vote
with the logarithm of how unlikely their nearness is by chance, less what common codes deserve; each enrolled
region and each spot of the query votes once. The best map is refined over its voters and the vote retaken.
The score is about log2 of one over the number of unrelated pictures one would have to ask to see as much.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hashing.matching import fitting
from hashing.matching.compiled import compiled, ones
from hashing.matching.fitting import Doubles, Floats, turn

Words = NDArray[np.uint64]
Counts = NDArray[np.int32]

RADIUS = 72
MOST_MATCHES = 1024
MOST_MAPS = 200
LEAST_VOTE = 0.6
BASE = 2.05
WITHIN_SCALE = 0.4
WITHIN_ANGLE = 0.4
FRAME = 512.0
NEAR = 0.22
SLACK = 0.02
SLACK_REFINED = 0.035
SLACK_PIXELS = 1.5
START = 3.0
ROUNDS = 3
SMALLEST_SEEN = 2.6
# One match agrees with itself.
FEWEST = 2

# What a vote reports, by position.
SCORE, INLIERS, VISIBLE, SPREAD, RESIDUAL, NEARNESS, VIEW, MAP = range(8)
FIELDS = MAP + 6


@compiled
def vote_of(distance: int, common: float) -> float:
    """The vote of one match."""
    return min(4.5, max(-0.3, (78 - distance) / 13.0)) + BASE - common


@compiled
def matches(
    codes: Words, first: int, last: int, bank: Words, common: Floats, pairs: Counts, votes: Floats
) -> int:
    """Fills pairs (query row, bank row, distance) and their votes; how many there are."""
    n = 0
    for q in range(first, last):
        a, b, c, d = codes[q, 0], codes[q, 1], codes[q, 2], codes[q, 3]
        for k in range(len(bank)):
            far = ones(a ^ bank[k, 0]) + ones(b ^ bank[k, 1]) + ones(c ^ bank[k, 2]) + ones(d ^ bank[k, 3])
            if far <= RADIUS:
                worth = vote_of(int(far), common[k])
                if worth > LEAST_VOTE and n < MOST_MATCHES:
                    pairs[n, 0], pairs[n, 1], pairs[n, 2] = q, k, far
                    votes[n] = worth
                    n += 1
    return n


@compiled
def agreeing(
    table: Floats, own: Doubles, frm: Doubles, slack: float, near: float, out: NDArray[np.bool_]
) -> float:
    """Marks the matches that agree with the map `frm`, and sums the best vote of each enrolled region.

    table: one row per match: bank x, y, query x, y, log size ratio, angle difference, vote, bank row.
    own: what is expected of the log size ratio and angle difference, then the place `near` counts from.
    """
    best = np.zeros(256)
    scale = math.exp(own[0])
    for j in range(len(table)):
        out[j] = False
        if abs(table[j, 4] - own[0]) > WITHIN_SCALE or turn(table[j, 5] - own[1]) > WITHIN_ANGLE:
            continue
        x, y = table[j, 0], table[j, 1]
        off = math.hypot(
            frm[0] * x + frm[1] * y + frm[2] - table[j, 2], frm[3] * x + frm[4] * y + frm[5] - table[j, 3]
        )
        reach = near * scale * math.hypot(x - own[2], y - own[3])
        if off <= reach + slack * scale * FRAME + SLACK_PIXELS:
            out[j] = True
            k = int(table[j, 7])
            best[k] = max(best[k], table[j, 6])
    return float(best.sum())


@compiled
def unique(table: Floats, spots: Counts, order: NDArray[np.int64], marked: NDArray[np.bool_]) -> float:
    """Keeps of the marked matches the best for each enrolled region and each spot; the sum of their votes."""
    taken = np.zeros(256, dtype=np.bool_)
    total = 0.0
    used = np.empty(256, dtype=np.int32)
    count = 0
    for j in order:
        if not marked[j]:
            continue
        k = int(table[j, 7])
        free = not taken[k]
        for i in range(count):
            if used[i] == spots[j]:
                free = False
        if not free:
            marked[j] = False
            continue
        taken[k] = True
        used[count] = spots[j]
        count += 1
        total += table[j, 6]
    return total


@compiled
def best_map(table: Floats, order: NDArray[np.int64]) -> tuple[float, Doubles, Doubles]:
    """The single match whose map most others agree with: the sum of votes, its map, its expectations."""
    marked = np.empty(len(table), dtype=np.bool_)
    top, found, expected = -1.0, np.zeros(6), np.zeros(4)
    own = np.empty(4)
    for i in order[:MOST_MAPS]:
        own[0], own[1], own[2], own[3] = table[i, 4], table[i, 5], table[i, 0], table[i, 1]
        frm = fitting.from_one(math.exp(own[0]), own[1], table[i, 0], table[i, 1], table[i, 2], table[i, 3])
        total = agreeing(table, own, frm, SLACK, NEAR, marked)
        if total > top:
            top, found, expected = total, frm, own.copy()
    return top, found, expected


@compiled
def elect(table: Floats, spots: Counts) -> tuple[float, Doubles, NDArray[np.bool_]]:
    """The best map over one view's matches, refined: its votes, the map, and who voted."""
    order = np.argsort(-table[:, 6])
    _, frm, own = best_map(table, order)
    marked = np.empty(len(table), dtype=np.bool_)
    agreeing(table, own, frm, SLACK, NEAR, marked)
    total = unique(table, spots, order, marked)
    kept = marked.copy()
    for attempt in range(ROUNDS):
        inside = table[marked]
        if len(inside) < FEWEST:
            break
        again = fitting.fit(inside[:, 0], inside[:, 1], inside[:, 2], inside[:, 3], inside[:, 6])
        size = abs(again[0] * again[4] - again[1] * again[3])
        own[0] = math.log(max(size, 1e-6)) / 2
        own[1] = math.atan2(again[3] - again[1], again[0] + again[4])
        own[2], own[3] = inside[:, 0].mean(), inside[:, 1].mean()
        agreeing(table, own, again, SLACK_REFINED, 0.0, marked)
        now = unique(table, spots, order, marked)
        # The map of one region is rough, and repeated patterns agree with it too: a fitted one counts.
        if attempt == 0 or now >= total:
            total, frm, kept = now, again, marked.copy()
    return total, frm, kept


@compiled
def report(
    table: Floats, kept: NDArray[np.bool_], frm: Doubles, places: Floats, size: Floats, out: Doubles
) -> None:
    """Says what there is to say of an election. places: bank x, y, log size; size: query width, height."""
    inside = table[kept]
    scale = math.sqrt(max(1e-9, abs(frm[0] * frm[4] - frm[1] * frm[3])))
    visible = 0
    for k in range(len(places)):
        x = frm[0] * places[k, 0] + frm[1] * places[k, 1] + frm[2]
        y = frm[3] * places[k, 0] + frm[4] * places[k, 1] + frm[5]
        large = math.exp(places[k, 2]) * scale >= SMALLEST_SEEN
        visible += large and 0 <= x < size[0] and 0 <= y < size[1]
    off = np.hypot(
        frm[0] * inside[:, 0] + frm[1] * inside[:, 1] + frm[2] - inside[:, 2],
        frm[3] * inside[:, 0] + frm[4] * inside[:, 1] + frm[5] - inside[:, 3],
    )
    out[INLIERS], out[VISIBLE] = len(inside), visible
    out[SPREAD] = fitting.spread(inside[:, 0], inside[:, 1]) / FRAME
    out[RESIDUAL] = np.median(off) / scale
    out[NEARNESS] = np.median(inside[:, 8])
    out[MAP : MAP + 6] = frm


@compiled
def vote(
    start: Counts, query: Floats, spots: Counts, codes: Words, bank: Words, places: Floats, size: Floats
) -> Doubles:
    """The election of one enrolled picture over all views of a query.

    query: (n, 4) x, y, log size, angle; codes: (n, 4) words; bank: (k, 4) words; places: (k, 5) x, y, log
    size, angle, commonness. Answers SCORE, INLIERS, VISIBLE, ... as named above; score 0 if nothing matched.
    """
    out, trial = np.zeros(FIELDS), np.zeros(FIELDS)
    pairs, votes = np.empty((MOST_MATCHES, 3), dtype=np.int32), np.empty(MOST_MATCHES, dtype=np.float32)
    for view in range(len(start) - 1):
        n = matches(codes, start[view], start[view + 1], bank, places[:, 4], pairs, votes)
        if n < FEWEST:
            continue
        table = np.empty((n, 9), dtype=np.float32)
        for j in range(n):
            q, k = pairs[j, 0], pairs[j, 1]
            table[j, 0], table[j, 1] = places[k, 0], places[k, 1]
            table[j, 2], table[j, 3] = query[q, 0], query[q, 1]
            table[j, 4], table[j, 5] = query[q, 2] - places[k, 2], query[q, 3] - places[k, 3]
            table[j, 6], table[j, 7], table[j, 8] = votes[j], k, pairs[j, 2]
        total, frm, kept = elect(table, spots[pairs[:n, 0]])
        if total - START > out[SCORE]:
            report(table, kept, frm, places, size, trial)
            out[:] = trial
            out[SCORE], out[VIEW] = total - START, view
    return out
