// The k best unseen items of each row of scores, without writing or sorting the row.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#include "lanes.h"
#include "op.h"
#include "threads.h"

namespace {

/** Lower than every key: what a user has seen. */
constexpr int32_t kSeen = INT32_MIN;

/** A whole number in the order of the scores: higher for a higher score, one for both zeros, the lowest but `kSeen` for not-a-number. */
INLINE int32_t KeyOf(float score) {
  int32_t bits;
  std::memcpy(&bits, &score, sizeof bits);
  const int32_t magnitude = bits & 0x7fffffff;
  const int32_t key = magnitude == 0 ? 0 : bits ^ ((bits >> 31) & 0x7fffffff);
  return magnitude > 0x7f800000 ? kSeen + 1 : key;
}

/** A key with its item, so that the larger one stands before: of equal keys that of the lower item. */
INLINE int64_t Standing(int32_t key, int64_t item) { return static_cast<int64_t>(key) * (int64_t{1} << 32) + (0xffffffff - item); }

/** Entries looked at before it is asked whether the best so far have to be sifted out. */
constexpr int64_t kLookedAt = 64;

void TopUnseen(TF_OpKernelContext* context) {
  const Tensor scores = Input(context, 0), columns = Input(context, 1), offsets = Input(context, 2), most = Input(context, 3);
  Require(scores.rank() == 2 && offsets.size() == scores.dim(0) + 1, "VaspTopUnseen: shapes differ");
  const int64_t rows = scores.dim(0), width = scores.dim(1), k = std::min<int64_t>(std::max(0, *most.ints()), width);
  const Tensor top = Output(context, 0, {rows, k}, TF_INT32), counts = Output(context, 1, {rows}, TF_INT32);
  const float* all = scores.floats();
  const int32_t *seen = columns.ints(), *starts = offsets.ints();
  pool().Run(rows, [&](int64_t r) {
    thread_local std::vector<int32_t> keys;
    thread_local std::vector<int64_t> best;
    keys.resize(width);
    // Room for several times k, so that sifting, which costs its size, is rare.
    const int64_t room = 4 * k + kLookedAt;
    best.resize(room + kLookedAt);
    const float* row = all + r * width;
    for (int64_t i = 0; i < width; i++) keys[i] = KeyOf(row[i]);
    for (int32_t e = starts[r]; e < starts[r + 1]; e++)
      if (seen[e] >= 0 && seen[e] < width) keys[seen[e]] = kSeen;
    int64_t held = 0;
    int32_t beaten = kSeen;
    // Items come in ascending order: one that only equals the k-th best so far stands after it.
    for (int64_t from = 0; from < width && k > 0; from += kLookedAt) {
      const int64_t end = std::min(width, from + kLookedAt);
      for (int64_t i = from; i < end; i++) {
        best[held] = Standing(keys[i], i);
        held += keys[i] > beaten;
      }
      if (held < room) continue;
      std::nth_element(best.begin(), best.begin() + k - 1, best.begin() + held, std::greater<int64_t>());
      held = k;
      beaten = static_cast<int32_t>(best[k - 1] >> 32);
    }
    const int64_t found = std::min(held, k);
    std::partial_sort(best.begin(), best.begin() + found, best.begin() + held, std::greater<int64_t>());
    int32_t* out = top.ints() + r * k;
    for (int64_t i = 0; i < found; i++) out[i] = static_cast<int32_t>(0xffffffff - (best[i] & 0xffffffff));
    for (int64_t i = found; i < k; i++) out[i] = -1;
    counts.ints()[r] = static_cast<int32_t>(found);
  });
}

}  // namespace
