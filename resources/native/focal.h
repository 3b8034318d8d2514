// The focal loss of products of sigmoids, with its gradient.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "lanes.h"
#include "op.h"
#include "threads.h"

namespace {

struct Focal {
  float alpha, gamma;
};

INLINE V Power(V x, float gamma) {
  if (gamma == 2) return x * x;
  if (gamma == 1) return x;
  if (gamma == 0) return All(1);
  V y;
  for (int i = 0; i < kLanes; i++) y[i] = std::pow(x[i], gamma);
  return y;
}

/**
 * Sixteen entries whose target is 0: loss −(1 − α) p^γ log(1 − p). With c = max(0, min z) taken out, 1 − p = e^(−c) S and
 * S = Σ_k r_k Π_{j<k} σ_j, r_k = (1 − σ_k) e^c: positive terms of ordinary size however large the logits are.
 */
template <int K>
INLINE V Negatives(const V* z, V* slopes, Focal focal) {
  V least = z[0];
  for (int k = 1; k < K; k++) least = Min(least, z[k]);
  const V c = Max(least, V{});
  V p = All(1), scaled = {}, rest[K], scaledRest[K];
  for (int k = 0; k < K; k++) {
    const V e = ExpOfNegative(-Abs(z[k]));
    const V one = 1.0f / (1.0f + e);
    const auto positive = z[k] >= 0.0f;
    rest[k] = positive ? e * one : one;
    scaledRest[k] = positive ? ExpOfNegative(c - Max(z[k], c)) * one : one;
    scaled += scaledRest[k] * p;
    p *= positive ? one : e * one;
  }
  const V logRest = p < 0.5f ? Log1p(Min(-p, V{})) : Log(scaled) - c;
  const V weight = Power(p, focal.gamma) * (1 - focal.alpha);
  const V ratio = p / scaled, logTerm = logRest * -focal.gamma;
  for (int k = 0; k < K; k++) slopes[k] = weight * (ratio * scaledRest[k] + logTerm * rest[k]);
  return -(weight * logRest);
}

/** One entry whose target is 1: loss −α (1 − p)^γ log p. There are few of them, so double precision costs nothing. */
template <int K>
double Positive(const float* const* z, int64_t at, float* const* slopes, float scale, Focal focal) {
  double logP = 0;
  for (int k = 0; k < K; k++) {
    const double x = z[k][at];
    logP += std::min(x, 0.0) - std::log1p(std::exp(-std::abs(x)));
  }
  const double gamma = focal.gamma, rest = -std::expm1(logP), factor = std::pow(rest, gamma);
  const double pull = gamma == 0 ? factor : factor - gamma * std::pow(rest, gamma - 1) * std::exp(logP) * logP;
  for (int k = 0; k < K; k++) slopes[k][at] = static_cast<float>(-focal.alpha * pull / (1 + std::exp(double(z[k][at]))) * scale);
  return -focal.alpha * factor * logP;
}

template <int K>
void FocalOf(TF_OpKernelContext* context) {
  std::vector<Tensor> logits;
  for (int k = 0; k < K; k++) logits.push_back(Input(context, k));
  const Tensor columns = Input(context, K), offsets = Input(context, K + 1), settings = Input(context, K + 2);
  Require(logits[0].rank() == 2, "VaspFocal: logits are matrices");
  const int64_t rows = logits[0].dim(0), items = logits[0].dim(1);
  for (const Tensor& z : logits) Require(z.size() == rows * items, "VaspFocal: lists of different shapes");
  Require(offsets.size() == rows + 1 && settings.size() == 2, "VaspFocal: sizes differ");
  for (int64_t e = 0; e < columns.size(); e++) Require(columns.ints()[e] >= 0 && columns.ints()[e] < items, "VaspFocal: no such item");
  const Focal focal{settings.floats()[0], settings.floats()[1]};
  const Tensor total = Output(context, 0, {});
  std::vector<Tensor> slopes;
  for (int k = 0; k < K; k++) slopes.push_back(Output(context, k + 1, {rows, items}));
  std::vector<double> losses(rows);
  const float scale = 1.0f / static_cast<float>(rows);

  pool().Run(rows, [&](int64_t r) {
    thread_local std::vector<float> mask;
    if (static_cast<int64_t>(mask.size()) < items + kLanes) mask.assign(items + kLanes, 1.0f);
    const int32_t *from = columns.ints() + offsets.ints()[r], *to = columns.ints() + offsets.ints()[r + 1];
    for (const int32_t* e = from; e < to; e++) mask[*e] = 0;
    const float* z[K];
    float* dz[K];
    for (int k = 0; k < K; k++) {
      z[k] = logits[k].floats() + r * items;
      dz[k] = slopes[k].floats() + r * items;
    }
    V sum = {}, in[K], out[K];
    int64_t i = 0;
    for (; i + kLanes <= items; i += kLanes) {
      for (int k = 0; k < K; k++) in[k] = Load(z[k] + i);
      const V loss = Negatives<K>(in, out, focal);
      sum += Load(&mask[i]) > 0.0f ? loss : V{};
      for (int k = 0; k < K; k++) Store(dz[k] + i, out[k] * scale);
    }
    if (const int64_t left = items - i) {
      for (int k = 0; k < K; k++) in[k] = LoadSome(z[k] + i, left);
      const V loss = Negatives<K>(in, out, focal);
      sum += LoadSome(&mask[i], left) > 0.0f ? loss : V{};
      for (int k = 0; k < K; k++) StoreSome(dz[k] + i, out[k] * scale, left);
    }
    double row = Sum(sum);
    for (const int32_t* e = from; e < to; e++) {
      mask[*e] = 1;
      row += Positive<K>(z, *e, dz, scale, focal);
    }
    losses[r] = row;
  });
  double sum = 0;
  for (double row : losses) sum += row;
  *total.floats() = static_cast<float>(sum / static_cast<double>(rows));
}

void FocalLoss(TF_OpKernelContext* context) {
  switch (TF_NumInputs(context) - 3) {
    case 1: return FocalOf<1>(context);
    case 2: return FocalOf<2>(context);
    case 3: return FocalOf<3>(context);
    case 4: return FocalOf<4>(context);
    default: throw Failure{"VaspFocal takes 1 to 4 lists"};
  }
}

}  // namespace
