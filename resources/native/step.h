// One step of Adam or Nadam, with a gradient that is a matrix or that is added up from sparse rows on the way.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "op.h"
#include "threads.h"

namespace {

constexpr int64_t kAtOnce = 1 << 16;

struct Rule {
  float momentum, gradient, correction, epsilon, keep1, keep2;
};

/** Everything by value, so that the compiler knows that storing a weight changes nothing it needs again. Without g the gradient is 0. */
template <bool kSloped>
void StepBlock(float* __restrict w, float* __restrict m, float* __restrict v, const float* __restrict g, int64_t count, const Rule rule) {
  const float take1 = 1 - rule.keep1, take2 = 1 - rule.keep2;
  for (int64_t i = 0; i < count; i++) {
    const float slope = kSloped ? g[i] : 0;
    const float first = rule.keep1 * m[i] + take1 * slope;
    const float second = rule.keep2 * v[i] + take2 * slope * slope;
    m[i] = first;
    v[i] = second;
    w[i] -= (rule.momentum * first + rule.gradient * slope) / (std::sqrt(second * rule.correction) + rule.epsilon);
  }
}

Rule RuleOf(const Tensor& given) {
  Require(given.size() == 6, "a step's rule has six numbers");
  const float* r = given.floats();
  return {r[0], r[1], 1 / r[2], r[3], r[4], r[5]};
}

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − (momentum · m + gradient · g)/(√(v/secondMoment) + ε) in one pass: 7 times the weight's
 * size read and written. w, m and v are what ReadVariableOp gave, which shares the variables' memory, and are changed there.
 */
void Step(TF_OpKernelContext* context) {
  const Tensor w = Input(context, 0), m = Input(context, 1), v = Input(context, 2), g = Input(context, 3);
  const Rule rule = RuleOf(Input(context, 4));
  const int64_t n = w.size();
  Require(m.size() == n && v.size() == n && g.size() == n, "VaspStep: sizes differ");
  float *wAll = w.floats(), *mAll = m.floats(), *vAll = v.floats();
  const float* gAll = g.floats();
  pool().Run((n + kAtOnce - 1) / kAtOnce, [=](int64_t block) {
    const int64_t from = block * kAtOnce;
    StepBlock<true>(wAll + from, mAll + from, vAll + from, gAll + from, std::min(kAtOnce, n - from), rule);
  });
}

/** Entries of a weight's row that are added up and stepped at once: the sum stays in the first cache, and that part of all of dy in the last. */
constexpr int64_t kTile = 2048;

/**
 * The same step of w [items, width] where the gradient is xᵀ · dy, for binary sparse x [rows, items] and dy [rows, width]: it is added up a
 * piece at a time and never written, and where an item occurs in no row it is 0 and not read. `rowsOf` holds the rows of each item, item after item,
 * from `offsets`. With `hollow` set, the gradient's diagonal is taken as 0, and a square weight's own stays as it is.
 */
void SparseStep(TF_OpKernelContext* context) {
  const Tensor w = Input(context, 0), m = Input(context, 1), v = Input(context, 2), dy = Input(context, 3), rowsOf = Input(context, 4),
               offsets = Input(context, 5), hollow = Input(context, 7);
  const Rule rule = RuleOf(Input(context, 6));
  Require(w.rank() == 2 && dy.rank() == 2 && dy.dim(1) == w.dim(1), "VaspSparseStep: widths differ");
  const int64_t items = w.dim(0), width = w.dim(1), rows = dy.dim(0), entries = rowsOf.size();
  Require(m.size() == w.size() && v.size() == w.size() && offsets.size() == items + 1 && hollow.size() == 1, "VaspSparseStep: sizes differ");
  const int32_t *row = rowsOf.ints(), *at = offsets.ints();
  Require(at[0] == 0 && at[items] == entries, "VaspSparseStep: offsets do not span the entries");
  for (int64_t i = 0; i < items; i++) Require(at[i] <= at[i + 1], "VaspSparseStep: offsets fall");
  for (int64_t e = 0; e < entries; e++) Require(row[e] >= 0 && row[e] < rows, "VaspSparseStep: no such row");
  const bool withoutDiagonal = hollow.ints()[0] != 0;
  float *wAll = w.floats(), *mAll = m.floats(), *vAll = v.floats();
  const float* dyAll = dy.floats();
  const int64_t together = std::max<int64_t>(1, kAtOnce / std::min(width, kTile)), groups = (items + together - 1) / together;
  const int64_t tiles = (width + kTile - 1) / kTile;
  pool().Run(tiles * groups, [=](int64_t task) {
    const int64_t left = task / groups * kTile, count = std::min(kTile, width - left), first = task % groups * together;
    float sum[kTile];
    for (int64_t i = first; i < std::min(items, first + together); i++) {
      const int64_t from = i * width + left;
      if (at[i] == at[i + 1]) {
        StepBlock<false>(wAll + from, mAll + from, vAll + from, nullptr, count, rule);
        continue;
      }
      std::memcpy(sum, dyAll + row[at[i]] * width + left, count * sizeof(float));
      for (int32_t e = at[i] + 1; e < at[i + 1]; e++) {
        const float* __restrict addend = dyAll + row[e] * width + left;
        for (int64_t c = 0; c < count; c++) sum[c] += addend[c];
      }
      if (withoutDiagonal && i >= left && i < left + count) sum[i - left] = 0;
      StepBlock<true>(wAll + from, mAll + from, vAll + from, sum, count, rule);
    }
  });
}

}  // namespace
